//! Providers that people may sign in with (OpenID Connect): a section for each, whose name is part of its addresses.

use figment::value::{Dict, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{collections::BTreeMap, fmt, path::PathBuf, time::Duration};
use url::Url;

/// So many fit onto the sign-in page.
const MOST: usize = 12;
const LONGEST_ID: usize = 32;
const LONGEST_NAME: usize = 40;

/// The providers by the names of their sections.
pub type Providers = BTreeMap<String, Provider>;

/// A provider of OpenID Connect.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Provider {
    /// What the button on the sign-in page calls it.
    pub name: String,
    /// Its address, exactly as it names itself; the discovery document lies below it.
    pub issuer: String,
    /// Our name with it.
    #[serde(deserialize_with = "text")]
    pub client_id: String,
    /// Empty where it knows us as a public client.
    pub client_secret: Hidden,
    /// What it is asked to tell: `openid` and `email` at least.
    pub scopes: Vec<String>,
    /// Whether a sign-in there needs no second factor of ours.
    pub trusts_second_factor: bool,
    /// Whether people who have no account here are given one.
    pub makes_accounts: bool,
    /// The role of accounts that are made so.
    pub role: String,
    /// How long it may take for one answer.
    pub timeout_seconds: u32,
    /// Certificates (PEM) of an authority of one's own that vouches for it; empty for the public ones alone.
    pub ca_file: PathBuf,
}

impl Default for Provider {
    fn default() -> Self {
        Self {
            name: String::new(),
            issuer: String::new(),
            client_id: String::new(),
            client_secret: Hidden::default(),
            scopes: ["openid", "email", "profile"].map(str::to_owned).into(),
            trusts_second_factor: false,
            makes_accounts: false,
            role: String::new(),
            timeout_seconds: 10,
            ca_file: PathBuf::new(),
        }
    }
}

impl Provider {
    pub const fn patience(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds as u64)
    }

    fn judge(&self, id: &str, wrong: &mut impl FnMut(bool, &str)) {
        let mut wrong = |is_wrong: bool, field: &str, words: &str| {
            wrong(is_wrong, &format!("oidc.{id}.{field} {words}"));
        };
        let name = self.name.trim();
        wrong(name.is_empty(), "name", "must say what the button calls the provider");
        wrong(
            name.chars().count() > LONGEST_NAME || name.contains(char::is_control),
            "name",
            "must be one line of 40 characters at most",
        );
        wrong(
            !is_issuer(&self.issuer),
            "issuer",
            "must be the provider's address, https://… without a question mark (http:// to this machine alone)",
        );
        wrong(self.client_id.trim().is_empty(), "client_id", "must be set: the provider gives it out");
        let has = |scope: &str| self.scopes.iter().any(|wanted| wanted == scope);
        wrong(!has("openid"), "scopes", "must hold \"openid\"");
        let is_word = |scope: &String| !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic());
        wrong(!self.scopes.iter().all(is_word), "scopes", "must be words without spaces");
        wrong(
            self.makes_accounts && domain::RoleCode::parse(&self.role).is_err(),
            "role",
            "must name the role of new accounts where makes_accounts is on",
        );
        wrong(!(1..=20).contains(&self.timeout_seconds), "timeout_seconds", "must be 1 to 20");
    }
}

pub(super) fn judge(providers: &Providers, wrong: &mut impl FnMut(bool, &str)) {
    wrong(providers.len() > MOST, "oidc must have 12 providers at most");
    for (id, provider) in providers {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        let is_id = (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(is_plain);
        wrong(
            !is_id,
            &format!("oidc.{id}: a provider's section is named by at most 32 of a-z, 0-9, - and _"),
        );
        provider.judge(id, wrong);
    }
}

fn is_issuer(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| {
        is_private(&url)
            && url.has_host()
            && (url.query(), url.fragment(), url.password()) == (None, None, None)
            && url.username().is_empty()
    })
}

/// Whether nobody on the way can read what goes to this address.
pub fn is_private(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")),
        _ => false,
    }
}

/// Every provider as TOML, its secret masked.
pub(super) fn shown(providers: &Providers) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, provider) in providers {
        lines.push(format!("\n[oidc.{id}]"));
        let settings = serde_json::to_value(provider).unwrap_or_default();
        let settings = settings.as_object().into_iter().flatten();
        lines.extend(settings.map(|(name, value)| format!("{name} = {value}")));
    }
    lines
}

/// Replaces every `client_secret_file` by the content of the file that it names. Answers which could not be read, with words
/// for why.
pub(super) fn read_secret_files(settings: &mut Dict) -> Vec<(String, String)> {
    let mut unread = Vec::new();
    let Some(Value::Dict(_, providers)) = settings.get_mut("oidc") else { return unread };
    for (id, provider) in providers {
        let Value::Dict(_, provider) = provider else { continue };
        let Some(named) = provider.remove("client_secret_file") else { continue };
        let path = named.as_str().unwrap_or_default();
        match std::fs::read_to_string(path) {
            Ok(text) => {
                provider.insert("client_secret".into(), Value::from(text.trim_end()));
            }
            Err(error) => {
                let setting = format!("oidc.{id}.client_secret");
                unread.push((setting.clone(), format!("{setting}_file: {path} cannot be read: {error}")));
            }
        }
    }
    unread
}

/// A name or a secret that is a number is still a text.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Typed {
        Text(String),
        Number(u64),
    }
    Ok(match Typed::deserialize(from)? {
        Typed::Text(text) => text,
        Typed::Number(number) => number.to_string(),
    })
}

/// A secret without a readable part.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Hidden(#[serde(deserialize_with = "text")] String);

impl Hidden {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub const fn is_set(&self) -> bool {
        !self.0.is_empty()
    }

    const fn shown(&self) -> &'static str {
        if self.is_set() { "********" } else { "" }
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shown())
    }
}

impl Serialize for Hidden {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.shown())
    }
}
