//! The configuration from outside: what is in force, what is secret, and what is wrong, in one line.

use crate::program::Place;
use std::fs;

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
    assert!(
        place
            .with("SMTP_URL_FILE", "nothing")
            .run(&["config", "check"])
            .complaint()
            .contains("smtp_url_file")
    );
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
    let place = place.with("OIDC__OTHER__CLIENT_SECRET", "hunter3").with("OIDC__OTHER__SCOPES", "[\"openid\"]");
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
        let kept: String = right.lines().filter(|other| !other.starts_with(name)).map(|other| format!("{other}\n")).collect();
        fs::write(place.folder().join("countersign.toml"), format!("{kept}{line}\n")).unwrap();
        let outcome = place.run(&["serve"]);
        assert!(outcome.complaint().contains(complaint), "{line}: {outcome:?}");
        assert!(!outcome.err.contains("hunter2"), "{outcome:?}");
    }
    let place = Place::new();
    fs::write(place.folder().join("countersign.toml"), right.replace("oidc.acme", "oidc.\"Two Words\"")).unwrap();
    assert!(place.run(&["serve"]).complaint().contains("oidc.Two Words"));
}

#[test]
fn an_unknown_setting_stops_the_start_with_its_name() {
    for (name, hint) in [
        ("LISTN", "did you mean listen?"),
        ("SESSIONS__IDLE_HOUR", "did you mean idle_hours?"),
        ("NONSENSE", ""),
    ] {
        for command in [&["config", "check"][..], &["serve"], &["migrate"]] {
            let outcome = Place::new().with(name, "1").run(command);
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
        ("LOG", "info,=,=", "log"),
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
    let outcome = Place::new()
        .with("PUBLIC_URL", "nonsense")
        .with("SESSIONS__IDLE_HOURS", "0")
        .run(&["config", "check"]);
    assert_eq!(outcome.code, Some(1));
    let wrong: Vec<&str> = outcome.err.lines().filter(|line| line.starts_with("wrong: ")).collect();
    assert_eq!(wrong.len(), 2, "{outcome:?}");
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
    assert!(outcome.complaint().contains("database") && !outcome.err.contains("hunter2"), "{outcome:?}");
    let place = Place::new();
    fs::write(place.folder().join("file"), "").unwrap();
    let outcome = place.with("DATA_DIR", "file/data").run(&["serve"]);
    assert!(outcome.complaint().contains("data folder"), "{outcome:?}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let outcome = Place::new().with("LISTEN", &address).run(&["serve"]);
    assert!(outcome.complaint().contains(&address), "{outcome:?}");
}
