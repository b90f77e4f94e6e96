//! A real mail server for tests, in a process of its own that a test may stop and start again.

use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// The Python in which the mail server is installed; `make test` installs it and sets this.
const PYTHON: &str = "COUNTERSIGN_TEST_SMTP";
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/test/mail_server.py");

/// A running mail server. Dropped, it is ended.
pub struct MailServer {
    child: Child,
    folder: TempDir,
    options: Vec<String>,
    pub port: u16,
}

impl MailServer {
    /// Starts a mail server on a free port. What it can be asked for stands in the script.
    pub fn start(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        let (child, port) = run(&folder, &options, 0);
        Self { child, folder, options, port }
    }

    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts it again where it was, with the letters that it had.
    pub fn start_again(&mut self) {
        let (child, port) = run(&self.folder, &self.options, self.port);
        assert_eq!(port, self.port);
        self.child = child;
    }

    /// The certificate that it shows.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// The letters that it took, in the order of their arrival, with line ends as files have them.
    pub fn letters(&self) -> Vec<String> {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "eml"));
        paths.sort();
        paths.iter().map(|path| fs::read_to_string(path).unwrap().replace("\r\n", "\n")).collect()
    }

    /// What it did, step by step: everything that it noted under this word.
    pub fn noted(&self, what: &str) -> Vec<Value> {
        let log = fs::read_to_string(self.folder.path().join("log.jsonl")).unwrap_or_default();
        let notes = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        notes.filter(|note| note["what"] == what).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stop();
    }
}

#[allow(clippy::disallowed_methods, reason = "no setting of the program")]
fn run(folder: &TempDir, options: &[String], port: u16) -> (Child, u16) {
    let python = std::env::var(PYTHON).unwrap_or_else(|_| {
        panic!("{PYTHON} is not set. `make test` installs a mail server for the tests; or set it to the Python that scripts/setup/smtp.sh makes")
    });
    let mut child = Command::new(python)
        .arg(SCRIPT)
        .arg("--folder")
        .arg(folder.path())
        .args(["--port", &port.to_string()])
        .args(options)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let port =
        line.trim().strip_prefix("listening ").expect("the mail server did not start").parse().unwrap();
    (child, port)
}
