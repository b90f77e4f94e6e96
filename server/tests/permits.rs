//! A forgotten check does not compile: each program in `permits/` leaves one out and must be turned away by the compiler.
//!
//! They are compiled against the very library that this test is linked with, which takes a moment each; building every
//! dependency anew for them (as the usual tools do) takes minutes.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

/// The right way, so that the wrong ones fail for reasons of their own.
const RIGHT: &str = "with_a_permit";

/// A way to compile a program against the back end.
struct Compiler {
    dependencies: PathBuf,
    server: PathBuf,
    domain: PathBuf,
    out: tempfile::TempDir,
}

impl Compiler {
    /// Finds the libraries that were built with this test: the newest pair that the right program compiles with.
    fn find() -> Self {
        let dependencies = std::env::current_exe().unwrap().parent().unwrap().to_owned();
        let (servers, domains) =
            (newest_first(&dependencies, "server"), newest_first(&dependencies, "domain"));
        let mut complaint = String::from("no library was found beside this test");
        for server in &servers {
            for domain in &domains {
                let (server, domain) = (server.clone(), domain.clone());
                let compiler = Self {
                    dependencies: dependencies.clone(),
                    server,
                    domain,
                    out: tempfile::tempdir().unwrap(),
                };
                match compiler.compile(RIGHT) {
                    Ok(()) => return compiler,
                    Err(words) => complaint = words,
                }
            }
        }
        panic!("the right way does not compile: {complaint}");
    }

    /// Compiles a program of the folder, or says why not.
    fn compile(&self, program: &str) -> Result<(), String> {
        let library = |name: &str, path: &Path| format!("{name}={}", path.display());
        let output = Command::new("rustc")
            .args([
                "--edition=2024",
                "--emit=metadata",
                "--crate-name=program",
                "--cfg=erase_components",
                "--color=never",
            ])
            .arg("-L")
            .arg(library("dependency", &self.dependencies))
            .args([
                "--extern",
                &library("server", &self.server),
                "--extern",
                &library("domain", &self.domain),
            ])
            .arg("--out-dir")
            .arg(self.out.path())
            .arg(source(program))
            .output()
            .unwrap();
        if output.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

fn source(program: &str) -> PathBuf {
    Path::new("tests/permits").join(format!("{program}.rs"))
}

fn newest_first(folder: &Path, library: &str) -> Vec<PathBuf> {
    let is_it = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        name.starts_with(&format!("lib{library}-")) && name.ends_with(".rlib")
    };
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| is_it(path)).collect();
    let built = |path: &PathBuf| {
        fs::metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
    };
    found.sort_by_key(|path| std::cmp::Reverse(built(path)));
    found
}

#[test]
fn r4_a_forgotten_check_does_not_compile() {
    let compiler = Compiler::find();
    let mut checked = 0;
    for entry in fs::read_dir("tests/permits").unwrap() {
        let path = entry.unwrap().path();
        let program = path.file_stem().unwrap().to_str().unwrap();
        if program == RIGHT {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let expected = text
            .lines()
            .find_map(|line| line.strip_prefix("// error"))
            .unwrap_or_else(|| panic!("{program} does not say what should be wrong"));
        match compiler.compile(program) {
            Ok(()) => panic!("{program} compiles"),
            Err(complaint) => assert!(
                complaint.contains(&format!("error{expected}")),
                "{program} fails for another reason:\n{complaint}"
            ),
        }
        checked += 1;
    }
    assert!(checked >= 9, "only {checked} programs were tried");
}
