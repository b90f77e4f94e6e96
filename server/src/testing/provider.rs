//! A real provider of OpenID Connect for tests, on a port of its own: it publishes its document and its keys, checks what a
//! client sends (PKCE, secret, redirect) and signs tokens; and it misbehaves in every way that it is told to.

use super::tls;
use crate::{
    config::{Config, oidc},
    keys::{SigningKey, new_signing_pem},
};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use domain::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};
use tokio_rustls::TlsAcceptor;
use url::Url;

const CLIENT: &str = "countersign at test";
const SECRET: &str = "s3cret:with+signs/and%";
/// Where it sends browsers back to; the tests' public address.
const HOME: &str = "http://127.0.0.1:3000";

/// A running provider.
#[derive(Clone)]
pub struct TestProvider(Arc<Inner>);

struct Inner {
    issuer: String,
    codes: Mutex<HashMap<String, Grant>>,
    faults: Mutex<HashMap<&'static str, Fault>>,
    asked: Mutex<BTreeMap<&'static str, u32>>,
    key: Mutex<usize>,
    /// What it tells whoever asks with a token.
    user_info: Mutex<Value>,
    document: Mutex<Value>,
}

/// Someone has signed in there; a code stands for it.
struct Grant {
    redirect: String,
    challenge: String,
    token: String,
}

/// How one of its addresses misbehaves from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Status(u16),
    Hangs,
    Floods,
    Garbles,
}

/// How a token is signed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signed {
    #[default]
    Rs256,
    Es256,
    /// Not at all: the algorithm "none".
    Unsigned,
    /// With the public key as if it were a secret that both sides know.
    Hs256WithThePublicKey,
    /// By somebody else, who names the right key.
    ByAnother,
    /// With a key that was never published.
    WithAnUnknownKey,
    /// With an algorithm that we do not take.
    Rs512,
    /// With the right key, but it was changed afterwards.
    ChangedAfterwards,
}

impl TestProvider {
    /// Starts a provider and sets it up as `acme`.
    pub fn set_up(config: &mut Config) -> Self {
        let provider = Self::start();
        config.oidc.insert("acme".into(), provider.settings());
        provider
    }

    /// The same behind TLS, at `https://localhost:…`, with a certificate that stands for itself.
    pub fn set_up_with_tls(config: &mut Config) -> Self {
        let provider = Self::start_at("https://localhost", Some(tls::acceptor()));
        config.oidc.insert("acme".into(), provider.settings());
        provider
    }

    /// The certificate that it shows behind TLS.
    pub fn certificate() -> &'static Path {
        tls::certificate()
    }

    /// The provider that an application was set up with.
    pub fn of(app: &super::TestApp) -> Self {
        let issuer = &app.backend.config.oidc["acme"].issuer;
        running().lock().unwrap()[issuer].clone()
    }

    fn start() -> Self {
        Self::start_at("http://127.0.0.1", None)
    }

    fn start_at(address: &str, tls: Option<TlsAcceptor>) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let issuer = format!("{address}:{}", listener.local_addr().unwrap().port());
        let document = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize?tenant=1"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/keys?version=2"),
            "userinfo_endpoint": format!("{issuer}/userinfo"),
            "code_challenge_methods_supported": ["S256"],
        });
        let provider = Self(Arc::new(Inner {
            issuer: issuer.clone(),
            codes: Mutex::default(),
            faults: Mutex::default(),
            asked: Mutex::default(),
            key: Mutex::new(0),
            user_info: Mutex::default(),
            document: Mutex::new(document),
        }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(tell_document))
            .route("/keys", get(tell_keys))
            .route("/token", post(trade))
            .route("/userinfo", get(tell_of_person))
            .with_state(provider.clone());
        tokio::spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            match tls {
                Some(acceptor) => axum::serve(tls::Listener { listener, acceptor }, routes).await.unwrap(),
                None => axum::serve(listener, routes).await.unwrap(),
            }
        });
        running().lock().unwrap().insert(issuer, provider.clone());
        provider
    }

    pub fn settings(&self) -> oidc::Provider {
        oidc::Provider {
            name: "Acme".into(),
            issuer: self.0.issuer.clone(),
            client_id: CLIENT.into(),
            client_secret: oidc::Hidden::new(SECRET),
            timeout_seconds: 1,
            ..oidc::Provider::default()
        }
    }

    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Somebody signs in at the address that the browser was sent to. `claims` go over the usual ones, null takes one away.
    /// Answers the parameters that the browser comes back with.
    pub fn sign_in(
        &self,
        address: &str,
        now: Timestamp,
        claims: &Value,
        signed: Signed,
    ) -> Vec<(String, String)> {
        let asked = self.read_request(address);
        let mut all = json!({
            "iss": self.0.issuer,
            "sub": "subject-1",
            "aud": CLIENT,
            "exp": now.seconds() + 300,
            "iat": now.seconds(),
            "nonce": asked["nonce"],
        });
        for (name, value) in claims.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        all.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let grant = Grant {
            redirect: asked["redirect_uri"].clone(),
            challenge: asked["code_challenge"].clone(),
            token: self.sign(&all, signed),
        };
        let mut codes = self.0.codes.lock().unwrap();
        let code = format!("code-{}", codes.len());
        codes.insert(code.clone(), grant);
        [("code", code), ("state", asked["state"].clone())]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    /// Checks what a provider in order checks of the address that it is asked at.
    fn read_request(&self, address: &str) -> HashMap<String, String> {
        let url = Url::parse(address).unwrap();
        assert!(address.starts_with(&format!("{}/authorize?tenant=1&", self.0.issuer)), "{address}");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
        assert_eq!(asked["redirect_uri"], format!("{HOME}/sign-in/acme/callback"));
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        assert_eq!((asked["code_challenge_method"].as_str(), asked["code_challenge"].len()), ("S256", 43));
        assert!(asked["state"].len() >= 43 && asked["nonce"].len() >= 43);
        assert_ne!(asked["state"], asked["nonce"]);
        asked
    }

    fn sign(&self, claims: &Value, signed: Signed) -> String {
        let number = *self.0.key.lock().unwrap();
        let kid = kid(number);
        let with = |algorithm, kid: &str, key: &EncodingKey| {
            let header = Header { kid: Some(kid.to_owned()), ..Header::new(algorithm) };
            jsonwebtoken::encode(&header, claims, key).unwrap()
        };
        let own = rsa(number);
        match signed {
            Signed::Rs256 => with(Algorithm::RS256, &kid, &own.signs),
            Signed::Rs512 => with(Algorithm::RS512, &kid, &own.signs),
            Signed::ByAnother => with(Algorithm::RS256, &kid, &rsa(number + 1).signs),
            Signed::WithAnUnknownKey => with(Algorithm::RS256, "nobody's", &rsa(number + 1).signs),
            Signed::Es256 => with(Algorithm::ES256, "ec", &curve().0),
            Signed::Hs256WithThePublicKey => {
                with(Algorithm::HS256, &kid, &EncodingKey::from_secret(&own.modulus))
            }
            Signed::Unsigned => {
                let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
                format!("{}.{}.", part(&json!({ "alg": "none", "kid": kid })), part(claims))
            }
            Signed::ChangedAfterwards => {
                let token = with(Algorithm::RS256, &kid, &own.signs);
                let parts: Vec<&str> = token.split('.').collect();
                let mut other = claims.clone();
                other["sub"] = json!("somebody-else");
                format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(other.to_string()), parts[2])
            }
        }
    }

    /// From now on another key signs, and the one before is published no more.
    pub fn change_keys(&self) {
        *self.0.key.lock().unwrap() += 1;
    }

    /// Lets one of its addresses (`document`, `keys`, `token`, `userinfo`) misbehave, or puts it in order.
    pub fn fail(&self, place: &'static str, fault: Option<Fault>) {
        let mut faults = self.0.faults.lock().unwrap();
        match fault {
            Some(fault) => faults.insert(place, fault),
            None => faults.remove(place),
        };
    }

    /// What it tells of the person when asked with a token.
    pub fn tell_user_info(&self, told: Value) {
        *self.0.user_info.lock().unwrap() = told;
    }

    /// Writes something else into its document.
    pub fn change_document(&self, name: &str, value: Value) {
        self.0.document.lock().unwrap()[name] = value;
    }

    /// How often this was asked for.
    pub fn asked_for(&self, place: &str) -> u32 {
        self.0.asked.lock().unwrap().get(place).copied().unwrap_or_default()
    }

    async fn misbehave(&self, place: &'static str) -> Option<Response> {
        *self.0.asked.lock().unwrap().entry(place).or_default() += 1;
        let fault = self.0.faults.lock().unwrap().get(place).copied();
        match fault? {
            Fault::Status(status) => Some(StatusCode::from_u16(status).unwrap().into_response()),
            Fault::Hangs => std::future::pending().await,
            Fault::Floods => Some("x".repeat(4 * 1024 * 1024).into_response()),
            Fault::Garbles => Some("<html>Welcome to the hotel</html>".into_response()),
        }
    }
}

async fn tell_document(State(provider): State<TestProvider>) -> Response {
    if let Some(response) = provider.misbehave("document").await {
        return response;
    }
    Json(provider.0.document.lock().unwrap().clone()).into_response()
}

async fn tell_keys(State(provider): State<TestProvider>) -> Response {
    if let Some(response) = provider.misbehave("keys").await {
        return response;
    }
    let number = *provider.0.key.lock().unwrap();
    let own = rsa(number);
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Json(json!({ "keys": [
        { "kty": "RSA", "kid": kid(number), "use": "sig", "alg": "RS256", "n": part(&own.modulus), "e": part(&own.exponent) },
        curve().1,
        { "kty": "oct", "kid": "old", "k": "AQAB" },
    ] }))
    .into_response()
}

async fn trade(
    State(provider): State<TestProvider>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    if let Some(response) = provider.misbehave("token").await {
        return response;
    }
    let refuse = |status, error: &str| (status, Json(json!({ "error": error }))).into_response();
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let in_head = format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET))));
    let is_in_head = headers.get(header::AUTHORIZATION).is_some_and(|value| value == in_head.as_str());
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if !is_in_head && (field("client_id"), field("client_secret")) != (CLIENT, SECRET) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let grant = provider.0.codes.lock().unwrap().remove(field("code"));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(field("code_verifier")));
    match grant {
        Some(grant)
            if field("grant_type") == "authorization_code"
                && field("redirect_uri") == grant.redirect
                && challenge == grant.challenge =>
        {
            let token = json!({ "id_token": grant.token, "access_token": "at", "token_type": "Bearer" });
            Json(token).into_response()
        }
        _ => refuse(StatusCode::BAD_REQUEST, "invalid_grant"),
    }
}

async fn tell_of_person(State(provider): State<TestProvider>, headers: HeaderMap) -> Response {
    if let Some(response) = provider.misbehave("userinfo").await {
        return response;
    }
    if headers.get(header::AUTHORIZATION).is_none_or(|value| value != "Bearer at") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(provider.0.user_info.lock().unwrap().clone()).into_response()
}

fn running() -> &'static Mutex<HashMap<String, TestProvider>> {
    static RUNNING: OnceLock<Mutex<HashMap<String, TestProvider>>> = OnceLock::new();
    RUNNING.get_or_init(Mutex::default)
}

fn kid(number: usize) -> String {
    format!("key-{number}")
}

/// Keys for all providers of this process: making one takes longer than most tests.
fn rsa(number: usize) -> &'static SigningKey {
    static KEYS: [OnceLock<SigningKey>; 4] = [const { OnceLock::new() }; 4];
    KEYS[number % KEYS.len()].get_or_init(|| SigningKey::from_pem(new_signing_pem().unwrap()).unwrap())
}

/// A key on the curve P-256, and how it is published.
fn curve() -> &'static (EncodingKey, Value) {
    static KEY: OnceLock<(EncodingKey, Value)> = OnceLock::new();
    KEY.get_or_init(|| {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = pair.public_key().as_ref();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let published =
            json!({ "kty": "EC", "kid": "ec", "crv": "P-256", "x": part(&point[1..33]), "y": part(&point[33..]) });
        (EncodingKey::from_ec_der(pair.to_pkcs8v1().unwrap().as_ref()), published)
    })
}
