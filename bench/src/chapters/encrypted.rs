//! The long list of people where names and addresses are encrypted, on SQLite.

use super::{
    answers::{self, Store},
    loading,
    questions::Texts,
};
use crate::{
    figures::Figures,
    program::{Installation, Program},
};
use anyhow::{Result, ensure};

const STORE: Store =
    Store { name: "SQLite, encrypted", texts: Texts::Encrypted, p99: 100.0, aim: "p99 < 100 ms" };
const WORDS: &str = "The embedded database with `encrypt_personal_data`; PostgreSQL was not measured with it. Names and addresses have no \
                     order there, so searches and filters are asked in the order in which people joined.";

pub async fn measure(program: &Program, people: u64, figures: &mut Figures) -> Result<()> {
    let place = Installation::new(None)?.with("COUNTERSIGN_ENCRYPT_PERSONAL_DATA", "true");
    loading::into_encrypted_sqlite(program, &place, people, figures).await?;
    ensure!(place.folder().join("keys/personal.key").is_file(), "nothing was encrypted: there is no key");
    answers::ask(program, &place, people, &STORE, WORDS, figures).await
}
