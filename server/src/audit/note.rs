//! A note of the chain's head beside the database, in the data folder: whoever cuts entries off in the database cannot
//! change it as well.

use super::ends::{End, Noted};
use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

const FILE: &str = "audit-head";

/// Where the head is noted.
#[derive(Debug, Clone)]
pub(super) struct Note(PathBuf);

impl Note {
    pub(super) fn in_folder(data_dir: &Path) -> Self {
        Self(data_dir.join(FILE))
    }

    /// What was noted last. A note that cannot be read is as good as none, and the log says so.
    pub(super) fn read(&self) -> Option<Noted> {
        let text = match fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::error!(path = %self.0.display(), %error, "the noted head of the audit trail cannot be read");
                return None;
            }
        };
        let noted = text.parse().ok();
        if noted.is_none() {
            tracing::error!(path = %self.0.display(), "the noted head of the audit trail is damaged");
        }
        noted
    }

    /// Notes another head, whole or not at all.
    pub(super) fn write(&self, head: &End) {
        let draft = self.0.with_extension(format!("{}.new", std::process::id()));
        let written = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&draft)
            .and_then(|mut file| writeln!(file, "{head}"))
            .and_then(|()| fs::rename(&draft, &self.0));
        if let Err(error) = written {
            tracing::error!(path = %self.0.display(), %error, "the head of the audit trail cannot be noted");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    #[test]
    fn u7_the_noted_head_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let note = Note::in_folder(folder.path());
        assert_eq!(note.read(), None);
        for place in [1, 2] {
            let end = End { place, seal: [9; 32], at: Timestamp::from_seconds(1) };
            note.write(&end);
            assert_eq!(note.read(), Some(Noted::from(end)));
        }
        fs::write(folder.path().join(FILE), "nonsense").unwrap();
        assert_eq!(note.read(), None);
    }
}
