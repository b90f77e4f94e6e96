//! Text messages: how they leave, by a service that speaks Twilio's protocol, or as files in the data folder for development.

mod twilio;

pub use twilio::Twilio;

use crate::{
    clock::Clock,
    config::Config,
    outbox::{Unsent, spool},
};
use domain::{JobId, phone::PhoneNumber};
use std::{path::PathBuf, time::Duration};

/// How long the service may take for one message.
const PATIENCE: Duration = Duration::from_secs(10);

/// A message to a phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub to: PhoneNumber,
    pub words: String,
}

/// Sends text messages.
#[derive(Debug, Clone)]
pub enum Sms {
    Twilio(Twilio),
    /// Files that end in `.sms.txt`, beside the letters.
    Files(PathBuf),
    /// Nothing is set up, and this is no place for development.
    Nowhere,
}

impl Sms {
    pub fn from_config(config: &Config, clock: Clock) -> anyhow::Result<Self> {
        if config.sms_url.is_set() {
            let twilio = Twilio::new(config.sms_url.reveal(), &config.sms_from, PATIENCE, clock)?;
            Ok(Self::Twilio(twilio))
        } else if config.development {
            Ok(Self::Files(config.data_dir.join("outbox")))
        } else {
            Ok(Self::Nowhere)
        }
    }

    /// Whether a message could leave at all, so that codes by text message may be offered.
    pub const fn is_set_up(&self) -> bool {
        !matches!(self, Self::Nowhere)
    }

    pub async fn send(&self, job: JobId, text: &Text) -> Result<(), Unsent> {
        match self {
            Self::Twilio(twilio) => twilio.send(text).await,
            Self::Files(folder) => {
                let written = format!("To: {}\n\n{}\n", text.to, text.words);
                spool::write(folder.clone(), format!("{job}.sms.txt"), written.into_bytes())
                    .await
                    .map(|_| ())
                    .map_err(|cause| {
                        Unsent::NotNow(format!("the message cannot be written to the data folder: {cause}"))
                    })
            }
            Self::Nowhere => {
                Err(Unsent::NotNow("no service for text messages is set up: set sms_url and sms_from".into()))
            }
        }
    }
}
