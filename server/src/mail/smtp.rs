//! The mail server, over SMTP: connecting with or without TLS, handing a letter over, and reading from the server's answers
//! whether to try again. Connections are ours to keep: one that was left in the middle of a dialogue is never used again.

use super::{
    Receipt,
    server::{Security, Server},
};
use crate::{config::Config, outbox::Unsent};
use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::Mechanism,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Rcpt},
        extension::{Extension, MailBodyParameter, MailParameter},
    },
};
use std::{fmt, time::Duration};
use tokio::{sync::Mutex, time::timeout};

const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];
/// How many connections are kept for the letters that follow.
const SPARE: usize = 4;
const GOODBYE: Duration = Duration::from_secs(1);

pub(super) struct Smtp {
    server: Server,
    /// How long a letter may take from the first byte to the last.
    patience: Duration,
    spare: Mutex<Vec<AsyncSmtpConnection>>,
}

impl Smtp {
    pub fn from_config(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            server: Server::from_config(config)?,
            patience: config.mail.timeout(),
            spare: Mutex::default(),
        })
    }

    pub async fn send(&self, message: &Message) -> Result<Receipt, Unsent> {
        // A connection whose letter took too long is dropped with it, in whatever state it is.
        timeout(self.patience, self.attempt(message)).await.unwrap_or_else(|_| {
            let seconds = self.patience.as_secs();
            Err(Unsent::NotNow(format!("the mail server {} did not answer within {seconds} s", self.server)))
        })
    }

    async fn attempt(&self, message: &Message) -> Result<Receipt, Unsent> {
        let mut line = match self.take_spare().await {
            Some(line) => line,
            None => self.connect().await?,
        };
        let encrypted = line.is_encrypted();
        match hand_over(&mut line, message).await {
            Ok(answer) => {
                self.keep(line).await;
                Ok(Receipt::Taken {
                    server: self.server.to_string(),
                    encrypted,
                    signed_in: self.server.credentials.is_some(),
                    answer,
                })
            }
            Err(unsent) => {
                // The letter is settled; whether the server hears the goodbye changes nothing.
                let _ = timeout(GOODBYE, line.abort()).await;
                Err(unsent)
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Unsent> {
        let server = &self.server;
        let later = |what: &str| {
            let what = format!("the mail server {server} {what}");
            move |cause: Error| Unsent::NotNow(format!("{what}: {}", said(&cause)))
        };
        let wrapped = server.tls.clone().filter(|_| server.security == Security::Wrapped);
        let address = (server.host.as_str(), server.port);
        let mut line =
            AsyncSmtpConnection::connect_tokio1(address, Some(self.patience), &server.hello, wrapped, None)
                .await
                .map_err(later("cannot be reached"))?;
        let upgrade = match server.security {
            Security::Required if !line.can_starttls() => {
                return Err(Unsent::NotNow(format!(
                    "the mail server {server} offers no encryption (STARTTLS), and smtp_url asks for it"
                )));
            }
            Security::Required => true,
            Security::Opportunistic => line.can_starttls(),
            Security::Wrapped | Security::Plain => false,
        };
        if let Some(tls) = server.tls.clone().filter(|_| upgrade) {
            line.starttls(tls, &server.hello).await.map_err(later("cannot be spoken to over TLS"))?;
        }
        if let Some(credentials) = &server.credentials {
            line.auth(&MECHANISMS, credentials)
                .await
                .map_err(later("did not accept the name and password of smtp_url"))?;
        }
        Ok(line)
    }

    /// A connection that still answers, if one was kept.
    async fn take_spare(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let mut line = self.spare.lock().await.pop()?;
            if line.test_connected().await {
                return Some(line);
            }
        }
    }

    async fn keep(&self, line: AsyncSmtpConnection) {
        let mut spare = self.spare.lock().await;
        if spare.len() < SPARE {
            spare.push(line);
        }
    }

    pub async fn rest(&self) {
        let lines = std::mem::take(&mut *self.spare.lock().await);
        for mut line in lines {
            let _ = timeout(GOODBYE, line.abort()).await;
        }
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Smtp({})", self.server)
    }
}

/// Hands a letter over, step by step, for each step's refusal means something else: a sender that is not let in is a
/// setting to be put right and the letter waits; an address that does not exist will not exist tomorrow either.
async fn hand_over(line: &mut AsyncSmtpConnection, message: &Message) -> Result<String, Unsent> {
    let (envelope, bytes) = (message.envelope(), message.formatted());
    let mut parameters = Vec::new();
    if !envelope.to().iter().chain(envelope.from()).all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
        if !line.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Unsent::Refused(
                "the mail server takes no addresses with letters beyond a to z (SMTPUTF8)".into(),
            ));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !bytes.is_ascii() {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    line.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(|cause| {
        Unsent::NotNow(format!(
            "the mail server takes no letters from the sender of mail_from: {}",
            said(&cause)
        ))
    })?;
    for address in envelope.to() {
        line.command(Rcpt::new(address.clone(), Vec::new()))
            .await
            .map_err(|cause| judge("the mail server refused the address", &cause))?;
    }
    let refused = |cause: Error| judge("the mail server refused the letter", &cause);
    line.command(Data).await.map_err(refused)?;
    let answer = line.message(&bytes).await.map_err(refused)?;
    let words: Vec<&str> = answer.message().collect();
    Ok(format!("{} {}", answer.code(), words.join(" ")).trim().to_owned())
}

fn judge(what: &str, cause: &Error) -> Unsent {
    let words = format!("{what}: {}", said(cause));
    if cause.is_permanent() { Unsent::Refused(words) } else { Unsent::NotNow(words) }
}

/// What the server said, or what went wrong on the way to it.
fn said(cause: &Error) -> String {
    let mut root: &dyn std::error::Error = cause;
    while let Some(below) = root.source() {
        root = below;
    }
    cause.status().map_or_else(|| root.to_string(), |code| format!("{code} {root}"))
}
