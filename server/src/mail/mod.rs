//! Mail: the letters there are, and how they leave: by SMTP, or as files in the data folder where no server is set.

mod letter;
mod store;

pub use letter::{Letter, Written};
pub use store::{Posted, newest};

use crate::config::Config;
use anyhow::Context;
use domain::JobId;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
};
use std::{
    fs::{DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// Sends letters.
#[derive(Debug, Clone)]
pub struct Mailer {
    sender: Mailbox,
    public_url: String,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Files(PathBuf),
}

impl Mailer {
    pub fn from_config(config: &Config) -> anyhow::Result<Self> {
        let way = if config.smtp_url.is_set() {
            let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(config.smtp_url.reveal())
                .map_err(|_| anyhow::anyhow!("smtp_url is no address of a mail server"))?;
            Way::Smtp(transport.timeout(Some(PATIENCE)).build())
        } else {
            Way::Files(config.data_dir.join("outbox"))
        };
        Ok(Self {
            sender: config.mail_from.parse()?,
            public_url: config.public_url.trim_end_matches('/').to_owned(),
            way,
        })
    }

    /// Sends a letter. The job's id makes its message id, so that a second try is recognised as the same letter.
    pub async fn send(&self, job: JobId, letter: &Letter) -> anyhow::Result<()> {
        let written = letter.write(&self.public_url);
        let message = Message::builder()
            .from(self.sender.clone())
            .to(letter.to().parse().context("the address cannot be written to")?)
            .subject(written.subject.clone())
            .message_id(Some(format!("<{job}@{}>", self.sender.email.domain())))
            .multipart(MultiPart::alternative_plain_html(written.text, written.html))?;
        match &self.way {
            Way::Smtp(transport) => {
                transport.send(message).await.context("the mail server did not take the letter")?;
            }
            Way::Files(folder) => write_file(folder.clone(), job, message.formatted()).await?,
        }
        Ok(())
    }
}

/// Writes beside and renames, so that no half letter is ever seen.
async fn write_file(folder: PathBuf, job: JobId, letter: Vec<u8>) -> anyhow::Result<()> {
    tokio::task::spawn_blocking(move || {
        // Letters hold what only their readers should see.
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let draft = folder.join(format!("{job}.draft"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&letter)?;
        std::fs::rename(draft, folder.join(format!("{job}.eml")))
    })
    .await?
    .context("the letter cannot be written to the data folder")
}
