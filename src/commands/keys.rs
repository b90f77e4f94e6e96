//! `countersign keys …`: the keys that sign tokens.

use crate::{console, serve};
use anyhow::Result;
use clap::Subcommand;
use serde_json::json;
use server::{Backend, Origin, config::Config, permit::Operator};

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Make a new key that signs from now on; tokens of the old one stay good until their time is over
    Rotate,
    /// List the keys that are believed, a line each, as JSON; the first one signs
    List,
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let backend = serve::open(config).await?;
        let outcome = self.act(&backend).await;
        backend.close().await;
        outcome
    }

    async fn act(self, backend: &Backend) -> Result<()> {
        match self {
            Self::Rotate => {
                let key =
                    backend.identity.rotate_keys(&Operator::of_this_machine(), &Origin::operator()).await?;
                console::say(json!({ "key": key.id, "signs": true }));
            }
            Self::List => {
                for (place, key) in backend.identity.signing_keys().iter().enumerate() {
                    console::say(json!({ "key": key.id, "signs": place == 0 }));
                }
            }
        }
        Ok(())
    }
}
