//! The configuration: every setting with its default, what makes it valid, and how it is shown without its secrets.

mod alerts;
mod api;
mod audit;
mod imports;
mod limits;
mod links;
mod load;
mod mail;
pub mod oidc;
mod passwords;
mod proxies;
mod retention;
mod scim;
mod security;
mod sessions;

pub use alerts::{Alerts, Webhook};
pub use api::Api;
pub use audit::Audit;
pub use imports::Imports;
pub use limits::{Limits, Lockout};
pub use links::{Links, Registration, RegistrationMode};
pub use load::{ConfigError, Reading, load, read};
pub use mail::Mail;
pub use passwords::Passwords;
pub use proxies::Network;
pub use retention::Retention;
pub use scim::{Newcomers, Scim};
pub use security::{AdminSecondFactor, Required, Security};
pub use sessions::Sessions;

use crate::telemetry;
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, path::PathBuf};

/// Every setting. Defaults come first, then the file, then the environment (`COUNTERSIGN_…`, with `__` between a
/// section and its setting).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The address and port to listen on.
    pub listen: SocketAddr,
    /// How browsers reach this program; links in mails are built from it alone.
    pub public_url: String,
    /// Where keys, mails and the embedded database live.
    pub data_dir: PathBuf,
    /// `sqlite:…` or `postgres://…`; the embedded SQLite in the data folder when empty.
    pub database_url: Secret,
    /// `redis://…` or `rediss://…`: where the counts of the limits and what one page leaves for the next are kept, for all
    /// instances together; in the database (or in memory) when empty.
    pub redis_url: Secret,
    /// Certificates (PEM) of an authority of one's own that vouches for Redis; empty for the public ones alone.
    pub redis_ca_file: PathBuf,
    /// OpenSearch, for the catalogue. Read, and not used by this version yet.
    pub search_url: Secret,
    /// `smtp://user:password@host:port` or `smtps://…`; without it mails are files in the data folder.
    pub smtp_url: Secret,
    /// The sender of every mail.
    pub mail_from: String,
    /// `https://ACCOUNT:TOKEN@host` of a service that speaks Twilio's protocol; without it no text messages are sent.
    pub sms_url: Secret,
    /// The number that text messages come from, or the name of a pool of numbers.
    pub sms_from: String,
    /// What is logged: a level, or a filter such as `info,server=debug`.
    pub log: String,
    /// `json` for machines, `text` for people.
    pub log_format: LogFormat,
    /// Names, e-mail addresses and what is written about people are encrypted in the database, with a key in the data folder.
    /// A database that holds people already is written anew by `countersign personal-data encrypt`.
    pub encrypt_personal_data: bool,
    /// Turns on the pages for development: the component gallery and the mail box. Never in production.
    pub development: bool,
    /// The port on which `make dev` tells browsers of saved files. No setting: the watcher says it to what it starts.
    #[serde(skip)]
    pub reload_port: Option<u16>,
    pub mail: Mail,
    pub passwords: Passwords,
    pub registration: Registration,
    pub links: Links,
    pub sessions: Sessions,
    pub lockout: Lockout,
    pub limits: Limits,
    pub api: Api,
    pub imports: Imports,
    pub scim: Scim,
    pub security: Security,
    /// The providers that people may sign in with.
    pub oidc: oidc::Providers,
    pub alerts: Alerts,
    pub audit: Audit,
    pub retention: Retention,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Json,
    Text,
}

/// A setting that may hold a password: shown masked, empty when it is not set.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub fn is_set(&self) -> bool {
        !self.0.is_empty()
    }

    /// The address with its password (or the key in its place) covered; what is no address is covered whole.
    pub fn masked(&self) -> String {
        if self.0.is_empty() || self.0.starts_with("sqlite:") {
            return self.0.clone();
        }
        match url::Url::parse(&self.0) {
            Ok(mut url) => {
                if url.password().is_some() {
                    let _ = url.set_password(Some("********"));
                } else if !url.username().is_empty() {
                    // A name alone is how some services take a key.
                    let _ = url.set_username("********");
                }
                // What follows the question mark can carry a password too.
                if url.query().is_some() {
                    url.set_query(Some("********"));
                }
                url.to_string()
            }
            Err(_) => "********".to_owned(),
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            public_url: "http://127.0.0.1:3000".into(),
            data_dir: "data".into(),
            database_url: Secret::default(),
            redis_url: Secret::default(),
            redis_ca_file: PathBuf::new(),
            search_url: Secret::default(),
            smtp_url: Secret::default(),
            mail_from: "Countersign <countersign@localhost>".into(),
            sms_url: Secret::default(),
            sms_from: String::new(),
            log: "info".into(),
            log_format: LogFormat::Json,
            encrypt_personal_data: false,
            development: false,
            reload_port: None,
            mail: Mail::default(),
            passwords: Passwords::default(),
            registration: Registration::default(),
            links: Links::default(),
            sessions: Sessions::default(),
            lockout: Lockout::default(),
            limits: Limits::default(),
            api: Api::default(),
            imports: Imports::default(),
            scim: Scim::default(),
            security: Security::default(),
            oidc: oidc::Providers::new(),
            alerts: Alerts::default(),
            audit: Audit::default(),
            retention: Retention::default(),
        }
    }
}

impl Config {
    /// The address of the database: as configured, or the embedded one in the data folder.
    pub fn database(&self) -> String {
        if self.database_url.is_set() {
            self.database_url.reveal().to_owned()
        } else {
            format!("sqlite:{}", self.data_dir.join("countersign.db").display())
        }
    }

    /// The socket that tells pages in development of saved files; it listens where the program does.
    pub fn reload_socket(&self) -> Option<String> {
        let port = self.reload_port.filter(|_| self.development)?;
        let here = self.listen.ip();
        let ip = if here.is_unspecified() { std::net::Ipv4Addr::LOCALHOST.into() } else { here };
        Some(format!("ws://{}", SocketAddr::new(ip, port)))
    }

    /// Whether browsers come by TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Everything that is wrong with the values, in words that name the setting.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut wrong = |is_wrong: bool, words: &str| {
            if is_wrong {
                problems.push(words.to_owned());
            }
        };
        wrong(
            !is_bare_address(&self.public_url),
            "public_url must be an address such as https://countersign.example.com, without a path, a query or a fragment",
        );
        wrong(
            !telemetry::is_filter(&self.log),
            "log must be error, warn, info, debug, trace or off, or a filter such as info,server=debug",
        );
        let database = self.database();
        let known =
            ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| database.starts_with(scheme));
        wrong(!known, "database_url must begin with sqlite: or postgres://");
        let smtp = self.smtp_url.reveal();
        wrong(
            self.smtp_url.is_set() && !smtp.starts_with("smtp://") && !smtp.starts_with("smtps://"),
            "smtp_url must begin with smtp:// or smtps://",
        );
        wrong(
            self.redis_url.is_set() && !crate::outside::Redis::understands(self.redis_url.reveal()),
            "redis_url must be an address such as redis://user:password@host:port, or rediss:// for TLS",
        );
        let search = self.search_url.reveal();
        wrong(
            self.search_url.is_set() && !search.starts_with("http://") && !search.starts_with("https://"),
            "search_url must begin with http:// or https://",
        );
        wrong(
            self.sms_url.is_set() && !is_sms_service(self.sms_url.reveal()),
            "sms_url must be https://ACCOUNT:TOKEN@host (http:// to this machine alone)",
        );
        wrong(self.sms_url.is_set() && self.sms_from.is_empty(), "sms_from must be set where sms_url is");
        wrong(
            self.mail_from.parse::<lettre::message::Mailbox>().is_err(),
            "mail_from must be an address such as Countersign <post@example.com>",
        );
        self.passwords.problems(&mut wrong);
        self.sessions.judge(&mut wrong);
        self.registration.judge(&mut wrong);
        self.links.judge(&mut wrong);
        self.mail.judge(&mut wrong);
        self.lockout.judge(&mut wrong);
        self.limits.judge(&mut wrong);
        self.security.judge(&mut wrong);
        oidc::judge(&self.oidc, &mut wrong);
        self.api.judge(&mut wrong);
        self.imports.judge(&mut wrong);
        self.scim.judge(&mut wrong);
        self.alerts.judge(&mut wrong);
        self.audit.judge(&mut wrong);
        self.retention.judge(&mut wrong);
        problems
    }

    /// Every setting as it is in force, secrets masked, as TOML; those that could not be read are left open.
    pub fn shown(&self, unread: &[String]) -> String {
        let line = |path: String, name: &str, value: &serde_json::Value| {
            if unread.contains(&path) {
                format!("# {name}: cannot be read")
            } else {
                format!("{name} = {value}")
            }
        };
        let mut lines = Vec::new();
        if let Ok(serde_json::Value::Object(mut settings)) = serde_json::to_value(self) {
            settings.remove("oidc");
            let (sections, plain): (Vec<_>, Vec<_>) =
                settings.into_iter().partition(|(_, value)| value.is_object());
            lines.extend(plain.iter().map(|(name, value)| line(name.clone(), name, value)));
            for (section, values) in sections {
                lines.push(format!("\n[{section}]"));
                let values = values.as_object().into_iter().flatten();
                lines.extend(values.map(|(name, value)| line(format!("{section}.{name}"), name, value)));
            }
        }
        lines.extend(oidc::shown(&self.oidc));
        lines.join("\n")
    }

    /// What is not wrong, yet worth knowing before the start.
    pub fn notes(&self) -> Vec<&'static str> {
        [
            (!self.smtp_url.is_set(), "smtp_url is not set: mails become files in the data folder"),
            (
                self.redis_url.is_set() && !crate::outside::Redis::is_private(self.redis_url.reveal()),
                "redis_url is plain redis:// to another machine: use rediss:// unless that network is yours alone",
            ),
            (
                self.retention.is_on() && !self.smtp_url.is_set(),
                "retention.people_days is on and smtp_url is not set: nobody is warned before they are erased; set retention.people_days to 0 until letters leave",
            ),
            (self.search_url.is_set(), "search_url is set, but this version has no catalogue to search yet"),
            (
                self.smtp_url.reveal().starts_with("smtp://") && !self.smtp_url.reveal().contains("tls="),
                "smtp_url asks for no TLS: add ?tls=required, or use smtps://",
            ),
            (
                !self.alerts.reaches_somebody(),
                "neither alerts.webhook_url nor alerts.mail_to is set: alerts stand in the log alone",
            ),
            (self.development, "development is on: never in production"),
            (
                self.passwords.asks_for_little(),
                "passwords.composition is off and passwords.shortest is below 15: NIST SP 800-63B-4 asks for 15 without a second factor",
            ),
            (
                self.passwords.costs_little(),
                "passwords.memory_kib and passwords.iterations are below what OWASP recommends: run `countersign tune`",
            ),
            (
                !self.passwords.refuse_breached,
                "passwords.refuse_breached is off: the list of the commonest passwords is not looked at",
            ),
            (
                !crate::http::cookies::sends_secure_cookies(self),
                "public_url is plain http on another machine's name: sessions could be overheard; put TLS in front",
            ),
        ]
        .into_iter()
        .filter_map(|(applies, words)| applies.then_some(words))
        .collect()
    }
}

/// Whether this is the address of a site and nothing else: pages stand at its root, and links are built from it.
fn is_bare_address(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.path() == "/"
            && (url.query(), url.fragment(), url.password()) == (None, None, None)
            && url.username().is_empty()
    })
}

/// Whether this is the address of a service for text messages, with an account; its token must not travel in the clear.
fn is_sms_service(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| {
        let is_private = match url.scheme() {
            "https" => true,
            "http" => matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")),
            _ => false,
        };
        is_private && url.has_host() && !url.username().is_empty() && url.password().is_some()
    })
}
