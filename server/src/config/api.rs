//! Whom the API serves besides those who sign in: programs with keys, and pages of other origins.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Keys for programs, and origins whose pages may ask.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Api {
    /// Origins whose pages may call the API with a token: `https://app.example.com`. Cookies never come along.
    pub cors_origins: Vec<String>,
    /// How long a new key lasts unless its owner says otherwise.
    pub key_days: u32,
    /// How long it may last at most; with 0 a key may last for ever.
    pub longest_key_days: u32,
}

impl Default for Api {
    fn default() -> Self {
        Self { cors_origins: Vec::new(), key_days: 90, longest_key_days: 365 }
    }
}

impl Api {
    /// Whether a key may last for ever.
    pub const fn allows_lasting_keys(&self) -> bool {
        self.longest_key_days == 0
    }

    pub(super) fn judge(&self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(
            self.cors_origins.iter().any(|origin| !is_origin(origin)),
            "api.cors_origins must be origins such as https://app.example.com, without a path (http:// for this machine alone)",
        );
        wrong(!(1..=3_650).contains(&self.key_days), "api.key_days must be 1 to 3650");
        wrong(self.longest_key_days > 3_650, "api.longest_key_days must be 0 to 3650");
        wrong(
            !self.allows_lasting_keys() && self.key_days > self.longest_key_days,
            "api.key_days must not be more than api.longest_key_days",
        );
    }
}

/// An origin exactly as browsers send it. What travels in the clear could be changed on the way.
fn is_origin(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_private = match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(ip))) => ip.is_loopback(),
        ("http", Some(Host::Ipv6(ip))) => ip.is_loopback(),
        _ => false,
    };
    is_private && !text.contains('*') && url.origin().ascii_serialization() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(change: impl FnOnce(&mut Api)) -> Vec<String> {
        let (mut api, mut problems) = (Api::default(), Vec::new());
        change(&mut api);
        api.judge(&mut |is_wrong, words| problems.extend(is_wrong.then(|| words.to_owned())));
        problems
    }

    #[test]
    fn t6_only_whole_origins_may_be_shared_with() {
        for right in [
            "https://app.example.com",
            "https://app.example.com:8443",
            "http://localhost:5173",
            "http://127.0.0.1:8080",
        ] {
            assert!(is_origin(right), "{right}");
        }
        for wrong in [
            "*",
            "null",
            "",
            "app.example.com",
            "https://app.example.com/",
            "https://app.example.com/path",
            "http://app.example.com",
            "https://APP.example.com",
            "https://app.example.com:443",
            "https://user@app.example.com",
            "file:///home",
            "https://*.example.com",
        ] {
            assert!(!is_origin(wrong), "{wrong}");
        }
    }

    #[test]
    fn t6_a_key_lasts_no_longer_than_is_allowed() {
        assert!(problems(|_| ()).is_empty());
        assert!(problems(|api| api.longest_key_days = 0).is_empty());
        assert_eq!(problems(|api| api.longest_key_days = 30).len(), 1);
        assert_eq!(problems(|api| api.key_days = 0).len(), 1);
    }
}
