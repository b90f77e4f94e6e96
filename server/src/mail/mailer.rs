//! Sending: a letter is written, composed and handed over, and what became of it is told.

use super::{Letter, message, message::Postmark, smtp::Smtp};
use crate::{
    config::Config,
    outbox::{Unsent, spool},
};
use lettre::message::Mailbox;
use std::{path::PathBuf, sync::Arc};

/// Sends letters.
#[derive(Debug, Clone)]
pub struct Mailer {
    sender: Mailbox,
    public_url: String,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Smtp(Arc<Smtp>),
    Files(PathBuf),
}

/// What became of a letter that has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Receipt {
    /// A mail server took it, with these words.
    Taken { server: String, encrypted: bool, signed_in: bool, answer: String },
    /// It lies in the data folder.
    Filed { place: PathBuf },
}

impl Mailer {
    pub fn from_config(config: &Config) -> anyhow::Result<Self> {
        let way = if config.smtp_url.is_set() {
            Way::Smtp(Arc::new(Smtp::from_config(config)?))
        } else {
            Way::Files(config.data_dir.join("outbox"))
        };
        Ok(Self { sender: config.mail_from.parse()?, public_url: config.public_url.clone(), way })
    }

    /// Sends a letter. A second try with the same postmark sends the same bytes.
    pub async fn send(&self, letter: &Letter, postmark: Postmark) -> Result<Receipt, Unsent> {
        let written = letter.write(&self.public_url);
        let message = message::compose(&self.sender, letter.to(), written, postmark)
            .map_err(|cause| Unsent::Refused(format!("the address cannot be written to: {cause}")))?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(&message).await,
            Way::Files(folder) => {
                let name = format!("{}.eml", postmark.job);
                let written = spool::write(folder.clone(), name, message.formatted()).await;
                written.map(|place| Receipt::Filed { place }).map_err(|cause| {
                    Unsent::NotNow(format!("the letter cannot be written to the data folder: {cause}"))
                })
            }
        }
    }

    /// Says goodbye to the mail server when there is nothing to send for now. The next letter connects again.
    pub async fn rest(&self) {
        if let Way::Smtp(smtp) = &self.way {
            smtp.rest().await;
        }
    }
}
