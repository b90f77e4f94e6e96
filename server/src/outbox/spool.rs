//! Messages as files, for where no service takes them.

use anyhow::Context;
use std::{
    fs::{DirBuilder, OpenOptions},
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
};

/// Writes beside and renames, so that no half message is ever seen. Messages hold what only their readers should see.
pub(crate) async fn write(folder: PathBuf, name: String, content: Vec<u8>) -> anyhow::Result<()> {
    tokio::task::spawn_blocking(move || {
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let draft = folder.join(format!("{name}.draft"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&content)?;
        std::fs::rename(draft, folder.join(name))
    })
    .await?
    .context("the message cannot be written to the data folder")
}
