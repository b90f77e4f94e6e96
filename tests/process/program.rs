//! Starting the program in a place of its own, reading its log, and ending it.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Longer than anything here should ever take.
const DEADLINE: Duration = Duration::from_secs(120);
pub const PASSWORD: &str = "correct horse battery staple";

/// A data folder and settings: an installation.
pub struct Place {
    folder: Arc<TempDir>,
    settings: Vec<(String, String)>,
}

/// How a command ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Outcome {
    /// The one line in which the program says why it stopped.
    #[track_caller]
    pub fn complaint(&self) -> &str {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert!(!self.err.contains("panicked"), "{self:?}");
        let mut lines = self.err.lines().filter(|line| !line.starts_with('{'));
        let line = lines.next().unwrap_or_else(|| panic!("no word on what is wrong: {self:?}"));
        assert_eq!(lines.next(), None, "more than one line: {self:?}");
        line.strip_prefix("countersign: ")
            .unwrap_or_else(|| panic!("the line does not say who speaks: {line}"))
    }
}

impl Place {
    /// An installation with SQLite in its data folder, a free port, and hashing as cheap as the settings allow.
    pub fn new() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let settings =
            [("LISTEN", "127.0.0.1:0"), ("PASSWORDS__MEMORY_KIB", "8192"), ("PASSWORDS__ITERATIONS", "1")];
        let place =
            Self { folder, settings: settings.map(|(name, value)| (name.into(), value.into())).to_vec() };
        let data = place.data().display().to_string();
        place.with("DATA_DIR", &data)
    }

    /// The same installation once more, for other settings.
    pub fn beside(&self) -> Self {
        Self { folder: self.folder.clone(), settings: self.settings.clone() }
    }

    /// The same with one setting more, or another value for one.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.retain(|(set, _)| set != name);
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// The program with these arguments, in this place and with nothing from outside.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
        command.args(arguments).current_dir(self.folder()).env_clear();
        // Tests are quicker than any client.
        command
            .env("COUNTERSIGN_LIMITS__AUTH_PER_MINUTE", "100000")
            .env("COUNTERSIGN_LIMITS__API_PER_MINUTE", "100000")
            .env("COUNTERSIGN_LIMITS__FORMS_PER_MINUTE", "100000");
        for (name, value) in &self.settings {
            command.env(format!("COUNTERSIGN_{name}"), value);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with_input(arguments, "")
    }

    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Outcome {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that does not read its input closes it early; that is no failure.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Outcome { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Makes an account with `PASSWORD` on the command line and answers what was printed.
    pub fn create_user(&self, username: &str, role: &str) -> Outcome {
        let email = format!("{username}@example.com");
        let arguments = [
            "user",
            "create",
            "--username",
            username,
            "--email",
            &email,
            "--full-name",
            "Test Person",
            "--role",
            role,
            "--password-stdin",
        ];
        self.run_with_input(&arguments, &format!("{PASSWORD}\n"))
    }

    pub fn serve(&self) -> Program {
        Program::start(self.command(&["serve"]))
    }
}

/// A running program. Dropped, it is killed.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    log: Arc<Log>,
    /// From the start of the process until it listened.
    pub started_in: Duration,
}

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    grown: Condvar,
}

impl Program {
    fn start(mut command: Command) -> Self {
        let started = Instant::now();
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Log::default());
        let (pipe, kept) = (child.stderr.take().unwrap(), log.clone());
        thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                kept.lines.lock().unwrap().push(line);
                kept.grown.notify_all();
            }
        });
        let mut program =
            Self { child, address: SocketAddr::from(([0, 0, 0, 0], 0)), log, started_in: Duration::ZERO };
        let listening = program.logged("listening");
        program.started_in = started.elapsed();
        program.address = listening["address"].as_str().unwrap().parse().unwrap();
        program
    }

    /// Waits for the log entry with this message.
    #[track_caller]
    pub fn logged(&self, message: &str) -> Value {
        let deadline = Instant::now() + DEADLINE;
        let mut lines = self.log.lines.lock().unwrap();
        loop {
            let entries = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
            if let Some(entry) = entries
                .into_iter()
                .find(|entry| entry["message"].as_str().is_some_and(|text| text.starts_with(message)))
            {
                return entry;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the log does not say {message:?} but:\n{}", lines.join("\n"));
            lines = self.log.grown.wait_timeout(lines, left).unwrap().0;
        }
    }

    /// Everything that was logged until now.
    pub fn log(&self) -> String {
        self.log.lines.lock().unwrap().join("\n")
    }

    /// Asks the program to stop, as a service manager does.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Asks the program to stop, as Ctrl-C does.
    pub fn interrupt(&self) {
        self.signal("INT");
    }

    /// Ends the program between two instructions.
    pub fn kill_at_once(&self) {
        self.signal("KILL");
    }

    fn signal(&self, name: &str) {
        let sent =
            Command::new("sh").args(["-c", &format!("kill -{name} {}", self.child.id())]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end of the process.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        until("the program ended", || self.child.try_wait().unwrap())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks again and again until there is an answer.
#[track_caller]
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within {DEADLINE:?}: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
