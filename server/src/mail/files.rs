//! Letters as files in the data folder, where no mail server is set.

use domain::JobId;
use std::{
    fs::{DirBuilder, OpenOptions},
    io::{Result, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Writes beside and renames, so that no half letter is ever seen. Answers where the letter lies.
pub(super) fn write(folder: &Path, job: JobId, letter: &[u8]) -> Result<PathBuf> {
    // Letters hold what only their readers should see.
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(format!("{job}.draft"));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(letter)?;
    let place = folder.join(format!("{job}.eml"));
    std::fs::rename(draft, &place)?;
    Ok(place)
}
