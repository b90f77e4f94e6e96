//! What tests of the trail's chain need: writing entries, changing them behind the program's back, and reading the proof.

use server::{
    Origin,
    audit::{Haste, Noted, Progress, Report, What},
    events::Event,
    testing::{TestApp, ledger},
};

/// Writes so many entries and has them sealed.
pub async fn write(app: &TestApp, entries: usize) {
    for number in 0..entries {
        record(app, number).await;
    }
    app.backend.audit.seal_all().await.unwrap();
}

pub async fn record(app: &TestApp, number: usize) {
    let origin = Origin {
        ip: Some("203.0.113.9".into()),
        user_agent: Some(format!("Browser {number}")),
        request_id: Some(format!("request {number}")),
        ..Origin::default()
    };
    let event =
        Event::SignInFailed { person: None, identifier: format!("nobody {number}"), why: "unknown account" };
    app.backend.ground.begin(&origin).await.unwrap().record(event).await.unwrap().commit().await.unwrap();
}

pub async fn verify(app: &TestApp) -> Report {
    verify_with(app, None).await
}

pub async fn verify_with(app: &TestApp, noted: Option<Noted>) -> Report {
    app.backend.audit.verify(noted, Haste::Full, &Progress::default()).await.unwrap()
}

/// Proves the chain and answers where it is broken first, and how.
#[track_caller]
pub fn first(report: &Report) -> (i64, What) {
    let first = report.first.as_ref().unwrap_or_else(|| panic!("nothing was found: {report:?}"));
    (first.place, first.what)
}

#[track_caller]
pub fn is_whole(report: &Report, entries: u64) {
    assert!(report.is_whole(), "{}", report.words());
    assert_eq!((report.entries, report.waiting), (entries, 0), "{report:?}");
}

pub async fn unguard(app: &TestApp) {
    ledger::unguard_the_trail(&app.backend.ground.db).await;
}

pub async fn change(app: &TestApp, statements: &[&str]) {
    for statement in statements {
        let changed = ledger::change(&app.backend.ground.db, statement).await;
        assert!(changed > 0 || statement.starts_with("create "), "nothing was changed by: {statement}");
    }
}

/// Forgets what was noted beside the database, as if there were no data folder.
pub fn forget_the_note(app: &TestApp) {
    std::fs::remove_file(app.data_dir().join("audit-head")).unwrap();
}
