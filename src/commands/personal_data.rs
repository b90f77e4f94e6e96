//! `countersign personal-data …`: how names and addresses are kept in the database.

use crate::{console, serve};
use anyhow::Result;
use app::people::with_commas;
use clap::Subcommand;
use server::{
    at_rest::{Conversion, Goal, convert_all},
    clock::Clock,
    config::Config,
    ground::Ground,
    permit::Operator,
};

#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Action {
    /// Encrypt names, e-mail addresses and what is written about people; then set encrypt_personal_data
    Encrypt,
    /// Encrypt them with a new key; the one before stays in the file of keys, for the audit trail
    RotateKey,
    /// Keep them as they are again; then take encrypt_personal_data out of the settings
    Decrypt,
}

impl Action {
    /// The store is opened without the services, which would refuse one that is not as the setting wants it.
    pub async fn run(self, config: Config) -> Result<()> {
        let (keys, db, chance) = serve::prepare(&config).await?;
        let ground = Ground::on(db, Clock::of_the_machine(), chance, &keys, &config);
        let outcome = convert_all(&Operator::of_this_machine(), &ground, &keys.personal, self.goal()).await;
        ground.db.close().await;
        tell(&outcome?);
        Ok(())
    }

    const fn goal(self) -> Goal {
        match self {
            Self::Encrypt => Goal::Encrypted,
            Self::RotateKey => Goal::NewKey,
            Self::Decrypt => Goal::Decrypted,
        }
    }
}

fn tell(done: &Conversion) {
    let people = with_commas(done.people);
    match &done.key {
        Some(key) => console::say(format_args!(
            "The names and addresses of {people} people are encrypted with the key {key}. Keep a copy of keys/personal.key apart from backups of the database. Older entries of the audit trail stay as they are until their time is over."
        )),
        None => {
            console::say(format_args!("The names and addresses of {people} people are kept as they are."))
        }
    }
}
