//! The letters: their exact words, what no letter may carry, and how many of them one address gets.

use crate::support::{log_in, routes};
use domain::Timestamp;
use server::{
    alerts::Alert,
    mail::Letter,
    testing::{Engine, TestApp},
};
use std::{fmt::Write, fs, time::Duration};

const HOME: &str = "https://countersign.example.com";
const AT: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// Every letter there is, filled in for a person of this name.
fn every_letter(name: &str) -> Vec<Letter> {
    let (to, full_name) = (|| "zoe@example.com".to_owned(), || name.to_owned());
    let (token, ip) = (|| "c2VjcmV0".to_owned(), || Some("203.0.113.9".to_owned()));
    let mut letters = vec![
        Letter::AccountCreated { to: to(), full_name: full_name(), username: "zoe".into() },
        Letter::Invitation {
            to: to(),
            full_name: full_name(),
            invited_by: "Alice Ng".into(),
            token: token(),
            days: 7,
        },
        Letter::EmailVerification { to: to(), full_name: full_name(), token: token(), hours: 24 },
        Letter::AlreadyRegistered {
            to: to(),
            full_name: full_name(),
            username: "zoe".into(),
            at: AT,
            ip: ip(),
        },
        Letter::PasswordResetLink { to: to(), full_name: full_name(), token: token(), minutes: 30 },
        Letter::PasswordChanged {
            to: to(),
            full_name: full_name(),
            at: AT,
            ip: ip(),
            revoked_keys: Vec::new(),
            working_keys: 2,
        },
        Letter::PasswordGiven { to: to(), full_name: full_name(), at: AT },
        Letter::AccountSuspended { to: to(), full_name: full_name(), at: AT },
        Letter::AccountRestored { to: to(), full_name: full_name(), at: AT },
        Letter::ErasureAhead { to: to(), full_name: full_name(), username: name.to_owned(), at: AT },
        Letter::RolesChanged {
            to: to(),
            full_name: full_name(),
            roles: vec!["Staff".into(), name.to_owned()],
            at: AT,
        },
        Letter::ApiKeyMade {
            to: to(),
            full_name: full_name(),
            name: "Nightly export".into(),
            at: AT,
            ip: ip(),
        },
        Letter::ApiKeyExpires { to: to(), full_name: full_name(), name: "Nightly export".into(), at: AT },
        Letter::AccountLocked { to: to(), full_name: full_name(), failures: 5, minutes: 15, ip: ip() },
        Letter::CodesPaused { to: to(), full_name: full_name(), failures: 5, ip: ip() },
        Letter::NewDevice {
            to: to(),
            full_name: full_name(),
            at: AT,
            browser: "Firefox on Linux".into(),
            ip: ip(),
        },
        Letter::ProviderConnected {
            to: to(),
            full_name: full_name(),
            provider: "Acme".into(),
            at: AT,
            ip: ip(),
        },
        Letter::ProviderParted {
            to: to(),
            full_name: full_name(),
            provider: "Acme".into(),
            at: AT,
            ip: ip(),
        },
        Letter::SecondFactorAdded {
            to: to(),
            full_name: full_name(),
            factor: "an authenticator app".into(),
            at: AT,
        },
        Letter::SecondFactorRemoved {
            to: to(),
            full_name: full_name(),
            factor: "the passkey “Laptop”".into(),
            at: AT,
        },
        Letter::RecoveryCodesRenewed { to: to(), full_name: full_name(), at: AT },
        Letter::RecoveryCodeUsed { to: to(), full_name: full_name(), left: 9, at: AT },
        Letter::RecoveryCodeUsed { to: to(), full_name: full_name(), left: 1, at: AT },
        Letter::SignInCode { to: to(), full_name: full_name(), code: "123456".into(), minutes: 5 },
        Letter::Test { to: to(), at: AT },
        Letter::Alert { to: to(), alert: Alert::DatabaseAway, at: AT },
    ];
    letters.extend([
        Letter::EmailConfirmation { to: to(), full_name: full_name(), token: token(), hours: 24 },
        Letter::EmailApproval {
            to: to(),
            full_name: full_name(),
            new_email: "zoe@other.example".into(),
            token: token(),
            hours: 24,
            at: AT,
            ip: ip(),
        },
        Letter::EmailWanted { to: to(), full_name: full_name(), at: AT },
    ]);
    letters.extend(Letter::email_changed(name, "zoe@example.com", "zoe@other.example", AT));
    letters
}

#[test]
fn q4b_the_words_of_every_letter() {
    let mut words = String::new();
    for letter in every_letter("Zoë Ng") {
        let written = letter.write(&format!("{HOME}/"));
        write!(words, "To: {}\nSubject: {}\n\n{}\n=====\n\n", letter.to(), written.subject, written.text)
            .unwrap();
    }
    insta::assert_snapshot!(words);
}

#[test]
fn auth_10d_the_letter_on_a_lock_is_word_for_word() {
    for (failures, told) in
        [(5, "5 failed login attempts"), (1, "1 failed login attempt"), (7, "7 failed login attempts")]
    {
        let letter = Letter::AccountLocked {
            to: "zoe@example.com".into(),
            full_name: "Zoë Ng".into(),
            failures,
            minutes: 15,
            ip: Some("203.0.113.9".into()),
        };
        let written = letter.write(HOME);
        assert_eq!(written.subject, "Security Alert: Account Locked");
        let sentence = format!(
            "Your account was locked after {told} from IP 203.0.113.9. If this wasn't you, reset your password immediately."
        );
        assert!(written.text.contains(&format!("\n{sentence}\n")), "{}", written.text);
        assert!(written.html.contains(&sentence.replace('\'', "&#39;")), "{}", written.html);
    }
}

#[test]
fn a11_links_begin_with_the_public_address_and_are_shown_as_words() {
    for letter in every_letter("Zoë Ng") {
        let written = letter.write(HOME);
        let links: Vec<&str> =
            written.html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(!links.is_empty());
        for link in links {
            assert!(link == HOME || link.starts_with(&format!("{HOME}/")), "{link}");
            assert!(written.text.contains(link), "{link} does not stand in the text");
            assert!(written.html.contains(&format!(">{link}</a>")), "{link} cannot be read in the HTML");
        }
        for word in written.text.split_whitespace().filter(|word| word.contains("://")) {
            assert!(word.starts_with(HOME), "{word}");
        }
    }
}

#[test]
fn q2_no_letter_loads_anything_or_tells_on_its_reader() {
    for letter in every_letter("Zoë Ng") {
        let html = letter.write(HOME).html;
        for never in [
            "<img",
            "<script",
            "<link",
            "<iframe",
            "url(",
            "@import",
            "@font-face",
            "src=",
            "background=",
            "http:",
        ] {
            assert!(!html.contains(never), "{never} in {letter:?}");
        }
        assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"));
        assert!(html.contains("@media (prefers-color-scheme:dark)"));
        assert!(
            html.is_ascii() && html.lines().all(|line| line.len() < 998),
            "a server of the old kind would garble it"
        );
    }
}

#[test]
fn q2_what_others_chose_can_bring_no_markup_no_line_and_no_link() {
    let evil = "Eve<b>\"'&\r\nBcc: all@example.com\u{202E} https://evil.example";
    let mut letters = every_letter(evil);
    letters.push(Letter::NewDevice {
        to: "a@example.com".into(),
        full_name: evil.into(),
        at: AT,
        browser: evil.into(),
        ip: Some(evil.into()),
    });
    letters.push(Letter::Invitation {
        to: "a@example.com".into(),
        full_name: evil.into(),
        invited_by: evil.into(),
        token: evil.into(),
        days: 1,
    });
    letters.push(Letter::AccountCreated {
        to: "a@example.com".into(),
        full_name: evil.into(),
        username: evil.into(),
    });
    for letter in letters {
        let written = letter.write(HOME);
        assert!(!written.html.contains("<b>") && !written.html.contains("\u{202E}"), "{}", written.html);
        assert!(!written.text.contains("\nBcc") && !written.text.contains('\u{202E}'), "{}", written.text);
        assert!(!written.subject.contains("Eve") && !written.subject.contains(['\r', '\n']));
        assert!(written.text.starts_with("Hello,\n"), "{}", written.text);
        assert!(!written.html.contains("href=\"https://evil"), "{}", written.html);
    }
}

server::both_engines! { routes;
    async fn auth_10d_the_owner_of_a_locked_account_is_told_once(app) {
        app.add("zoe", "Zoë Ng", &["STAFF"]).await;
        app.do_jobs().await;
        for _ in 0..8 {
            log_in(app, "zoe", "a wrong password").await;
        }
        let told = app.texts("select payload from outbox where letter = 'account_locked'").await;
        assert_eq!(told.len(), 1, "{told:?}");
        let letter: Letter = serde_json::from_str(&told[0]).unwrap();
        let expected = Letter::AccountLocked {
            to: "zoe@example.com".into(),
            full_name: "Zoë Ng".into(),
            failures: 5,
            minutes: 15,
            ip: Some("127.0.0.1".into()),
        };
        assert_eq!(letter, expected);
    }
}

fn reset_link(to: &str) -> Letter {
    Letter::PasswordResetLink { to: to.into(), full_name: "Bo".into(), token: "a-secret".into(), minutes: 30 }
}

async fn held(app: &TestApp) -> i64 {
    app.count("select count(*) from outbox where state = 'held'").await
}

server::both_engines! { routes;
    async fn q4b_one_address_gets_no_more_than_ten_letters_of_a_kind_within_an_hour(app) {
        for _ in 0..12 {
            app.post(reset_link("bo@example.com")).await;
            app.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(held(app).await, 2);
        app.post(reset_link("other@example.com")).await;
        app.post(Letter::Test { to: "bo@example.com".into(), at: AT }).await;
        app.post(reset_link("BO@example.com")).await;
        assert_eq!(held(app).await, 3, "another address or kind was held back, or other capitals were not");
        app.do_jobs().await;
        assert_eq!(app.count("select count(*) from outbox where state = 'done'").await, 12);
        assert_eq!(app.count("select count(*) from outbox where state = 'held' and payload like '%a-secret%'").await, 0);
        app.clock.advance(Duration::from_secs(3600));
        app.post(reset_link("bo@example.com")).await;
        assert_eq!(held(app).await, 3, "the hour is over");
    }

    async fn q4b_the_bound_holds_when_many_write_at_once(app) {
        let mut writers = Vec::new();
        for _ in 0..8 {
            writers.push(async {
                for _ in 0..4 {
                    app.post(reset_link("bo@example.com")).await;
                }
            });
        }
        let mut writers = writers.into_iter();
        let mut next = || writers.next().unwrap();
        tokio::join!(next(), next(), next(), next(), next(), next(), next(), next());
        assert_eq!((held(app).await, app.count("select count(*) from outbox where state = 'waiting'").await), (22, 10));
    }

    async fn q4b_a_link_that_expired_meanwhile_is_not_sent(app) {
        app.post(reset_link("bo@example.com")).await;
        app.clock.advance(Duration::from_secs(30 * 60));
        app.do_jobs().await;
        assert_eq!(app.texts("select state from outbox").await, ["dead"]);
        assert!(app.texts("select last_error from outbox").await[0].contains("expired"));
        assert!(!app.data_dir().join("outbox").exists(), "a letter was written");
        app.change("delete from outbox").await;
    }
}

#[tokio::test]
async fn a11_a_link_that_was_sent_is_no_longer_in_the_database() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::configured(engine, |config| config.development = false, routes).await;
        app.post(reset_link("bo@example.com")).await;
        app.do_jobs().await;
        assert_eq!(app.texts("select state from outbox").await, ["done"]);
        assert!(!app.texts("select payload from outbox").await[0].contains("a-secret"));
        let mut files = fs::read_dir(app.data_dir().join("outbox")).unwrap();
        let letter = fs::read_to_string(files.next().unwrap().unwrap().path()).unwrap();
        // Long lines are folded on the way.
        let letter = letter.replace("=\r\n", "").replace("=3D", "=");
        assert!(letter.contains("token=a-secret"), "the reader got no link: {letter}");
        app.finish().await;
    }
}

#[tokio::test]
async fn q4b_an_address_that_is_none_is_a_dead_letter_and_no_header() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    for to in ["bo@example.com\r\nBcc: all@example.com", "bo", "Bo <bo@example.com>, eve@example.com", ""] {
        app.post(Letter::Test { to: to.into(), at: AT }).await;
    }
    app.do_jobs().await;
    assert_eq!(app.texts("select distinct state from outbox").await, ["dead"]);
    assert!(!app.data_dir().join("outbox").exists());
}

/// The headers of the one letter in the data folder: names and values, unfolded.
fn headers(app: &TestApp) -> Vec<(String, String)> {
    let path = fs::read_dir(app.data_dir().join("outbox")).unwrap().next().unwrap().unwrap().path();
    let letter = fs::read_to_string(&path).unwrap();
    fs::remove_file(path).unwrap();
    let head = letter.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    head.split("\r\n")
        .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("{line:?} in {head}")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[tokio::test]
async fn q4b_a_letter_has_the_headers_of_good_mail_and_no_others() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    for letter in every_letter("Eve\r\nBcc: all@example.com") {
        app.post(letter).await;
        app.do_jobs().await;
        let headers = headers(&app);
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "From",
                "To",
                "Subject",
                "Date",
                "Message-ID",
                "Auto-Submitted",
                "X-Auto-Response-Suppress",
                "MIME-Version",
                "Content-Type"
            ],
            "{headers:?}"
        );
        assert!(headers[8].1.starts_with("multipart/alternative;"));
        assert!(headers[4].1.ends_with("@localhost>"), "{:?}", headers[4]);
    }
    app.finish().await;
}
