//! The configuration from outside: what is in force, what is secret, and what is wrong, in one line.

use crate::program::{Outcome, Place};
use std::fs;

/// What a check finds wrong, a line each.
#[track_caller]
fn wrong(outcome: &Outcome) -> Vec<String> {
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    let lines = outcome.err.lines().filter(|line| !line.starts_with("note: "));
    let told =
        lines.map(|line| line.strip_prefix("wrong: ").unwrap_or_else(|| panic!("{outcome:?}")).to_owned());
    told.collect()
}

#[test]
fn a_check_shows_what_is_in_force_and_no_secret() {
    let place = Place::new()
        .with("DATABASE_URL", "postgres://cs:hunter2@db.example.com/cs?password=hunter3")
        .with("SMTP_URL", "smtps://post:hunter4@mail.example.com")
        .with("REDIS_URL", "redis://:hunter5@cache.example.com")
        .with("SEARCH_URL", "https://hunter6@search.example.com");
    let outcome = place.run(&["config", "check"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    for shown in [
        "listen = \"127.0.0.1:0\"",
        "db.example.com",
        "mail.example.com",
        "[passwords]",
        "memory_kib = 8192",
        "[sessions]",
        "idle_hours = 24",
    ] {
        assert!(outcome.out.contains(shown), "{shown} is not shown:\n{}", outcome.out);
    }
    assert!(
        !outcome.out.contains("hunter") && !outcome.err.contains("hunter"),
        "a secret is shown: {outcome:?}"
    );
}

#[test]
fn the_environment_goes_over_the_file_and_the_file_over_the_defaults() {
    let place = Place::new();
    fs::write(place.folder().join("countersign.toml"), "mail_from = \"Post <post@example.com>\"\n[passwords]\nmemory_kib = 9000\n[sessions]\nidle_hours = 3\n").unwrap();
    let shown = place.run(&["config", "check"]).out;
    for line in [
        "mail_from = \"Post <post@example.com>\"",
        "idle_hours = 3",
        "memory_kib = 8192",
        "absolute_days = 7",
    ] {
        assert!(shown.contains(line), "{line} is not in force:\n{shown}");
    }
    fs::write(place.folder().join("other.toml"), "[sessions]\nidle_hours = 5\n").unwrap();
    let shown = place.run(&["--config", "other.toml", "config", "check"]).out;
    assert!(shown.contains("idle_hours = 5") && !shown.contains("Post <"), "{shown}");
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let place = Place::new();
    fs::write(place.folder().join("smtp"), "smtp://post:hunter2@mail.example.com\n").unwrap();
    let place = place.with("SMTP_URL_FILE", "smtp");
    let outcome = place.run(&["config", "check"]);
    assert!(outcome.code == Some(0) && outcome.out.contains("mail.example.com"), "{outcome:?}");
    assert!(!outcome.out.contains("hunter2"), "{outcome:?}");
    let place = place.with("SMTP_URL_FILE", "nothing");
    assert!(place.run(&["serve"]).complaint().contains("smtp_url_file"));
    assert!(wrong(&place.run(&["config", "check"]))[0].contains("smtp_url_file"));
}

#[test]
fn a12_providers_are_shown_with_their_secret_masked_and_what_is_wrong_is_said() {
    let place = Place::new();
    let file = place.folder().join("countersign.toml");
    let right = "[oidc.acme]\nname = \"Acme\"\nissuer = \"https://login.acme.example\"\nclient_id = \"countersign\"\n";
    fs::write(place.folder().join("secret"), "hunter2:with-a-colon\n").unwrap();
    fs::write(&file, format!("{right}client_secret_file = \"secret\"\n")).unwrap();
    // The environment goes over the file, and a number is a name too.
    let place = place.with("OIDC__ACME__CLIENT_ID", "1234567").with("OIDC__OTHER__NAME", "Other");
    let place = place.with("OIDC__OTHER__ISSUER", "http://localhost:9").with("OIDC__OTHER__CLIENT_ID", "x");
    let place =
        place.with("OIDC__OTHER__CLIENT_SECRET", "hunter3").with("OIDC__OTHER__SCOPES", "[\"openid\"]");
    let outcome = place.run(&["config", "check"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    for line in [
        "[oidc.acme]",
        "issuer = \"https://login.acme.example\"",
        "client_id = \"1234567\"",
        "client_secret = \"********\"",
        "trusts_second_factor = false",
        "makes_accounts = false",
        "[oidc.other]",
        "scopes = [\"openid\"]",
    ] {
        assert!(outcome.out.contains(line), "{line} is not in force:\n{}", outcome.out);
    }
    assert!(!format!("{outcome:?}").contains("hunter"), "{outcome:?}");

    for (line, complaint) in [
        ("name = \"\"", "oidc.acme.name"),
        ("issuer = \"http://login.acme.example\"", "oidc.acme.issuer"),
        ("issuer = \"https://login.acme.example?a=b\"", "oidc.acme.issuer"),
        ("issuer = \"login.acme.example\"", "oidc.acme.issuer"),
        ("client_id = \" \"", "oidc.acme.client_id"),
        ("scopes = [\"email\"]", "oidc.acme.scopes"),
        ("scopes = [\"openid\", \"two words\"]", "oidc.acme.scopes"),
        ("makes_accounts = true", "oidc.acme.role"),
        ("timeout_seconds = 0", "oidc.acme.timeout_seconds"),
        ("client_secret_file = \"nothing\"", "oidc.acme.client_secret_file"),
        ("secret = \"hunter2\"", "oidc.acme.secret"),
    ] {
        let place = Place::new();
        let name = line.split(' ').next().unwrap();
        let kept: String = right
            .lines()
            .filter(|other| !other.starts_with(name))
            .map(|other| format!("{other}\n"))
            .collect();
        fs::write(place.folder().join("countersign.toml"), format!("{kept}{line}\n")).unwrap();
        let outcome = place.run(&["serve"]);
        assert!(outcome.complaint().contains(complaint), "{line}: {outcome:?}");
        assert!(!outcome.err.contains("hunter2"), "{outcome:?}");
    }
    let place = Place::new();
    fs::write(place.folder().join("countersign.toml"), right.replace("oidc.acme", "oidc.\"Two Words\""))
        .unwrap();
    assert!(place.run(&["serve"]).complaint().contains("oidc.Two Words"));
}

#[test]
fn an_unknown_setting_stops_the_start_with_its_name() {
    for (name, hint) in [
        ("LISTN", "did you mean listen?"),
        ("SESSIONS__IDLE_HOUR", "did you mean idle_hours?"),
        ("NONSENSE", ""),
    ] {
        let place = Place::new().with(name, "1");
        let told = wrong(&place.run(&["config", "check"]));
        assert!(
            told.len() == 1 && told[0].starts_with(&format!("unknown setting COUNTERSIGN_{name}")),
            "{told:?}"
        );
        for command in [&["serve"][..], &["migrate"]] {
            let outcome = place.run(command);
            let said = outcome.complaint();
            assert!(
                said.starts_with(&format!("unknown setting COUNTERSIGN_{name}")) && said.ends_with(hint),
                "{name}: {outcome:?}"
            );
        }
    }
    let place = Place::new();
    for (text, name, hint) in [
        ("lisen = \"x\"", "lisen", "did you mean listen?"),
        ("[session]\nidle_hours = 3", "session", ""),
        ("[sessions]\nidle = 3", "sessions.idle", ""),
    ] {
        fs::write(place.folder().join("countersign.toml"), text).unwrap();
        let outcome = place.run(&["serve"]);
        let said = outcome.complaint();
        assert!(
            said.starts_with(&format!("unknown setting {name} ")) && said.contains(hint),
            "{text}: {outcome:?}"
        );
        assert!(said.contains("TOML file"), "where? {outcome:?}");
    }
}

#[test]
fn a_wrong_value_stops_the_start_with_the_name_of_its_setting() {
    for (name, value, setting) in [
        ("LISTEN", "nonsense", "listen"),
        ("LISTEN", "127.0.0.1:99999", "listen"),
        ("PUBLIC_URL", "example.com", "public_url"),
        ("DATABASE_URL", "mysql://cs:hunter2@db", "database_url"),
        ("SMTP_URL", "http://post:hunter2@mail", "smtp_url"),
        ("SMS_URL", "https://hunter2@sms.example.com", "sms_url"),
        ("SMS_URL", "http://AC1:hunter2@sms.example.com", "sms_url"),
        ("SMS_URL", "https://AC1:hunter2@sms.example.com", "sms_from"),
        ("REDIS_URL", "nonsense-hunter2", "redis_url"),
        ("MAIL_FROM", "nobody", "mail_from"),
        ("SMTP_URL", "smtp://post:hunter2@mail.example.com?tls=maybe", "smtp_url"),
        ("SMTP_URL", "smtp://post:hunter2@mail.example.com?ttls=required", "smtp_url"),
        ("MAIL__TIMEOUT_SECONDS", "0", "mail.timeout_seconds"),
        ("MAIL__PER_ADDRESS_PER_HOUR", "0", "mail.per_address_per_hour"),
        ("LOG_FORMAT", "xml", "log_format"),
        ("DEVELOPMENT", "maybe", "development"),
        ("PASSWORDS__MEMORY_KIB", "1", "passwords.memory_kib"),
        ("PASSWORDS__ITERATIONS", "many", "passwords.iterations"),
        ("PASSWORDS__COMPOSITION", "perhaps", "passwords.composition"),
        ("PASSWORDS__SHORTEST", "7", "passwords.shortest"),
        ("PASSWORDS__SHORTEST", "65", "passwords.shortest"),
        ("PASSWORDS__LONGEST", "127", "passwords.longest"),
        ("PASSWORDS__LONGEST", "257", "passwords.longest"),
        ("PASSWORDS__REFUSE_BREACHED", "1.5", "passwords.refuse_breached"),
        ("SESSIONS__IDLE_HOURS", "0", "sessions.idle_hours"),
        ("SESSIONS__ABSOLUTE_DAYS", "-1", "sessions.absolute_days"),
        ("SECURITY__TRUSTED_PROXIES", "[\"nonsense\"]", "security.trusted_proxies"),
        ("SECURITY__TRUSTED_PROXIES", "[\"10.0.0.0/33\"]", "security.trusted_proxies"),
        ("SECURITY__TRUSTED_PROXIES", "0.0.0.0/0", "security.trusted_proxies"),
        ("PUBLIC_URL", "https://example.com/desk", "public_url"),
        ("PUBLIC_URL", "https://example.com/?a=b", "public_url"),
        ("PUBLIC_URL", "https://example.com/#top", "public_url"),
        ("PUBLIC_URL", "https://rosa:hunter2@example.com", "public_url"),
        ("LOG", "info,=,=", "log"),
        ("LOG", "blah", "log"),
        ("LOG", "", "log"),
    ] {
        let outcome = Place::new().with(name, value).run(&["serve"]);
        let said = outcome.complaint().to_lowercase().replace("__", ".");
        assert!(said.contains(setting), "{name}={value}: {outcome:?}");
        assert!(!outcome.err.contains("hunter2"), "a secret is told: {outcome:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_stops_the_start() {
    let place = Place::new();
    assert!(
        place.run(&["--config", "nothing.toml", "serve"]).complaint().contains("nothing.toml cannot be read")
    );
    fs::write(place.folder().join("countersign.toml"), "listen = \n").unwrap();
    assert!(place.run(&["serve"]).complaint().len() > 10);
    fs::write(place.folder().join("countersign.toml"), [0xff, 0xfe]).unwrap();
    assert!(place.run(&["serve"]).complaint().len() > 10);
}

#[test]
fn a_check_names_everything_that_is_wrong() {
    let place = Place::new()
        .with("LISTEN", "nonsense")
        .with("PUBLIC_URL", "https://desk.example.com/countersign")
        .with("LOG", "blah")
        .with("LISTN", "1")
        .with("SESSIONS__IDLE_HOURS", "many")
        .with("SESSIONS__IDLE_HOUR", "3")
        .with("SESSIONS__ABSOLUTE_DAYS", "0")
        .with("SECURITY__TRUSTED_PROXIES", "[\"nonsense\", \"10.0.0.0/8\", \"10.0.0.0/99\"]")
        .with("SMTP_URL_FILE", "nothing");
    fs::write(
        place.folder().join("countersign.toml"),
        "colour = \"red\"\ndevelopment = 7\n[lockout]\nfailures = \"few\"\n",
    )
    .unwrap();
    let outcome = place.run(&["config", "check"]);
    let told = wrong(&outcome);
    for begin in [
        "smtp_url_file: nothing cannot be read",
        "COUNTERSIGN_LISTEN: ",
        "unknown setting COUNTERSIGN_LISTN",
        "unknown setting colour (from the TOML file",
        "development: ",
        "lockout.failures: ",
        "COUNTERSIGN_SESSIONS__IDLE_HOURS: ",
        "unknown setting COUNTERSIGN_SESSIONS__IDLE_HOUR",
        "COUNTERSIGN_SECURITY__TRUSTED_PROXIES: \"nonsense\" is neither an address nor a network such as 10.0.0.0/8, \"10.0.0.0/99\"",
        "public_url must be",
        "log must be",
        "sessions.absolute_days must be",
    ] {
        assert_eq!(told.iter().filter(|line| line.starts_with(begin)).count(), 1, "{begin}\n{told:#?}");
    }
    assert_eq!(told.len(), 12, "{told:#?}");
    for shown in [
        "# listen: cannot be read",
        "# idle_hours: cannot be read",
        "# smtp_url: cannot be read",
        "remembered_days = 30",
    ] {
        assert!(outcome.out.contains(shown), "{shown}\n{}", outcome.out);
    }
    let stopped = place.run(&["serve"]);
    assert!(
        stopped.complaint().ends_with("(and 11 more: countersign config check names them all)"),
        "{stopped:?}"
    );
}

#[test]
fn a_file_with_a_slip_hides_nothing_that_is_wrong_in_the_environment() {
    let place = Place::new().with("LOG", "blah").with("LISTEN", "nonsense");
    fs::write(place.folder().join("countersign.toml"), "listen = \n").unwrap();
    let told = wrong(&place.run(&["config", "check"]));
    assert_eq!(told.len(), 3, "{told:#?}");
}

#[test]
fn a11_proxies_are_read_however_one_writes_them() {
    for typed in ["127.0.0.1", "[\"127.0.0.1\"]", "[127.0.0.1]", "127.0.0.1, ", "127.0.0.1/32"] {
        let outcome = Place::new().with("SECURITY__TRUSTED_PROXIES", typed).run(&["config", "check"]);
        assert!(outcome.out.contains("trusted_proxies = [\"127.0.0.1\"]"), "{typed}: {outcome:?}");
    }
    let several = "10.1.2.3/8,fd00::/8 ::1";
    let outcome = Place::new().with("SECURITY__TRUSTED_PROXIES", several).run(&["config", "check"]);
    assert!(outcome.out.contains("trusted_proxies = [\"10.0.0.0/8\",\"fd00::/8\",\"::1\"]"), "{outcome:?}");
}

#[test]
fn what_is_a_text_stays_a_text_in_the_environment() {
    let place =
        Place::new().with("SMS_URL", "https://AC1:hunter2@sms.example.com").with("SMS_FROM", "+15005550006");
    let outcome = place.run(&["config", "check"]);
    assert!(outcome.code == Some(0) && outcome.out.contains("sms_from = \"+15005550006\""), "{outcome:?}");
    let outcome = Place::new()
        .with("DATA_DIR", "2026")
        .with("MAIL_FROM", "\"Desk <desk@example.com>\"")
        .run(&["config", "check"]);
    assert!(
        outcome.out.contains("data_dir = \"2026\"") && outcome.out.contains("mail_from = \"Desk <"),
        "{outcome:?}"
    );
}

#[test]
fn a10_a_check_notes_rules_for_passwords_that_ask_for_little() {
    let notes = |place: Place| place.run(&["config", "check"]).err;
    let little = notes(
        Place::new().with("PASSWORDS__COMPOSITION", "false").with("PASSWORDS__REFUSE_BREACHED", "false"),
    );
    assert!(
        little.contains("note: passwords.composition is off")
            && little.contains("note: passwords.refuse_breached is off"),
        "{little}"
    );
    assert!(little.contains("below what OWASP recommends"), "{little}");
    let as_nist_asks = Place::new()
        .with("PASSWORDS__COMPOSITION", "false")
        .with("PASSWORDS__SHORTEST", "15")
        .with("PASSWORDS__MEMORY_KIB", "19456")
        .with("PASSWORDS__ITERATIONS", "2");
    assert!(!notes(as_nist_asks).contains("passwords."));
}

#[test]
fn a_hash_that_would_hold_the_machine_up_is_not_configured() {
    let outcome = Place::new()
        .with("PASSWORDS__MEMORY_KIB", "4194304")
        .with("PASSWORDS__ITERATIONS", "100")
        .run(&["serve"]);
    assert!(outcome.complaint().contains("passwords.memory_kib times passwords.iterations"), "{outcome:?}");
}

#[test]
fn a_database_or_an_address_that_cannot_be_had_stops_the_start_in_one_line() {
    let outcome = Place::new().with("DATABASE_URL", "postgres://cs:hunter2@127.0.0.1:1/cs").run(&["serve"]);
    let said = outcome.complaint();
    assert!(said.contains("database") && !outcome.err.contains("hunter2"), "{outcome:?}");
    assert!(said.contains("PostgreSQL at 127.0.0.1:1 refused the connection"), "{outcome:?}");
    assert!(!said.contains("pool"), "{outcome:?}");
    let place = Place::new();
    fs::write(place.folder().join("file"), "").unwrap();
    let outcome = place.with("DATA_DIR", "file/data").run(&["serve"]);
    assert!(outcome.complaint().contains("data folder"), "{outcome:?}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let outcome = Place::new().with("LISTEN", &address).run(&["serve"]);
    assert!(outcome.complaint().contains(&address), "{outcome:?}");
}
