//! The command line: help, version, and looking after accounts without a browser.

use crate::program::{PASSWORD, Place};
use serde_json::Value;

#[test]
fn help_names_every_command_and_the_settings_one_needs_first() {
    let outcome = Place::new().run(&["--help"]);
    assert_eq!(outcome.code, Some(0));
    for word in [
        "serve",
        "migrate",
        "demo",
        "user",
        "keys",
        "mail",
        "audit",
        "tune",
        "config",
        "COUNTERSIGN_LISTEN",
        "COUNTERSIGN_DATA_DIR",
        "COUNTERSIGN_DATABASE_URL",
    ] {
        assert!(outcome.out.contains(word), "no word on {word}:\n{}", outcome.out);
    }
    for command in ["serve", "migrate", "demo", "user", "keys", "mail", "audit", "tune", "config"] {
        let outcome = Place::new().run(&[command, "--help"]);
        assert!(
            outcome.code == Some(0) && outcome.out.contains("Usage: countersign"),
            "{command}: {outcome:?}"
        );
    }
}

#[test]
fn version_is_a_name_and_a_number() {
    let outcome = Place::new().run(&["--version"]);
    assert_eq!(
        (outcome.code, outcome.out.trim()),
        (Some(0), concat!("countersign ", env!("CARGO_PKG_VERSION")))
    );
}

#[test]
fn what_is_no_command_is_refused() {
    for arguments in
        [&["nonsense"][..], &[], &["serve", "--nonsense"], &["user", "create"], &["demo", "--users", "many"]]
    {
        let outcome = Place::new().run(arguments);
        assert_eq!(outcome.code, Some(2), "{arguments:?}: {outcome:?}");
        assert!(!outcome.err.contains("panicked"), "{outcome:?}");
    }
}

#[test]
fn u1_an_account_from_the_command_line_can_sign_in() {
    let place = Place::new();
    let outcome = place.create_user("rosa", "USER_ADMIN");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let printed: Value =
        serde_json::from_str(&outcome.out).unwrap_or_else(|_| panic!("no JSON: {outcome:?}"));
    let program = place.serve();
    let me = program.get_with_token("/api/v1/auth/me", &program.token_of("rosa")).json();
    assert_eq!(me["id"], printed["id"]);
    assert_eq!((&me["username"], &me["role"]), (&Value::from("rosa"), &Value::from("USER_ADMIN")));
}

#[test]
fn a5_an_account_from_the_command_line_may_have_an_authenticator_app_at_once() {
    let place = Place::new();
    let create = |name: &str, secret: &str| {
        let email = format!("{name}@example.com");
        let mut arguments =
            vec!["user", "create", "--username", name, "--email", &email, "--full-name", "A B"];
        arguments.extend(["--role", "PIN", "--password-stdin", "--totp-secret", secret]);
        place.run_with_input(&arguments, PASSWORD)
    };
    let made = create("rosa", "gezd gnbv gy3t qojq gezd gnbv gy3t qojq");
    assert!(made.code == Some(0) && !made.err.contains("128 bits"), "{made:?}");
    assert!(serde_json::from_str::<Value>(&made.out).unwrap()["id"].is_string(), "{made:?}");
    assert!(!made.out.to_lowercase().contains("gezd"), "{made:?}");
    let short = create("otto", "JBSWY3DPEHPK3PXP");
    assert!(short.code == Some(0) && short.err.contains("fewer than 128 bits"), "{short:?}");
    assert!(create("nora", "not base32!").complaint().starts_with("totp_secret: "));
    assert_eq!(place.run(&["user", "list"]).out.lines().count(), 2, "an account was made without its factor");

    let lost = place.run(&["user", "remove-second-factors", "--username", "rosa"]);
    assert!(lost.code == Some(0) && lost.out.contains("\"id\""), "{lost:?}");
    let none = place.run(&["user", "remove-second-factors", "--username", "rosa"]);
    assert_eq!(none.complaint(), "This account has no second factor");
}

#[test]
fn u1_somebody_is_invited_from_the_command_line() {
    let place = Place::new();
    let invite = |username: &str, role: &str| {
        let email = format!("{username}@example.com");
        place.run(&[
            "user",
            "invite",
            "--username",
            username,
            "--email",
            &email,
            "--full-name",
            "A B",
            "--role",
            role,
        ])
    };
    let invited = invite("ivy", "STAFF");
    assert_eq!(invited.code, Some(0), "{invited:?}");
    assert!(serde_json::from_str::<Value>(&invited.out).unwrap()["id"].is_string());
    let listed: Value = serde_json::from_str(&place.run(&["user", "list"]).out).unwrap();
    assert_eq!((&listed["username"], &listed["status"]), (&Value::from("ivy"), &Value::from("invited")));
    assert_eq!(invite("ivy", "STAFF").complaint(), "Username already exists");
    assert!(invite("otto", "NO_SUCH_ROLE").complaint().starts_with("roles: "));
    assert_eq!(place.run(&["user", "invite-again", "--username", "ivy"]).code, Some(0));
    assert_eq!(place.run(&["user", "invite-again", "--username", "nobody"]).complaint(), "User not found");
    assert_eq!(place.run(&["user", "revoke-invitation", "--username", "ivy"]).code, Some(0));
    assert_eq!(place.run(&["user", "list"]).out, "", "the account is still there");
    assert_eq!(place.run(&["user", "revoke-invitation", "--username", "ivy"]).complaint(), "User not found");
}

#[test]
fn u1_what_is_wrong_with_an_account_is_one_line() {
    let place = Place::new();
    assert_eq!(place.create_user("rosa", "USER_ADMIN").code, Some(0));
    let taken = |username: &str, email: &str| {
        let create = [
            "user",
            "create",
            "--username",
            username,
            "--email",
            email,
            "--full-name",
            "A B",
            "--role",
            "PIN",
            "--password-stdin",
        ];
        place.run_with_input(&create, PASSWORD)
    };
    assert_eq!(taken("Rosa", "other@example.com").complaint(), "Username already exists");
    assert_eq!(taken("other", "ROSA@example.com").complaint(), "E-mail address already exists");
    assert!(place.create_user("otto", "NO_SUCH_ROLE").complaint().starts_with("roles: "));
    assert!(place.create_user("x", "STAFF").complaint().starts_with("username: "));
    let create = [
        "user",
        "create",
        "--username",
        "otto",
        "--email",
        "nonsense",
        "--full-name",
        " ",
        "--role",
        "STAFF",
        "--password-stdin",
    ];
    let complaint = place.run_with_input(&create, "short");
    for field in ["full_name: ", "email: ", "password: "] {
        assert!(complaint.complaint().contains(field), "{complaint:?}");
    }
    assert_eq!(place.run(&create).complaint(), "no password came on standard input");
    let list = place.run(&["user", "list"]);
    assert_eq!(list.out.lines().count(), 1, "a refused account is there: {list:?}");
}

#[test]
fn u1_a_password_is_taken_as_it_stands_on_the_first_line() {
    let place = Place::new();
    let arguments = |name: &'static str, email: &'static str| {
        [
            "user",
            "create",
            "--username",
            name,
            "--email",
            email,
            "--full-name",
            "A B",
            "--role",
            "PIN",
            "--password-stdin",
        ]
    };
    for (name, email, input) in [
        ("one", "one@example.com", PASSWORD.to_owned()),
        ("two", "two@example.com", format!("{PASSWORD}\n")),
        ("three", "three@example.com", format!("{PASSWORD}\r\n")),
    ] {
        assert_eq!(place.run_with_input(&arguments(name, email), &input).code, Some(0));
    }
    assert_eq!(
        place.run_with_input(&arguments("four", "four@example.com"), &format!(" {PASSWORD}")).code,
        Some(0)
    );
    let program = place.serve();
    for name in ["one", "two", "three"] {
        program.token_of(name);
    }
    assert_eq!(program.log_in("four").unwrap().status, 401, "a space at the beginning was cut off");
}

#[test]
fn u4_a_new_password_from_the_command_line_ends_open_sessions() {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let program = place.serve();
    let token = program.token_of("rosa");
    let reset = place.run(&["user", "reset-password", "--username", "rosa"]);
    assert_eq!(reset.code, Some(0), "{reset:?}");
    let password =
        serde_json::from_str::<Value>(&reset.out).unwrap()["password"].as_str().unwrap().to_owned();
    assert_eq!(program.get_with_token("/api/v1/auth/me", &token).status, 401);
    assert_eq!(program.log_in("rosa").unwrap().status, 401, "the old password still works");
    let body = format!("{{\"identifier\":\"rosa\",\"password\":\"{password}\"}}");
    let answer =
        program.ask("POST", "/api/v1/auth/login", &[("Content-Type", "application/json")], &body).unwrap();
    assert_eq!(answer.status, 200, "the new password does not work");
    assert_eq!(place.run(&["user", "reset-password", "--username", "nobody"]).complaint(), "User not found");
    assert_eq!(place.run(&["user", "unlock", "--username", "rosa"]).code, Some(0));
}

#[test]
fn u9_somebody_is_erased_from_the_command_line_and_the_trail_is_whole() {
    let place = Place::new();
    place.create_user("root", "USER_ADMIN");
    place.create_user("rosa", "STAFF");
    let erase = |username: &str, confirm: &str| {
        place.run(&["user", "erase", "--username", username, "--confirm", confirm])
    };
    assert_eq!(erase("rosa", "root").complaint(), "confirm: this is not the username of the account");
    assert!(erase("root", "root").complaint().starts_with("Nobody could manage accounts after this"));
    assert_eq!(place.run(&["user", "list"]).out.lines().count(), 2);
    let erased = erase("rosa", "rosa");
    assert!(erased.code == Some(0) && erased.out.contains("\"id\""), "{erased:?}");
    assert_eq!(place.run(&["user", "list"]).out.lines().count(), 1);
    assert_eq!(erase("rosa", "rosa").complaint(), "User not found");
    assert_eq!(place.run(&["audit", "verify"]).code, Some(0));
}

#[test]
fn u5_accounts_are_listed_a_line_each_as_json() {
    let place = Place::new();
    for name in ["rosa", "otto", "rosalind"] {
        place.create_user(name, "STAFF");
    }
    let names = |outcome: &crate::program::Outcome| -> Vec<String> {
        let lines = outcome.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|person| person["username"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&place.run(&["user", "list"])), ["rosa", "otto", "rosalind"]);
    assert_eq!(names(&place.run(&["user", "list", "--search", "ROSA"])), ["rosa", "rosalind"]);
    assert_eq!(names(&place.run(&["user", "list", "--search", "nobody"])), [""; 0]);
}

#[test]
fn a_demo_is_loaded_once() {
    let place = Place::new();
    let first = place.run(&["demo"]);
    assert_eq!(first.code, Some(0), "{first:?}");
    let count = || place.run(&["user", "list"]).out.lines().count();
    let people = count();
    assert!(people > 100, "{people} people");
    assert_eq!(place.run(&["demo"]).out, first.out, "the passwords changed");
    assert_eq!(count(), people);
    assert_eq!(place.run(&["demo", "--users", "500"]).code, Some(0));
    assert_eq!(count(), people + 500);
    for what in ["--products", "--documents"] {
        assert!(place.run(&["demo", what, "5"]).complaint().contains("this version"));
    }
}

#[test]
fn invented_people_come_among_real_ones_only_when_one_insists() {
    let place = Place::new();
    place.create_user("rosa", "USER_ADMIN");
    let count = || place.run(&["user", "list"]).out.lines().count();
    let refused = place.run(&["demo", "--users", "50"]);
    let said = refused.complaint();
    assert!(said.contains("real people, such as rosa") && said.contains("--yes"), "{refused:?}");
    assert_eq!(count(), 1, "somebody was loaded");
    let nothing = place.run(&["demo"]);
    assert!(nothing.code == Some(0) && nothing.out.contains("was not loaded"), "{nothing:?}");
    assert_eq!(count(), 1);
    assert_eq!(place.run(&["demo", "--users", "50", "--yes"]).code, Some(0));
    assert_eq!(count(), 51);
}

#[test]
fn a1_tuning_prints_lines_that_the_configuration_takes() {
    let place = Place::new();
    let tuned = place.run(&["tune", "--milliseconds", "60", "--memory-mib", "24"]);
    assert_eq!(tuned.code, Some(0), "{tuned:?}");
    assert!(!place.data().exists(), "tuning needs no data folder");
    std::fs::write(place.folder().join("tuned.toml"), &tuned.out).unwrap();
    let number = |name: &str| -> u32 {
        let line =
            tuned.out.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{tuned:?}"));
        line.trim_start_matches(" = ").parse().unwrap()
    };
    assert!((19_456..=24 * 1024).contains(&number("memory_kib")) && number("iterations") >= 2, "{tuned:?}");
    let checked = place.run(&["--config", "tuned.toml", "config", "check"]);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    for wrong in
        [["tune", "--milliseconds", "0"], ["tune", "--milliseconds", "many"], ["tune", "--memory-mib", "1"]]
    {
        assert_eq!(place.run(&wrong).code, Some(2), "{wrong:?}");
    }
}

#[test]
fn a10_passwords_from_the_command_line_follow_the_rules() {
    let place = Place::new();
    let create = |username: &str, password: &str| {
        let email = format!("{username}@example.com");
        let arguments = [
            "user",
            "create",
            "--username",
            username,
            "--email",
            &email,
            "--full-name",
            "A B",
            "--role",
            "PIN",
            "--password-stdin",
        ];
        place.run_with_input(&arguments, password)
    };
    for (password, words) in [
        ("Ab1!", "password: Use at least 8 characters"),
        (
            "gebirgszug",
            "password: Add an upper case letter, a digit and a special character, or use at least 15 characters",
        ),
        (
            "Dragon2024!",
            "password: Choose a password that fewer people use: this is among the first that are tried",
        ),
        ("Rosa-in-the-garden", "password: Leave out your username and the name in your e-mail address"),
        ("a long\tpassword with a tab", "password: Leave out tabs, line breaks and other control characters"),
    ] {
        assert_eq!(create("rosa", password).complaint(), words);
    }
    assert_eq!(create("rosa", "a garden in the rain").code, Some(0));
    let reset = ["user", "reset-password", "--username", "rosa", "--password-stdin"];
    assert!(place.run_with_input(&reset, "rosa@example.com").complaint().contains("Leave out your username"));
    assert_eq!(place.run_with_input(&reset, "another garden, dry").code, Some(0));
    let free = place.with("PASSWORDS__COMPOSITION", "false").with("PASSWORDS__REFUSE_BREACHED", "false");
    assert_eq!(free.run_with_input(&reset, "gebirgszug").code, Some(0));
    let strict = free.with("PASSWORDS__SHORTEST", "20");
    assert_eq!(
        strict.run_with_input(&reset, "gebirgszug").complaint(),
        "password: Use at least 20 characters"
    );
}
