//! The cookies: the session's, that of a sign-in that waits for its second factor, that of a remembered device, and the
//! browser's half of a sign-in with a provider.

use crate::config::Config;
use axum::http::{HeaderMap, HeaderValue, header};
use domain::preferences::Theme;
use std::{net::IpAddr, time::Duration};

const NAME: &str = "session_token";
const PENDING: &str = "pending_sign_in";
const DEVICE: &str = "remembered_device";
const PROVIDER: &str = "provider_sign_in";
/// The mark of a browser, kept as long as browsers keep any cookie.
pub const MARK: &str = "device";
const MARK_LASTS: u64 = 400 * 86_400;

/// The token in the request's cookie.
pub fn session_token(headers: &HeaderMap) -> Option<String> {
    held(headers, NAME)
}

/// The token of a sign-in that waits.
pub fn pending_sign_in(headers: &HeaderMap) -> Option<String> {
    held(headers, PENDING)
}

/// The token of a remembered device.
pub fn remembered_device(headers: &HeaderMap) -> Option<String> {
    held(headers, DEVICE)
}

fn held(headers: &HeaderMap, name: &str) -> Option<String> {
    preference(headers, name).filter(|value| !value.is_empty()).map(str::to_owned)
}

/// The value of another small cookie, such as the chosen theme.
pub fn preference<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(name, _)| *name == wanted))
        .map(|(_, value)| value)
}

/// Sets the cookie for as long as the session lasts.
pub fn set(token: &str, lasts: Duration, config: &Config) -> HeaderValue {
    value(&format!("{NAME}={token}; Max-Age={}", lasts.as_secs()), config)
}

/// Sets the cookie of a sign-in that waits.
pub fn set_pending_sign_in(token: &str, lasts: Duration, config: &Config) -> HeaderValue {
    value(&format!("{PENDING}={token}; Max-Age={}", lasts.as_secs()), config)
}

pub fn clear_pending_sign_in(config: &Config) -> HeaderValue {
    value(&format!("{PENDING}=; Max-Age=0"), config)
}

/// Sets the cookie of a remembered device.
pub fn set_remembered_device(token: &str, lasts: Duration, config: &Config) -> HeaderValue {
    value(&format!("{DEVICE}={token}; Max-Age={}", lasts.as_secs()), config)
}

/// The browser's half of a sign-in with a provider.
pub fn provider_sign_in(headers: &HeaderMap) -> Option<String> {
    held(headers, PROVIDER)
}

/// Sets the browser's half of a sign-in with a provider. Its way back begins elsewhere, so it cannot be strict; it leads to
/// no session, and goes to the pages of that way alone.
pub fn set_provider_sign_in(half: &str, lasts: Duration, config: &Config) -> HeaderValue {
    line(
        &format!("{PROVIDER}={half}; Max-Age={}; Path=/sign-in; HttpOnly; SameSite=Lax", lasts.as_secs()),
        config,
    )
}

/// Keeps a small choice of this browser for a year. The value is a word of ours.
pub fn set_preference(name: &str, value: &str, config: &Config) -> HeaderValue {
    line(&format!("{name}={value}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Lax"), config)
}

/// Keeps the theme in this browser, for pages before signing in. Scripts change it as well, so it is not kept from them.
pub fn set_theme(theme: Theme, config: &Config) -> HeaderValue {
    line(&format!("theme={}; Max-Age=31536000; Path=/; SameSite=Lax", theme.code()), config)
}

/// Takes the cookie away.
pub fn clear(config: &Config) -> HeaderValue {
    value(&format!("{NAME}=; Max-Age=0"), config)
}

/// Sets the mark of a browser; only forms send it back.
pub fn set_mark(mark: &str, config: &Config) -> HeaderValue {
    at("/do/", &format!("{MARK}={mark}; Max-Age={MARK_LASTS}"), config)
}

/// Whether this cookie signs somebody in.
pub fn opens_session(cookie: &HeaderValue) -> bool {
    let value = cookie.to_str().ok().and_then(|line| line.strip_prefix(NAME)?.strip_prefix('='));
    value.is_some_and(|value| !value.starts_with(';'))
}

fn value(pair: &str, config: &Config) -> HeaderValue {
    at("/", pair, config)
}

fn at(path: &str, pair: &str, config: &Config) -> HeaderValue {
    line(&format!("{pair}; Path={path}; HttpOnly; SameSite=Strict"), config)
}

fn line(cookie: &str, config: &Config) -> HeaderValue {
    let secure = if sends_secure_cookies(config) { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{cookie}{secure}")).unwrap_or(HeaderValue::from_static(""))
}

/// Browsers keep `Secure` cookies from https and from this machine itself; elsewhere plain http would lose them.
pub fn sends_secure_cookies(config: &Config) -> bool {
    config.is_https() || {
        let host = url::Url::parse(&config.public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.is_some_and(|host| {
            let address: Result<IpAddr, _> = host.trim_matches(['[', ']']).parse();
            host == "localhost" || address.is_ok_and(|address| address.is_loopback())
        })
    }
}
