//! The channel to whoever is on duty: a webhook that takes JSON with a `text`.

use super::Alert;
use crate::{
    clock::Clock,
    config::Config,
    mail::{Letter, Mailer, Postmark},
    outbox::Unsent,
    outside::{Breaker, post_json},
};
use domain::Timestamp;
use serde_json::json;
use std::{fmt, time::Duration};
use url::Url;

/// How long the webhook may take for one alert.
const PATIENCE: Duration = Duration::from_secs(10);

/// Tells alerts.
#[derive(Clone)]
pub struct Channel {
    webhook: Option<Url>,
    breaker: Breaker,
    mailer: Mailer,
    /// Which installation this is; somebody may be on duty for several.
    installation: String,
}

impl Channel {
    pub fn new(config: &Config, clock: Clock, mailer: Mailer) -> Self {
        Self {
            webhook: config.alerts.webhook_url.address(),
            breaker: Breaker::before("the webhook for alerts", clock),
            mailer,
            installation: config.public_url.clone(),
        }
    }

    /// Hands an alert to the webhook.
    pub async fn post(&self, alert: &Alert, at: Timestamp) -> Result<(), Unsent> {
        let Some(webhook) = &self.webhook else {
            return Err(Unsent::Refused("alerts.webhook_url is not set any more".into()));
        };
        let call = self
            .breaker
            .enter()
            .map_err(|resting| Unsent::NotBefore { wait: resting.wait, why: resting.to_string() })?;
        let text = format!("{}: {} {}", self.installation, alert.headline(), alert.sentences());
        let body = json!({
            "text": text,
            "installation": self.installation,
            "at": jiff::Timestamp::from_microsecond(at.microseconds()).map(|at| at.to_string()).ok(),
            "alert": alert.code(),
            "details": alert,
        });
        match post_json(webhook, &body, PATIENCE).await {
            Ok(answer) if (200..300).contains(&answer.status) => {
                call.answered();
                Ok(())
            }
            Ok(answer) => {
                call.failed(answer.retry_after);
                Err(Unsent::NotNow(format!("the webhook for alerts answered with status {}", answer.status)))
            }
            Err(trouble) => {
                call.failed(None);
                Err(Unsent::NotNow(format!("the webhook for alerts did not take the alert: {trouble}")))
            }
        }
    }

    /// Tells an alert by every way there is, now, past the outbox: for when the database is what is missing.
    pub(super) async fn tell_now(&self, alert: &Alert, mail_to: &str, postmark: Postmark) {
        if self.webhook.is_some()
            && let Err(unsent) = self.post(alert, postmark.at).await
        {
            tracing::error!(alert = alert.code(), cause = %unsent, "the alert did not reach its webhook");
        }
        if !mail_to.is_empty() {
            let letter = Letter::Alert { to: mail_to.to_owned(), alert: alert.clone(), at: postmark.at };
            if let Err(unsent) = self.mailer.send(&letter, postmark).await {
                tracing::error!(alert = alert.code(), cause = %unsent, "the alert could not be mailed");
            }
        }
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Channel({})", self.webhook.as_ref().and_then(Url::host_str).unwrap_or("no webhook"))
    }
}
