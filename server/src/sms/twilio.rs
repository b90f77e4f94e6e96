//! Twilio's way of sending text messages, which other services speak too: a form posted with the account's name and token.

use super::Text;
use crate::{
    clock::Clock,
    outbox::Unsent,
    outside::{Answer, Authorities, Breaker, post_form},
};
use anyhow::{Context, anyhow, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use std::{fmt, time::Duration};
use url::Url;

/// Such names stand for a pool of numbers that the service chooses from.
const POOL: &str = "MG";
/// When to come back to a service that asks for peace without saying for how long.
const A_WHILE: Duration = Duration::from_secs(30);

/// An account with a service that speaks Twilio's protocol.
#[derive(Clone)]
pub struct Twilio {
    messages: Url,
    authorization: String,
    sender: String,
    patience: Duration,
    breaker: Breaker,
}

impl Twilio {
    /// `address` is `https://ACCOUNT:TOKEN@host`; `sender` a number of the account or the name of a pool of them.
    pub fn new(address: &str, sender: &str, patience: Duration, clock: Clock) -> anyhow::Result<Self> {
        let mut url = Url::parse(address).map_err(|_| anyhow!("sms_url is no address"))?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (account, token) = (decoded(url.username()), decoded(url.password().unwrap_or_default()));
        ensure!(
            !account.is_empty() && !token.is_empty(),
            "sms_url must carry the account and its token: https://ACCOUNT:TOKEN@api.twilio.com"
        );
        let is_plain = |account: &str| account.bytes().all(|byte| byte.is_ascii_alphanumeric());
        ensure!(is_plain(&account), "the account in sms_url must consist of letters and digits");
        // What remains is told in errors and logs; the token must not be.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let messages = url
            .join(&format!("/2010-04-01/Accounts/{account}/Messages.json"))
            .context("sms_url is no address")?;
        Ok(Self {
            messages,
            authorization: format!("Basic {}", STANDARD.encode(format!("{account}:{token}"))),
            sender: sender.to_owned(),
            patience,
            breaker: Breaker::before("the text message service", clock),
        })
    }

    /// Hands a message to the service. What can never succeed is told apart from what may succeed later.
    pub async fn send(&self, text: &Text) -> Result<(), Unsent> {
        let call = self
            .breaker
            .enter()
            .map_err(|resting| Unsent::NotBefore { wait: resting.wait, why: resting.to_string() })?;
        let from = if self.sender.starts_with(POOL) { "MessagingServiceSid" } else { "From" };
        let fields = [("To", text.to.as_str()), (from, &self.sender), ("Body", &text.words)];
        let public = Authorities::default();
        let asked = post_form(&self.messages, Some(&self.authorization), &fields, &public, self.patience);
        let answer = match asked.await {
            Ok(answer) => answer,
            Err(trouble) => {
                call.failed(None);
                let why = format!("the text message service did not take the message: {trouble}");
                return Err(Unsent::NotNow(why));
            }
        };
        match answer.status {
            201 if names_a_message(&answer) => {
                call.answered();
                Ok(())
            }
            429 => {
                let wait = answer.retry_after.unwrap_or(A_WHILE);
                call.failed(Some(wait));
                let why = "the text message service asks for fewer messages".to_owned();
                Err(Unsent::NotBefore { wait, why })
            }
            400 => {
                call.answered();
                let why = format!("the text message service refuses this message{}", reason(&answer));
                Err(Unsent::Refused(why))
            }
            401 | 403 | 404 => {
                call.answered();
                Err(Unsent::NotNow(format!(
                    "the text message service refuses the account (status {}{}); look at sms_url",
                    answer.status,
                    reason(&answer)
                )))
            }
            status => {
                call.failed(answer.retry_after);
                let why =
                    format!("the text message service answered with status {status}{}", reason(&answer));
                Err(Unsent::NotNow(why))
            }
        }
    }

    /// Whether the service is left in peace after several failures.
    pub fn is_resting(&self) -> bool {
        self.breaker.is_open()
    }
}

/// Something between us and the service may answer in its place; only the service gives the message a name.
fn names_a_message(answer: &Answer) -> bool {
    #[derive(Deserialize)]
    struct Taken {
        sid: String,
    }
    serde_json::from_slice::<Taken>(&answer.body).is_ok_and(|taken| !taken.sid.is_empty())
}

/// The number of the service's error. Its words are left out: they repeat the phone number.
fn reason(answer: &Answer) -> String {
    #[derive(Deserialize)]
    struct Refused {
        code: u32,
    }
    serde_json::from_slice::<Refused>(&answer.body)
        .map(|refused| format!(", error {}", refused.code))
        .unwrap_or_default()
}

impl fmt::Debug for Twilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Twilio({})", self.messages.host_str().unwrap_or_default())
    }
}
