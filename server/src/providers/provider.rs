//! One provider: asked for its addresses and keys, for the tokens behind a code, and for what it tells of a person. All of it
//! behind one breaker, with a time-out and a bound on what is read.

use super::{
    answer::{self, Expected, Profile, Vouched},
    discovery::{self, Addresses, Kept, Key},
    failure::Failure,
};
use crate::{
    clock::Clock,
    config::oidc,
    outside::{self, Answer, Authorities, Breaker, Trouble},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use std::{fmt, sync::Arc};
use tokio::sync::Mutex;
use url::{Url, form_urlencoded::byte_serialize};

/// A provider of the configuration.
#[derive(Clone)]
pub(super) struct Provider(Arc<Inner>);

pub(super) struct Inner {
    pub id: String,
    pub settings: oidc::Provider,
    clock: Clock,
    breaker: Breaker,
    /// Who vouches for it besides the public authorities.
    authorities: Authorities,
    addresses: Mutex<Option<Kept<Addresses>>>,
    keys: Mutex<Option<Kept<Vec<Key>>>>,
}

/// What a code was traded for.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub id_token: String,
    access_token: Option<String>,
}

impl Provider {
    pub fn new(id: &str, settings: &oidc::Provider, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Inner {
            id: id.to_owned(),
            settings: settings.clone(),
            breaker: Breaker::before("a sign-in provider", clock.clone()),
            authorities: Authorities::of_file(&format!("oidc.{id}.ca_file"), &settings.ca_file)?,
            clock,
            addresses: Mutex::default(),
            keys: Mutex::default(),
        })))
    }

    /// Where it is asked for what: as it was read within the hour, or else as it says now.
    pub async fn addresses(&self) -> Result<Addresses, Failure> {
        let mut kept = self.addresses.lock().await;
        let now = self.clock.now();
        if let Some(known) = kept.as_ref().filter(|known| known.is_fresh(now)) {
            return Ok(known.value.clone());
        }
        let read = async {
            let answer = self.get(&discovery::document_of(&self.settings.issuer)?, None).await?;
            discovery::read_document(&in_order(answer, "its discovery document")?.body, &self.settings.issuer)
        };
        match (read.await, kept.as_ref()) {
            (Ok(value), _) => {
                *kept = Some(Kept { value: value.clone(), read_at: now });
                Ok(value)
            }
            (Err(failure), Some(known)) if known.is_of_use(now) => {
                tracing::warn!(provider = self.id, ?failure, "going on with what a provider said before");
                Ok(known.value.clone())
            }
            (Err(failure), _) => Err(failure),
        }
    }

    /// The key that a token names. One that is not known is looked for at the provider, once a minute at most: providers
    /// change their keys, and strangers can name any.
    async fn key(&self, named: Option<&str>) -> Result<Key, Failure> {
        let mut kept = self.keys.lock().await;
        let now = self.clock.now();
        if let Some(known) = kept.as_ref() {
            let found = known.is_fresh(now).then(|| choose(&known.value, named)).flatten();
            if let Some(key) = found {
                return Ok(key);
            }
            if !known.may_be_read_again(now) {
                return Err(Failure::Untrusted("provider: unknown key"));
            }
        }
        let answer = self.get(&self.addresses().await?.keys, None).await?;
        let value = discovery::read_keys(&in_order(answer, "its keys")?.body)?;
        let found = choose(&value, named);
        *kept = Some(Kept { value, read_at: now });
        found.ok_or(Failure::Untrusted("provider: unknown key"))
    }

    /// Trades a code for tokens.
    pub async fn trade(&self, code: &str, verifier: &str, redirect: &str) -> Result<Tokens, Failure> {
        let addresses = self.addresses().await?;
        let (client_id, secret) = (self.settings.client_id.as_str(), self.settings.client_secret.reveal());
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        let mut authorization = None;
        if secret.is_empty() {
            fields.push(("client_id", client_id));
        } else if addresses.takes_secret_in_form {
            fields.extend([("client_id", client_id), ("client_secret", secret)]);
        } else {
            authorization = Some(basic(client_id, secret));
        }
        let (authorization, patience) = (authorization.as_deref(), self.settings.patience());
        let asked = outside::post_form(&addresses.token, authorization, &fields, &self.authorities, patience);
        let answer = self.guarded(asked).await?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body)
                .map_err(|_| Failure::Refused("its answer to the code holds no id_token".into())),
            status => {
                Err(Failure::Refused(format!("it refused the code with status {status}{}", reason(&answer))))
            }
        }
    }

    /// Whom the token vouches for, once everything about it was checked.
    pub async fn identify(&self, tokens: &Tokens, expected: &Expected<'_>) -> Result<Vouched, Failure> {
        let key = self.key(answer::key_of(&tokens.id_token)?.as_deref()).await?;
        answer::read(&tokens.id_token, &key, expected)
    }

    /// The same with an address. Many providers keep it out of tokens and tell it to who asks with one.
    pub async fn with_address(&self, vouched: &Vouched, tokens: &Tokens) -> Result<Vouched, Failure> {
        match (&vouched.email, &tokens.access_token, self.addresses().await?.user_info) {
            (None, Some(token), Some(address)) => self.ask_for_more(vouched, token, &address).await,
            _ => Ok(vouched.clone()),
        }
    }

    async fn ask_for_more(&self, vouched: &Vouched, token: &str, address: &Url) -> Result<Vouched, Failure> {
        #[derive(Deserialize)]
        struct Told {
            sub: String,
            #[serde(flatten)]
            profile: Profile,
        }
        let answer = self.get(address, Some(&format!("Bearer {token}"))).await?;
        let told: Told = serde_json::from_slice(&in_order(answer, "what it tells of people")?.body)
            .map_err(|_| Failure::Refused("what it tells of people cannot be read".into()))?;
        if told.sub != vouched.subject {
            return Err(Failure::Untrusted("provider: told of somebody else"));
        }
        let Profile { email, email_verified, name, preferred_username } = told.profile;
        Ok(Vouched {
            email,
            email_is_verified: email_verified,
            full_name: vouched.full_name.clone().or(name),
            username: vouched.username.clone().or(preferred_username),
            ..vouched.clone()
        })
    }

    async fn get(&self, url: &Url, authorization: Option<&str>) -> Result<Answer, Failure> {
        self.guarded(outside::get(url, authorization, &self.authorities, self.settings.patience())).await
    }

    /// One question, behind the breaker. What says that the provider is in trouble counts as none.
    async fn guarded(
        &self,
        question: impl Future<Output = Result<Answer, Trouble>>,
    ) -> Result<Answer, Failure> {
        let call = self.breaker.enter().map_err(|resting| Failure::Away(resting.to_string()))?;
        match question.await {
            Ok(answer) if answer.status == 429 || answer.status >= 500 => {
                let wait = answer.retry_after.filter(|_| answer.status == 429);
                call.failed(wait);
                Err(Failure::Away(format!("it answered with status {}", answer.status)))
            }
            Ok(answer) => {
                call.answered();
                Ok(answer)
            }
            Err(trouble) => {
                call.failed(None);
                Err(Failure::Away(trouble.to_string()))
            }
        }
    }
}

impl std::ops::Deref for Provider {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.id)
    }
}

/// The key of this name; without a name the one key there is.
fn choose(keys: &[Key], named: Option<&str>) -> Option<Key> {
    match named {
        Some(_) => keys.iter().find(|key| key.id.as_deref() == named).cloned(),
        None => <[Key; 1]>::try_from(keys.to_vec()).ok().map(|[only]| only),
    }
}

fn in_order(answer: Answer, what: &str) -> Result<Answer, Failure> {
    if answer.status == 200 {
        Ok(answer)
    } else {
        Err(Failure::Away(format!("{what} came with status {}", answer.status)))
    }
}

/// Name and secret as RFC 6749 (2.3.1) wants them: each encoded as in a form first.
fn basic(client_id: &str, secret: &str) -> String {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret))))
}

/// The word for why, as far as it is one.
fn reason(answer: &Answer) -> String {
    #[derive(Deserialize)]
    struct Refused {
        error: String,
    }
    let is_word = |error: &String| {
        error.len() <= 64 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    serde_json::from_slice::<Refused>(&answer.body)
        .ok()
        .map(|refused| refused.error)
        .filter(is_word)
        .map(|error| format!(" ({error})"))
        .unwrap_or_default()
}
