//! Sending through a real mail server: encrypted and signed in, refused, put off, slow, away and back again.

use crate::support::routes;
use domain::Timestamp;
use server::{
    config::{Config, Secret},
    mail::Letter,
    testing::{Engine, MailServer, TestApp},
};
use std::time::Duration;

fn test_letter(to: &str) -> Letter {
    Letter::Test { to: to.into(), at: Timestamp::from_seconds(1_790_000_000) }
}

/// An application that sends its letters to this address (without the port), and waits a second at most.
async fn sending_to(
    engine: Engine,
    server: &MailServer,
    url: &str,
    change: impl FnOnce(&mut Config),
) -> TestApp {
    let url = url.replace("PORT", &server.port.to_string());
    let settings = |config: &mut Config| {
        config.smtp_url = Secret::new(url);
        config.mail.timeout_seconds = 1;
        change(config);
    };
    TestApp::configured(engine, settings, routes).await
}

async fn plainly(engine: Engine, server: &MailServer) -> TestApp {
    sending_to(engine, server, "smtp://127.0.0.1:PORT", |_| ()).await
}

async fn states(app: &TestApp) -> Vec<String> {
    app.texts("select state from outbox order by created_at, id").await
}

async fn trouble(app: &TestApp) -> String {
    app.texts("select last_error from outbox").await.remove(0)
}

#[tokio::test]
async fn q4b_a_letter_leaves_encrypted_by_starttls_and_signed_in() {
    let server = MailServer::start(&["--tls", "required", "--user", "post", "--password", "p@ss: word"]);
    let url = "smtp://post:p%40ss%3A%20word@localhost:PORT?tls=required";
    let app = sending_to(Engine::Sqlite, &server, url, |config| {
        config.mail.ca_file = server.certificate();
        config.public_url = "https://countersign.example.com".into();
    })
    .await;
    app.add("alice", "Zoë Ng", &["USER_ADMIN"]).await;
    app.do_jobs().await;
    let taken = server.noted("taken");
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!((&taken[0]["encrypted"], &taken[0]["login"]), (&true.into(), &true.into()));
    assert_eq!(
        (&taken[0]["to"][0], &taken[0]["sender"]),
        (&"alice@example.com".into(), &"countersign@localhost".into())
    );
    assert!(server.noted("greeted").iter().all(|hello| hello["by"] == "countersign.example.com"));
    let letter = server.letters().remove(0);
    assert!(letter.contains("\nAuto-Submitted: auto-generated\n"), "{letter}");
    assert!(letter.contains("https://countersign.example.com/login"), "{letter}");
    app.finish().await;
}

#[tokio::test]
async fn q4b_a_letter_leaves_over_tls_from_the_first_byte() {
    let server = MailServer::start(&["--tls", "wrapped"]);
    let app = sending_to(Engine::Sqlite, &server, "smtps://localhost:PORT", |config| {
        config.mail.ca_file = server.certificate();
    })
    .await;
    app.post(test_letter("bo@example.com")).await;
    app.do_jobs().await;
    assert_eq!(server.noted("taken")[0]["encrypted"], true);
    app.finish().await;
}

#[tokio::test]
async fn q4b_encryption_is_used_where_it_is_offered_and_not_asked_for() {
    let server = MailServer::start(&["--tls", "offered"]);
    let app = sending_to(Engine::Sqlite, &server, "smtp://localhost:PORT?tls=opportunistic", |config| {
        config.mail.ca_file = server.certificate();
    })
    .await;
    app.post(test_letter("bo@example.com")).await;
    app.do_jobs().await;
    assert_eq!(server.noted("taken")[0]["encrypted"], true);
    app.finish().await;
}

/// A setting that is wrong is no fault of the letters: they wait until it is put right, and the reason is kept.
#[tokio::test]
async fn q4b_a_server_that_cannot_be_trusted_gets_no_letter_and_no_password() {
    for (options, url, why) in [
        (
            &["--tls", "required"][..],
            "smtp://post:secret@localhost:PORT?tls=required",
            "over TLS: invalid peer certificate",
        ),
        (&["--tls", "wrapped"], "smtps://localhost:PORT", "invalid peer certificate"),
        (&[], "smtp://post:secret@localhost:PORT?tls=required", "offers no encryption (STARTTLS)"),
        (
            &["--tls", "none", "--user", "post", "--password", "right"],
            "smtp://post:wrong@localhost:PORT",
            "did not accept the name and password of smtp_url",
        ),
    ] {
        let server = MailServer::start(options);
        let app = sending_to(Engine::Sqlite, &server, url, |_| ()).await;
        app.post(test_letter("bo@example.com")).await;
        app.do_jobs().await;
        assert_eq!(states(&app).await, ["waiting"], "{url}");
        assert!(trouble(&app).await.contains(why), "{}", trouble(&app).await);
        assert!(server.letters().is_empty());
    }
}

async fn a_refused_letter_dies_at_once_with_its_reason(engine: Engine) {
    let server = MailServer::start(&[]);
    let app = plainly(engine, &server).await;
    for to in ["refused@example.com", "full@example.com", "bo@example.com"] {
        app.post(test_letter(to)).await;
    }
    app.do_jobs().await;
    let reason = async |to: &str| {
        app.texts(&format!("select last_error from outbox where recipient = '{to}' and state = 'dead'"))
            .await
            .remove(0)
    };
    assert_eq!(
        reason("refused@example.com").await,
        "the mail server refused the address: 550 5.1.1 <refused@example.com> does not live here"
    );
    assert_eq!(
        reason("full@example.com").await,
        "the mail server refused the letter: 552 5.2.2 The mail box is full"
    );
    assert_eq!(app.count("select count(*) from outbox where attempts <> 1").await, 0);
    assert_eq!(server.letters().len(), 1, "the letter behind a refused one did not arrive");
}

async fn a_letter_that_was_put_off_arrives_later_and_once(engine: Engine) {
    let server = MailServer::start(&[]);
    let app = plainly(engine, &server).await;
    app.post(test_letter("later@example.com")).await;
    app.do_jobs().await;
    assert_eq!(states(&app).await, ["waiting"]);
    assert!(trouble(&app).await.contains("451 4.7.1 Come back later"), "{}", trouble(&app).await);
    app.clock.advance(Duration::from_secs(10));
    app.do_jobs().await;
    assert_eq!(server.letters().len(), 1);
    app.finish().await;
}

async fn a_server_that_was_away_gets_each_letter_once(engine: Engine) {
    let mut server = MailServer::start(&[]);
    let app = plainly(engine, &server).await;
    app.post(test_letter("first@example.com")).await;
    app.do_jobs().await;
    server.stop();
    for number in 0..5 {
        app.post(test_letter(&format!("person{number}@example.com"))).await;
    }
    app.do_jobs().await;
    assert_eq!(app.count("select count(*) from outbox where state = 'waiting' and attempts = 1").await, 5);
    let why = app.texts("select last_error from outbox where state = 'waiting'").await;
    assert!(why.iter().all(|why| why.contains("cannot be reached")), "{why:?}");
    server.start_again();
    app.clock.advance(Duration::from_secs(10));
    app.do_jobs().await;
    let mut receivers: Vec<String> =
        server.noted("taken").iter().map(|taken| taken["to"][0].as_str().unwrap().to_owned()).collect();
    receivers.sort();
    assert_eq!(receivers.len(), 6, "{receivers:?}");
    receivers.dedup();
    assert_eq!(receivers.len(), 6, "a letter arrived twice");
    app.finish().await;
}

macro_rules! on_both_engines {
    ($($proof:ident proves $name:ident),+ $(,)?) => {$(
        mod $name {
            use super::*;

            #[tokio::test]
            async fn sqlite() {
                $proof(Engine::Sqlite).await;
            }

            #[tokio::test]
            async fn postgres() {
                $proof(Engine::Postgres).await;
            }
        }
    )+};
}

on_both_engines! {
    a_refused_letter_dies_at_once_with_its_reason proves q4b_a_refused_letter_is_a_dead_one_with_its_reason,
    a_letter_that_was_put_off_arrives_later_and_once proves q4b_a_letter_that_was_put_off_arrives_later,
    a_server_that_was_away_gets_each_letter_once proves q4b_a_mail_server_goes_away_and_comes_back,
}

#[tokio::test]
async fn o3_a_slow_server_is_left_after_the_time_that_is_set() {
    let server = MailServer::start(&[]);
    let app = plainly(Engine::Sqlite, &server).await;
    app.post(test_letter("slow@example.com")).await;
    app.post(test_letter("bo@example.com")).await;
    app.do_jobs().await;
    assert_eq!(states(&app).await, ["waiting", "done"]);
    assert!(trouble(&app).await.ends_with("did not answer within 1 s"), "{}", trouble(&app).await);
    // The connection that was left in the middle is not used for the next letter.
    assert_eq!(server.noted("greeted").len(), 2);
    assert_eq!(server.letters().len(), 1);
}

#[tokio::test]
async fn q4b_letters_that_follow_each_other_share_a_connection() {
    let mut server = MailServer::start(&[]);
    let app = plainly(Engine::Sqlite, &server).await;
    for number in 0..5 {
        app.post(test_letter(&format!("person{number}@example.com"))).await;
    }
    app.do_jobs().await;
    assert_eq!((server.noted("taken").len(), server.noted("greeted").len()), (5, 1));
    // A connection that died meanwhile is noticed before a letter is trusted to it.
    server.stop();
    server.start_again();
    app.post(test_letter("last@example.com")).await;
    app.do_jobs().await;
    assert_eq!((server.noted("taken").len(), server.noted("greeted").len()), (6, 2));
    app.finish().await;
}

#[tokio::test]
async fn q4b_a_second_try_is_the_same_letter_byte_for_byte() {
    let server = MailServer::start(&[]);
    let app = plainly(Engine::Sqlite, &server).await;
    app.add("alice", "Zoë Ng", &["USER_ADMIN"]).await;
    app.do_jobs().await;
    // As if the server's answer had been lost.
    app.change("update outbox set state = 'waiting', leased_until = 0").await;
    app.clock.advance(Duration::from_secs(3600));
    app.do_jobs().await;
    let letters = server.letters();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0], letters[1]);
    assert!(
        letters[0].contains("\nMessage-ID: <") && letters[0].contains("\nDate: Mon, 21 Sep 2026 14:13:20"),
        "{}",
        letters[0]
    );
    app.finish().await;
}

#[tokio::test]
async fn q4b_addresses_beyond_ascii_need_a_server_that_knows_them() {
    let knowing = MailServer::start(&[]);
    let app = plainly(Engine::Sqlite, &knowing).await;
    app.post(test_letter("zoë@example.com")).await;
    app.post(test_letter("bo@bücher.example")).await;
    app.do_jobs().await;
    let receivers: Vec<String> =
        knowing.noted("taken").iter().map(|taken| taken["to"][0].as_str().unwrap().to_owned()).collect();
    assert_eq!(receivers, ["zoë@example.com", "bo@xn--bcher-kva.example"]);
    app.finish().await;

    let ignorant = MailServer::start(&["--no-utf8"]);
    let app = plainly(Engine::Sqlite, &ignorant).await;
    app.post(test_letter("zoë@example.com")).await;
    app.post(test_letter("bo@bücher.example")).await;
    app.do_jobs().await;
    assert_eq!(states(&app).await, ["dead", "done"]);
    assert!(trouble(&app).await.contains("SMTPUTF8"), "{}", trouble(&app).await);
}
