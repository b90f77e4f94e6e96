//! The outbox: letters that follow from a write leave once, are tried again when they cannot, and end as dead letters.

use crate::support::routes;
use server::testing::{Engine, TestApp};
use std::{collections::BTreeSet, fs, time::Duration};

/// How long the worker waits after each failed try.
const WAITS: [u64; 7] = [10, 30, 120, 600, 3_600, 14_400, 43_200];

/// The letters that lie in the data folder, as text.
fn letters(app: &TestApp) -> Vec<String> {
    let Ok(folder) = fs::read_dir(app.data_dir().join("outbox")) else { return Vec::new() };
    let paths = folder.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

async fn waiting(app: &TestApp) -> i64 {
    app.count("select count(*) from outbox where state = 'waiting'").await
}

/// An application whose mail server does not answer.
async fn without_mail_server(engine: Engine) -> TestApp {
    let far_away = |config: &mut server::config::Config| {
        config.smtp_url = server::config::Secret::new("smtp://127.0.0.1:1");
    };
    TestApp::configured(engine, far_away, routes).await
}

server::both_engines! { routes;
    async fn q4b_a_new_account_gets_one_letter(app) {
        app.add("alice", "Zoë Ng", &["USER_ADMIN"]).await;
        assert_eq!((waiting(app).await, letters(app).len()), (1, 0), "the letter left before its job was done");
        app.do_jobs().await;
        let letters = letters(app);
        assert_eq!((waiting(app).await, letters.len()), (0, 1));
        let letter = &letters[0];
        assert!(letter.contains("To: alice@example.com"), "{letter}");
        assert!(letter.contains("Subject: Your Countersign account is ready"), "{letter}");
        assert!(letter.contains("http://127.0.0.1:3000/login"), "{letter}");
        assert!(letter.contains("text/plain") && letter.contains("text/html"), "{letter}");
        assert!(!letter.contains(server::testing::PASSWORD));
    }

    async fn a_refused_account_gets_no_letter(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let form = server::people::NewPersonForm {
            username: "alice".into(), full_name: "Alice Two".into(), email: "two@example.com".into(),
            roles: vec!["STAFF".into()], password: server::testing::PASSWORD.into(),
        };
        let permit = server::permit::Operator::of_this_machine().permit(());
        let refusal = app.backend.people.create(&permit, form.parse(&app.backend.passwords).unwrap(), &server::Origin::operator()).await;
        assert_eq!(refusal.unwrap_err().told().message, "Username already exists");
        assert_eq!(app.count("select count(*) from outbox").await, 1);
        assert_eq!(app.count("select count(*) from audit where action = 'person.created'").await, 1);
    }

    async fn q4b_several_workers_send_each_letter_once(app) {
        for number in 0..20 {
            app.add(&format!("person{number}"), "Somebody New", &["PIN"]).await;
        }
        let work = || async {
            let mut done = 0;
            loop {
                match app.backend.worker().work_once().await.unwrap() {
                    0 => return done,
                    some => done += some,
                }
            }
        };
        let (a, b, c, d) = tokio::join!(work(), work(), work(), work());
        assert_eq!(a + b + c + d, 20, "a letter was tried twice or not at all");
        assert_eq!(app.count("select count(*) from outbox where attempts <> 1").await, 0);
        let letters = letters(app);
        assert_eq!(letters.len(), 20);
        let receivers: BTreeSet<&str> = letters.iter().filter_map(|letter| letter.lines().find(|line| line.starts_with("To: "))).collect();
        assert_eq!(receivers.len(), 20);
    }

    async fn q4b_a_job_whose_worker_died_is_done_by_another(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let lease = app.clock.now().microseconds() + 120_000_000;
        app.change(&format!("update outbox set leased_until = {lease}, attempts = 1")).await;
        assert_eq!(app.backend.worker().work_once().await.unwrap(), 0, "a leased job was taken away");
        app.clock.advance(Duration::from_secs(120));
        assert_eq!(app.backend.worker().work_once().await.unwrap(), 1);
        assert_eq!(letters(app).len(), 1);
    }

    async fn q4b_a_poisoned_job_blocks_no_other(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.change("update outbox set payload = '{\"kind\":\"nonsense\"}'").await;
        app.add("bob", "Bob Hale", &["STAFF"]).await;
        app.do_jobs().await;
        assert_eq!((letters(app).len(), waiting(app).await), (1, 1));
        // This test leaves its poison behind on purpose.
        app.change("delete from outbox where state = 'waiting'").await;
    }
}

async fn a_letter_that_cannot_leave_is_tried_eight_times_and_then_laid_aside(engine: Engine) {
    let app = without_mail_server(engine).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let worker = app.backend.worker();
    assert_eq!(worker.work_once().await.unwrap(), 1);
    for (tries, wait) in (1..).zip(WAITS) {
        assert_eq!(app.count("select attempts from outbox").await, tries);
        assert_eq!(waiting(&app).await, 1);
        app.clock.advance(Duration::from_secs(wait) - Duration::from_millis(1));
        assert_eq!(worker.work_once().await.unwrap(), 0, "try {} came before {wait} s were over", tries + 1);
        app.clock.advance(Duration::from_millis(1));
        assert_eq!(worker.work_once().await.unwrap(), 1, "try {} did not come after {wait} s", tries + 1);
    }
    assert_eq!(app.texts("select state from outbox").await, ["dead"]);
    assert_eq!(app.count("select attempts from outbox").await, 8);
    let why = app.texts("select last_error from outbox").await.remove(0);
    assert!(why.contains("the mail server 127.0.0.1:1 cannot be reached"), "{why}");
    app.clock.advance(Duration::from_secs(1_000_000));
    assert_eq!(worker.work_once().await.unwrap(), 0, "a dead letter rose again");
    assert!(letters(&app).is_empty());
}

#[tokio::test]
async fn o3_an_unreachable_mail_server_leads_to_a_dead_letter_on_sqlite() {
    a_letter_that_cannot_leave_is_tried_eight_times_and_then_laid_aside(Engine::Sqlite).await;
}

#[tokio::test]
async fn o3_an_unreachable_mail_server_leads_to_a_dead_letter_on_postgres() {
    a_letter_that_cannot_leave_is_tried_eight_times_and_then_laid_aside(Engine::Postgres).await;
}

proptest::proptest! {
    /// An address that the rules take is one that mail can be sent to; else its letters would all end as dead ones.
    #[test]
    fn q4b_every_address_that_is_taken_can_be_written_to(local in "[a-zé.!#$%&'*+/=?^_`{|}~-]{1,12}", host in "[a-z0-9é-]{1,8}\\.[a-zé]{2,5}") {
        if let Ok(address) = domain::person::EmailAddress::parse(&format!("{local}@{host}")) {
            let mailbox = address.as_str().parse::<lettre::message::Mailbox>();
            proptest::prop_assert!(mailbox.is_ok(), "{address}: {mailbox:?}");
        }
    }
}
