//! Which mail server `smtp_url` names, and how it is spoken to.

use crate::config::Config;
use anyhow::{Context, Result, bail, ensure};
use lettre::transport::smtp::{
    authentication::Credentials,
    client::{Certificate, TlsParameters},
    extension::ClientId,
};
use std::fmt;
use url::{Host, Url};

/// Whether what is said can be overheard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// `smtp://`: in the clear, for a server on this machine.
    Plain,
    /// `?tls=opportunistic`: encrypted if the server offers it.
    Opportunistic,
    /// `?tls=required`: encrypted from STARTTLS on, or not at all.
    Required,
    /// `smtps://`: encrypted from the first byte.
    Wrapped,
}

/// A mail server.
pub(super) struct Server {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub tls: Option<TlsParameters>,
    pub credentials: Option<Credentials>,
    /// The name by which we greet it.
    pub hello: ClientId,
}

impl Server {
    /// Reads the settings. Complaints name the setting and never its value, which holds a password.
    pub fn from_config(config: &Config) -> Result<Self> {
        let url = Url::parse(config.smtp_url.reveal()).context("smtp_url is no address of a mail server")?;
        let host = match url.host() {
            Some(Host::Ipv6(ip)) => ip.to_string(),
            Some(host) => host.to_string(),
            None => bail!("smtp_url names no mail server"),
        };
        let security = security(&url)?;
        let usual_port = match security {
            Security::Plain => 25,
            Security::Opportunistic | Security::Required => 587,
            Security::Wrapped => 465,
        };
        let tls = match security {
            Security::Plain => None,
            _ => Some(trust(&host, config)?),
        };
        let credentials = match (decode(url.username())?, url.password()) {
            (_, None) => None,
            (name, Some(password)) => Some(Credentials::new(name, decode(password)?)),
        };
        Ok(Self {
            port: url.port().unwrap_or(usual_port),
            hello: our_name(&config.public_url),
            host,
            security,
            tls,
            credentials,
        })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

fn security(url: &Url) -> Result<Security> {
    let mut wish = None;
    for (name, value) in url.query_pairs() {
        ensure!(name == "tls", "smtp_url knows no {name}, only tls=required and tls=opportunistic");
        wish = Some(value.into_owned());
    }
    match (url.scheme(), wish.as_deref()) {
        ("smtp", None) => Ok(Security::Plain),
        ("smtp", Some("opportunistic")) => Ok(Security::Opportunistic),
        ("smtp", Some("required")) => Ok(Security::Required),
        ("smtps", None | Some("required")) => Ok(Security::Wrapped),
        ("smtp" | "smtps", Some(_)) => bail!("smtp_url knows only tls=required and tls=opportunistic"),
        _ => bail!("smtp_url must begin with smtp:// or smtps://"),
    }
}

/// The public authorities are trusted, and the one of the organisation's own if it is named.
fn trust(host: &str, config: &Config) -> Result<TlsParameters> {
    let mut tls = TlsParameters::builder(host.to_owned());
    let file = &config.mail.ca_file;
    if !file.as_os_str().is_empty() {
        let pem =
            std::fs::read(file).with_context(|| format!("mail.ca_file {} cannot be read", file.display()))?;
        let authority = Certificate::from_pem(&pem)
            .map_err(|_| anyhow::anyhow!("mail.ca_file {} holds no certificate in PEM", file.display()))?;
        tls = tls.add_root_certificate(authority);
    }
    tls.build_rustls().map_err(|_| anyhow::anyhow!("smtp_url names a host that TLS cannot check"))
}

fn decode(part: &str) -> Result<String> {
    let decoded = percent_encoding::percent_decode_str(part).decode_utf8();
    Ok(decoded.context("the name or password in smtp_url is no UTF-8")?.into_owned())
}

/// Mail servers mistrust clients that greet them by an address; the name that browsers know is better.
fn our_name(public_url: &str) -> ClientId {
    match Url::parse(public_url).ok().as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => ClientId::Domain(name.to_owned()),
        Some(Host::Ipv4(ip)) => ClientId::Ipv4(ip),
        Some(Host::Ipv6(ip)) => ClientId::Ipv6(ip),
        None => ClientId::default(),
    }
}
