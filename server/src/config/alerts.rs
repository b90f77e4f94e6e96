//! Whom to alert when something is wrong with the installation, and from when on a burst of failures is worth it.

use serde::{Deserialize, Serialize, Serializer};
use std::{fmt, time::Duration};
use url::Url;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Alerts {
    /// A webhook that takes `{"text": …}`, as those of most chat services do.
    pub webhook_url: Webhook,
    /// An address for letters to whoever is on duty.
    pub mail_to: String,
    /// So many failed sign-ins, whatever the account …
    pub failed_sign_ins: u32,
    /// … within so many minutes are a burst.
    pub within_minutes: u32,
}

/// The address of a webhook. Its path is as good as a password, so only its host is ever shown.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Webhook(String);

impl Webhook {
    pub fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address, if one is set and usable: by TLS, or to this machine alone.
    pub fn address(&self) -> Option<Url> {
        let url = Url::parse(&self.0).ok()?;
        let is_private = match url.scheme() {
            "https" => true,
            "http" => matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")),
            _ => false,
        };
        (is_private && url.has_host()).then_some(url)
    }

    fn masked(&self) -> String {
        match Url::parse(&self.0) {
            Ok(url) => format!("{}://{}/********", url.scheme(), url.host_str().unwrap_or_default()),
            Err(_) if self.0.is_empty() => String::new(),
            Err(_) => "********".to_owned(),
        }
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Webhook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

impl Default for Alerts {
    fn default() -> Self {
        Self {
            webhook_url: Webhook::default(),
            mail_to: String::new(),
            failed_sign_ins: 50,
            within_minutes: 5,
        }
    }
}

impl Alerts {
    pub const fn within(&self) -> Duration {
        Duration::from_secs(self.within_minutes as u64 * 60)
    }

    /// Whether an alert would reach anybody.
    pub fn reaches_somebody(&self) -> bool {
        self.webhook_url.address().is_some() || !self.mail_to.is_empty()
    }

    pub(super) fn judge(&self, wrong: &mut impl FnMut(bool, &str)) {
        wrong(
            !self.webhook_url.0.is_empty() && self.webhook_url.address().is_none(),
            "alerts.webhook_url must begin with https:// (http:// to this machine alone)",
        );
        wrong(
            !self.mail_to.is_empty() && self.mail_to.parse::<lettre::Address>().is_err(),
            "alerts.mail_to must be an e-mail address",
        );
        wrong(!(5..=100_000).contains(&self.failed_sign_ins), "alerts.failed_sign_ins must be 5 to 100000");
        wrong(!(1..=60).contains(&self.within_minutes), "alerts.within_minutes must be 1 to 60");
    }
}
