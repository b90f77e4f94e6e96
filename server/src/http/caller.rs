//! The caller: who sends a request and from where, found out once at the door and handed on.

use crate::{Actor, Backend, Error, Origin, api_keys::ApiKeys, identity::Purpose, origin::OpenHere, scim};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    middleware::Next,
    response::Response,
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Once,
    time::Duration,
};
use tracing::Instrument;

use super::{cookies, cors, device::Mark, problem::Problem};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_USER_AGENT: usize = 256;
const PATIENCE: Duration = Duration::from_secs(10);

tokio::task_local! {
    static CURRENT_REQUEST_ID: String;
}

/// The id of the request that this task answers, for errors that are turned into answers far from the request.
pub fn current_request_id() -> String {
    CURRENT_REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Takes the id of the present request along to another task.
pub(crate) fn in_this_request<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    CURRENT_REQUEST_ID.scope(current_request_id(), work)
}

/// Who calls: nobody, a person, or a token or cookie that is no longer good; and from where.
#[derive(Debug, Clone)]
pub struct Caller {
    pub origin: Origin,
    standing: Standing,
}

#[derive(Debug, Clone)]
enum Standing {
    Anonymous,
    SignedIn(Box<Actor>),
    /// A program with a key of somebody's.
    Key(Box<Actor>),
    /// Asked with a cookie or token that leads nowhere.
    Refused,
    /// Asked with a token of ours whose time is over.
    Expired,
    /// The store could not be asked.
    Unknown,
}

impl Caller {
    /// A caller of whom nothing is known and who may do nothing.
    pub fn nobody() -> Self {
        Self { origin: Origin::default(), standing: Standing::Anonymous }
    }

    /// The person who has signed in, or what to answer instead. A key is refused: most of what one may do, it may not.
    pub fn actor(&self) -> Result<&Actor, Error> {
        match &self.standing {
            Standing::SignedIn(actor) => Ok(actor),
            Standing::Key(_) => Err(Error::Forbidden("An API key may not do this. Sign in instead.")),
            Standing::Anonymous | Standing::Refused => Err(Error::Unauthenticated),
            Standing::Expired => Err(Error::TokenExpired),
            Standing::Unknown => Err(Error::unavailable("the session could not be looked up")),
        }
    }

    /// The same where a program with a key may do it too, within the permissions of the key.
    pub fn actor_or_key(&self) -> Result<&Actor, Error> {
        match &self.standing {
            Standing::Key(actor) => Ok(actor),
            _ => self.actor(),
        }
    }

    pub fn request_id(&self) -> &str {
        self.origin.request_id.as_deref().unwrap_or_default()
    }
}

/// Gives the request an id, finds out who calls, and logs how it ended.
pub async fn identify(State(backend): State<Backend>, mut request: Request, next: Next) -> Response {
    let request_id = backend.ground.chance.id(backend.ground.clock.now()).simple().to_string();
    let mark = Mark::of(&request, &backend.ground.chance);
    let origin = Origin {
        device: mark.as_ref().map(|mark| mark.value.clone()),
        ip: address(&request, &backend).map(|ip| ip.to_string()),
        user_agent: text(request.headers(), &header::USER_AGENT)
            .map(|agent| agent.chars().take(LONGEST_USER_AGENT).collect()),
        request_id: Some(request_id.clone()),
        ..Origin::default()
    };
    let id = request_id.clone();
    let span = tracing::info_span!("request", id = request_id, method = %request.method(), path = request.uri().path());
    let answer = async move {
        let standing = if asks_nobody(request.uri().path()) {
            Standing::Anonymous
        } else {
            let asks = stand(&backend, request.uri().path(), request.headers(), &origin);
            let looked_up = tokio::time::timeout(PATIENCE, asks);
            looked_up.await.unwrap_or(Standing::Unknown)
        };
        let session = open_here(&standing, request.headers());
        let caller = Caller { origin: Origin { session, ..origin }, standing };
        request.extensions_mut().insert(caller);
        let started = std::time::Instant::now();
        let mut response = next.run(request).await;
        if let Some(mark) = mark {
            mark.leave(&mut response, &backend.config);
        }
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
        tracing::info!(status = response.status().as_u16(), milliseconds, "answered");
        response
    };
    CURRENT_REQUEST_ID.scope(id, answer.instrument(span)).await
}

/// Files and signs of life are the same for everyone, so nobody is looked up for them.
fn asks_nobody(path: &str) -> bool {
    path.starts_with("/assets/")
        || matches!(
            path,
            "/.well-known/jwks.json" | "/healthz" | "/readyz" | "/metrics" | "/favicon.ico" | "/robots.txt"
        )
}

async fn stand(backend: &Backend, path: &str, headers: &HeaderMap, origin: &Origin) -> Standing {
    let bearer = text(headers, &header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let looked_up = match bearer {
        Some(key) if ApiKeys::is_one(key) && (path.starts_with("/api/v1/") || scim::is_under(path)) => {
            let held = backend.api_keys.authenticate(key, origin.ip.as_deref()).await;
            held.map(|actor| Standing::Key(Box::new(actor)))
        }
        Some(token) => signed_in(backend, token, Purpose::Access).await,
        // A directory is no browser.
        None if scim::is_under(path) => return Standing::Anonymous,
        None if cors::is_shared(path, headers, &backend.config.api) => return Standing::Anonymous,
        None => match cookies::session_token(headers) {
            Some(token) => signed_in(backend, &token, Purpose::Session).await,
            None => return Standing::Anonymous,
        },
    };
    match looked_up {
        Ok(standing) => standing,
        Err(Error::Unauthenticated) => Standing::Refused,
        Err(Error::TokenExpired) => Standing::Expired,
        Err(error) => {
            error.log();
            Standing::Unknown
        }
    }
}

/// The session of the browser that asks. A token is no browser's.
fn open_here(standing: &Standing, headers: &HeaderMap) -> Option<OpenHere> {
    match standing {
        Standing::SignedIn(actor) if !headers.contains_key(header::AUTHORIZATION) => {
            Some(OpenHere { person: actor.id(), id: actor.session() })
        }
        _ => None,
    }
}

async fn signed_in(backend: &Backend, token: &str, purpose: Purpose) -> Result<Standing, Error> {
    let actor = backend.identity.authenticate(token, purpose).await?;
    Ok(Standing::SignedIn(Box::new(actor)))
}

/// The client's address. A proxy's word is believed only if the proxy itself is one that the configuration names; then
/// the last address that is no such proxy counts.
fn address(request: &Request, backend: &Backend) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip().to_canonical();
    let is_trusted =
        |ip: &IpAddr| backend.config.security.trusted_proxies.iter().any(|proxy| proxy.includes(*ip));
    if !is_trusted(&peer) {
        return Some(peer);
    }
    // Some proxies add a line of their own instead of lengthening the client's, so all lines count, in their order.
    let lines: Vec<&str> =
        request.headers().get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
    let forwarded = lines.join(",");
    let hops = forwarded.rsplit(',').map(str::trim).filter(|hop| !hop.is_empty()).take(16).map(hop);
    // What stands before a hop that cannot be read was written by nobody one could name.
    let mut is_readable = true;
    let known = hops.map_while(|hop| {
        is_readable = hop.is_some();
        hop
    });
    let client = known.map(|hop| hop.to_canonical()).find(|hop| !is_trusted(hop));
    if !is_readable {
        complain_once(peer);
    }
    client.or(Some(peer))
}

/// An address as proxies write it: alone, or with the port that the client came from, `203.0.113.9:51234` or `[2001:db8::1]:51234`.
fn hop(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    bare.parse().or_else(|_| with_port()).ok()
}

/// Without it everybody behind the proxy would be counted as one, and nobody would know why.
fn complain_once(proxy: IpAddr) {
    static COMPLAIN: Once = Once::new();
    COMPLAIN.call_once(|| {
        tracing::warn!(%proxy, "a trusted proxy sends an X-Forwarded-For that cannot be read: its own address counts for its clients");
    });
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| {
            Problem::from(Error::Internal(anyhow::anyhow!("a route was added outside of the door")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t5_a_forwarded_address_is_read_with_its_port_and_without() {
        for (text, expected) in [
            ("203.0.113.9", Some("203.0.113.9")),
            ("203.0.113.9:51234", Some("203.0.113.9")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:51234", Some("2001:db8::1")),
            ("unknown", None),
            ("_hidden", None),
            ("203.0.113.9:", None),
            ("", None),
        ] {
            assert_eq!(hop(text), expected.map(|ip| ip.parse().unwrap()), "{text:?}");
        }
    }
}
