//! The rules of the house, as tests: which way dependencies point, where things live, and how large they may grow.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on should stop, and what could not be looked at is said"
)]

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

const LONGEST_FILE: usize = 400;
/// What the browser loads for its islands, as it leaves the build.
/// Of a development build, which tests look at; a release has less than half of it. The rules of names and addresses, told
/// while one types, are the newest 95 KiB.
const LARGEST_WASM: u64 = 1300 * 1024;
/// Folders that builds make.
const MADE: [&str; 5] = [".git", "target", "node_modules", "results", "data"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below this folder whose name ends so, as a path from the root.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !MADE.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if name.ends_with(ending) {
                found.push(path.strip_prefix(root()).unwrap().display().to_string());
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "there is no {ending} below {folder}");
    found
}

/// Every Rust file of the product, without its tests.
fn product() -> Vec<String> {
    ["domain/src", "server/src", "app/src", "frontend/src", "src"]
        .iter()
        .flat_map(|folder| files(folder, ".rs"))
        .collect()
}

fn folders(parent: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(parent)).unwrap().map(Result::unwrap);
    let folders =
        entries.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().into_string().unwrap());
    folders.filter(|name| !name.starts_with('.') && !MADE.contains(&name.as_str())).collect()
}

/// The crates that a manifest names in its `[dependencies]`.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let text = read(manifest);
    let section =
        text.split("\n[dependencies]\n").nth(1).unwrap_or_else(|| panic!("{manifest} has no dependencies"));
    let lines = section.lines().take_while(|line| !line.starts_with('[')).filter(|line| line.contains('='));
    lines.map(|line| line.split(['.', ' ', '=']).next().unwrap().to_owned()).collect()
}

/// Complains about every finding at once.
#[track_caller]
fn none(what: &str, findings: impl IntoIterator<Item = String>) {
    let findings: Vec<String> = findings.into_iter().collect();
    assert!(findings.is_empty(), "{what}:\n  {}", findings.join("\n  "));
}

#[test]
fn dependencies_point_one_way() {
    let ours = ["domain", "server", "app", "frontend", "countersign"];
    for (crate_name, allowed) in
        [("domain", &[][..]), ("server", &["domain"]), ("app", &["domain", "server"]), ("frontend", &["app"])]
    {
        let used = dependencies(&format!("{crate_name}/Cargo.toml"));
        let foreign = ours.iter().filter(|name| used.contains(**name) && !allowed.contains(name));
        none(&format!("{crate_name} must not depend on"), foreign.map(|name| (*name).to_owned()));
    }
}

#[test]
fn what_browsers_run_knows_no_server() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--quiet",
            "--package",
            "frontend",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{lib}",
        ])
        .args(["--target", "wasm32-unknown-unknown"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let crates: BTreeSet<&str> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    assert!(
        crates.contains("app") && crates.contains("domain"),
        "this test reads the tree wrongly: {crates:?}"
    );
    let never =
        ["server", "axum", "hyper", "tokio", "sqlx", "sqlx_core", "leptos_axum", "argon2", "jsonwebtoken"];
    none(
        "frontend depends on",
        never.iter().filter(|name| crates.contains(**name)).map(|name| (*name).to_owned()),
    );
}

#[test]
fn every_crate_follows_the_lints_of_the_workspace() {
    let manifests =
        ["Cargo.toml", "domain/Cargo.toml", "server/Cargo.toml", "app/Cargo.toml", "bench/Cargo.toml"];
    none(
        "no [lints] workspace = true in",
        manifests
            .iter()
            .filter(|path| !read(path).contains("[lints]\nworkspace = true"))
            .map(|path| (*path).to_owned()),
    );
    assert!(read("Cargo.toml").contains("unsafe_code = \"forbid\""));
}

#[test]
fn a_capability_leaves_the_stores_of_others_alone() {
    let capabilities = folders("server/src");
    let has_store = |name: &String| root().join(format!("server/src/{name}/store.rs")).is_file();
    let mut findings = Vec::new();
    for path in files("server/src", ".rs") {
        let folder = path.split('/').nth(2).unwrap().to_owned();
        // The door for writes records what happened; the tests look behind the curtain.
        let is_allowed = path == "server/src/db/tx.rs" || folder == "testing";
        for owner in capabilities.iter().filter(|name| **name != folder && has_store(name)) {
            let text = read(&path);
            let reaches =
                text.contains(&format!("{owner}::store")) || text.contains(&format!("{owner}::{{store"));
            if reaches && !is_allowed {
                findings.push(format!("{path} reaches into the store of {owner}"));
            }
        }
    }
    none("ask the service instead", findings);
}

#[test]
fn statements_live_in_stores() {
    let is_a_place_for_them = |path: &str| {
        ["/store.rs", "/visits.rs"].iter().any(|end| path.ends_with(end))
            || ["/store/", "/listing/"].iter().any(|folder| path.contains(folder))
            || path.starts_with("server/src/db/")
            || path.starts_with("server/src/testing/")
    };
    let verbs = ["select ", "insert into ", "update ", "delete from ", "with ", "create table "];
    let mut findings = Vec::new();
    for path in product().into_iter().filter(|path| !is_a_place_for_them(path)) {
        for (number, line) in read(&path).lines().enumerate() {
            let quoted = line.trim().trim_start_matches("r#").trim_start_matches('"');
            let begins_text = line.trim().starts_with('"') || line.trim().starts_with("r#\"");
            if begins_text
                && verbs.iter().any(|verb| quoted.starts_with(verb))
                && (quoted.contains(" from ") || quoted.contains(" into ") || quoted.contains(" set "))
            {
                findings.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none("a statement outside of a store", findings);
}

#[test]
fn every_module_says_what_lives_there() {
    let places = ["domain", "server", "app", "frontend", "bench", "src", "tests"];
    let sources = places.iter().flat_map(|folder| files(folder, ".rs")).chain(["build.rs".to_owned()]);
    none("begin with //! and a sentence", sources.filter(|path| !read(path).starts_with("//! ")));
}

#[test]
fn no_file_outgrows_its_reader() {
    let endings = [".rs", ".css", ".sh", ".ts", ".js", ".py", ".sql"];
    let sources =
        files(".", "").into_iter().filter(|path| endings.iter().any(|ending| path.ends_with(ending)));
    let long =
        sources.map(|path| (read(&path).lines().count(), path)).filter(|(lines, _)| *lines > LONGEST_FILE);
    none(&format!("more than {LONGEST_FILE} lines"), long.map(|(lines, path)| format!("{path}: {lines}")));
}

#[test]
fn no_place_is_named_for_everything() {
    let vague = ["utils", "util", "common", "helpers", "helper", "misc", "shared"];
    let sources = product()
        .into_iter()
        .chain(files("scripts", ""))
        .chain(files("tests", ".rs"))
        .chain(files("server/tests", ".rs"));
    let is_vague = |path: &String| path.split(['/', '.']).any(|part| vague.contains(&part));
    none("a name that says nothing", sources.filter(is_vague));
}

#[test]
fn the_operator_sits_at_the_machine_alone() {
    let elsewhere = product()
        .into_iter()
        .filter(|path| !path.starts_with("src/") && !path.starts_with("server/src/testing/"));
    let uses = elsewhere.filter(|path| read(path).contains("Operator::of_this_machine"));
    none("Operator::of_this_machine is for the command line", uses);
}

#[test]
fn nothing_is_left_for_later() {
    // Written in two parts, so that this file does not find itself.
    let marks = ["todo", "dbg", "unimplemented"]
        .map(|word| format!("{word}!"))
        .into_iter()
        .chain(["TODO", "FIXME", "XXX"].map(|word| format!("{word}:")));
    let marks: Vec<String> = marks.collect();
    let sources = product()
        .into_iter()
        .chain(files("tests", ".rs"))
        .chain(files("server/tests", ".rs"))
        .chain(files("scripts", ".sh"));
    none("left for later", sources.filter(|path| marks.iter().any(|mark| read(path).contains(mark))));
}

#[test]
fn the_map_names_every_place() {
    let map = read("docs/ARCHITECTURE.md");
    let top = folders(".").into_iter().map(|name| format!("{name}/"));
    none("docs/ARCHITECTURE.md does not name the folder", top.filter(|name| !map.contains(name.as_str())));
    let capabilities = folders("server/src").into_iter().chain(folders("app/src"));
    none(
        "docs/ARCHITECTURE.md does not name the capability",
        capabilities.filter(|name| !map.contains(name.as_str())),
    );
}

#[test]
fn every_migration_is_run() {
    let code = read("server/src/db/migrate.rs");
    let names = files("migrations", ".sql");
    let listed = names
        .iter()
        .map(|path| format!("\"{}\"", path.trim_start_matches("migrations/").trim_end_matches(".sql")));
    let places: Vec<Option<usize>> = listed.map(|name| code.find(&name)).collect();
    none(
        "a migration that server/src/db/migrate.rs does not list",
        names.iter().zip(&places).filter(|(_, place)| place.is_none()).map(|(name, _)| name.clone()),
    );
    assert!(places.is_sorted(), "migrations are listed out of order");
}

#[test]
fn scripts_can_be_run_and_what_is_sourced_cannot() {
    let mut findings = Vec::new();
    for path in files("scripts", "") {
        let is_executable = fs::metadata(root().join(&path)).unwrap().permissions().mode() & 0o111 != 0;
        let begins = fs::read(root().join(&path)).unwrap_or_default().starts_with(b"#!");
        if is_executable != begins {
            findings.push(format!("{path}: executable {is_executable}, begins with #! {begins}"));
        }
    }
    none("a script that cannot be run, or the other way round", findings);
}

#[test]
#[allow(clippy::disallowed_methods, reason = "these variables are no settings of the program")]
fn what_browsers_load_stays_small() {
    let Ok(site) = std::env::var("COUNTERSIGN_SITE") else {
        let words =
            "not applicable here: COUNTERSIGN_SITE names no built site, so its size was not looked at";
        assert!(std::env::var("CI").is_err(), "{words}");
        println!("{words}");
        return;
    };
    let folder = Path::new(&site).join("pkg");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let modules: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "wasm"))
        .collect();
    assert!(!modules.is_empty(), "no wasm in {}", folder.display());
    for path in modules {
        let size = fs::metadata(&path).unwrap().len();
        assert!(size <= LARGEST_WASM, "{} has {size} bytes, more than {LARGEST_WASM}", path.display());
    }
}

/// Documents that name tests as their proof.
const PROVEN: [&str; 2] = ["SECURITY.md", "docs/flows.md"];

/// Whether this is the name of a test as requirements give it: `a6_a_session_ends…`, `auth_9a_…`.
fn is_a_proof(name: &str) -> bool {
    let head = name.split('_').next().unwrap_or_default();
    let letters = head.trim_end_matches('b').trim_end_matches(|c: char| c.is_ascii_digit());
    let is_id = head == "auth"
        || (letters.len() < head.len() && ["a", "t", "u", "q", "r", "uc", "tuc"].contains(&letters));
    is_id
        && name.matches('_').count() > 2
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[test]
fn every_test_that_is_named_as_proof_is_there() {
    let sources: String = ["domain/src", "server", "app/src", "tests"]
        .iter()
        .flat_map(|folder| files(folder, ".rs"))
        .map(|path| read(&path))
        .collect();
    let named: Vec<String> = PROVEN
        .iter()
        .flat_map(|path| read(path).split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .filter(|name| is_a_proof(name))
        .collect();
    assert!(named.len() > 80, "only {} tests are named", named.len());
    let journeys: Vec<(String, String)> =
        files("end2end/journeys", ".spec.js").into_iter().map(|path| (read(&path), path)).collect();
    let walked: Vec<String> = PROVEN
        .iter()
        .flat_map(|path| read(path).split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .filter(|name| name.contains(".spec.js: "))
        .collect();
    assert!(walked.len() > 40, "only {} journeys are named", walked.len());
    // By the file and the word that the title begins with.
    let is_there = |name: &String| {
        name.split_once(": ").is_some_and(|(file, word)| {
            journeys.iter().any(|(text, path)| {
                path.ends_with(&format!("/{file}")) && text.contains(&format!("test('{word} "))
            })
        })
    };
    none("no such journey", walked.into_iter().filter(|name| !is_there(name)));
    none("no such test", named.into_iter().filter(|name| !sources.contains(&format!("fn {name}("))));
}
