//! Letters and messages as files, for where no server takes them.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{Error, Result, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
};

/// Writes beside and renames, so that no half message is ever seen. Messages hold what only their readers should see.
/// Answers where the message lies.
pub(crate) async fn write(folder: PathBuf, name: String, content: Vec<u8>) -> Result<PathBuf> {
    let written = tokio::task::spawn_blocking(move || {
        DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        let draft = folder.join(format!("{name}.draft"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(&content)?;
        let place = folder.join(name);
        std::fs::rename(draft, &place)?;
        Ok(place)
    });
    written.await.unwrap_or_else(|cause| Err(Error::other(cause)))
}
