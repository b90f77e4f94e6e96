//! From texts as they are to encrypted ones, to another key, and back: the whole store at once, and a start that refuses what
//! does not fit.

use crate::{
    person_support::{admin, change, details, look},
    support::{USERS, log_in, query, routes, usernames},
};
use domain::PersonId;
use serde_json::json;
use server::{
    at_rest::{Conversion, Goal, convert_all},
    audit::{Haste, Progress},
    keys::Keys,
    permit::Operator,
    testing::{Engine, PASSWORD, TestApp, ledger::kept_texts},
};

const EMAIL: &str = "maria.quillon@example.com";

async fn convert(app: &TestApp, goal: Goal) -> anyhow::Result<Conversion> {
    let file = Keys::personal_in(app.data_dir());
    convert_all(&Operator::of_this_machine(), &app.backend.ground, &file, goal).await
}

/// The installation as it starts again with this setting.
async fn started(app: &TestApp, encrypted: bool) -> TestApp {
    app.restarted(|config| config.encrypt_personal_data = encrypted, routes).await.unwrap()
}

async fn refused(app: &TestApp, encrypted: bool) -> String {
    let outcome = app.restarted(|config| config.encrypt_personal_data = encrypted, routes).await;
    outcome.map(|_| ()).unwrap_err().to_string()
}

async fn somebody(app: &TestApp) -> PersonId {
    let maria = app.add("maria", "Maria Quillon", &["STAFF"]).await;
    let mut root = admin(app).await;
    change(&mut root, maria, &json!({ "email": EMAIL })).await;
    maria
}

/// Everything that must hold in either state.
async fn works(app: &TestApp, maria: PersonId) {
    assert_eq!(log_in(app, EMAIL, PASSWORD).await.status, 200);
    let mut root = app.client_of("root").await;
    assert_eq!(look(&mut root, maria).await["full_name"], "Maria Quillon");
    for part in ["quill", "ria q", "maria.quillon@"] {
        assert_eq!(usernames(&root.get(&query(USERS, &[("search", part)])).await), ["maria"], "{part}");
    }
    let changed = &details(app, "person.updated").await["changes"]["email"];
    assert_eq!(changed, &json!({ "before": "maria@example.com", "after": EMAIL }));
    app.do_jobs().await;
    app.backend.audit.seal_all().await.unwrap();
    let report = app.backend.audit.verify(None, Haste::Full, &Progress::default()).await.unwrap();
    assert!(report.is_whole(), "{}", report.words());
}

async fn indexes(app: &TestApp) -> Vec<String> {
    let sql = match app.backend.ground.db.engine() {
        "sqlite" => "select type || ' ' || name from sqlite_master where tbl_name = 'people' order by 1",
        _ => "select indexname from pg_indexes where tablename = 'people' order by 1",
    };
    app.texts(sql).await
}

server::both_engines! { routes;
    async fn q2_a_store_is_encrypted_gets_a_new_key_and_is_decrypted_again(app) {
        let maria = somebody(app).await;
        app.do_jobs().await;
        let plain = indexes(app).await;
        let done = convert(app, Goal::Encrypted).await.unwrap();
        assert_eq!(done.people, 2);
        let first = done.key.unwrap();
        let app = &started(app, true).await;
        assert_eq!(indexes(app).await, plain);
        works(app, maria).await;
        let kept = kept_texts(&app.backend.ground.db, "select email from people union all select recipient from outbox").await;
        assert!(kept.len() > 2 && kept.iter().all(|text| text.starts_with(&format!("sealed:{first}."))), "{kept:?}");
        let mut root = app.client_of("root").await;
        change(&mut root, maria, &json!({ "full_name": "Maria Quillon-Marsh" })).await;
        change(&mut root, maria, &json!({ "full_name": "Maria Quillon" })).await;
        let told = "select details from audit where action = 'person.updated' and details like 'sealed:%'";
        assert_eq!(kept_texts(&app.backend.ground.db, told).await.len(), 2);

        let second = convert(app, Goal::NewKey).await.unwrap().key.unwrap();
        assert_ne!(second, first);
        let app = &started(app, true).await;
        let kept = kept_texts(&app.backend.ground.db, "select full_name from people union all select payload from outbox").await;
        assert!(kept.iter().all(|text| text.starts_with(&format!("sealed:{second}."))), "{kept:?}");
        assert!(app.texts(told).await.iter().all(|details| details.contains("Quillon-Marsh")), "an older key opens the trail");
        assert_eq!(log_in(app, EMAIL, PASSWORD).await.status, 200);

        assert_eq!(convert(app, Goal::Decrypted).await.unwrap().key, None);
        let app = &started(app, false).await;
        let kept = kept_texts(&app.backend.ground.db, "select email from people union all select recipient from outbox").await;
        assert!(kept.len() > 2 && kept.iter().all(|text| text.ends_with("@example.com")), "{kept:?}");
        assert!(app.texts(told).await.iter().all(|details| details.contains("Quillon-Marsh")), "the trail stays readable");
        let mut root = app.client_of("root").await;
        assert_eq!(usernames(&root.get(&query(USERS, &[("sort", "-full_name")])).await), ["root", "maria"]);
        assert_eq!(indexes(app).await, plain);
        let told = app.texts("select action from audit where action like 'personal_data.%' order by at, id").await;
        assert_eq!(told.len(), 3, "{told:?}");
        app.do_jobs().await;
    }

    async fn q2_a_start_refuses_a_store_that_is_not_as_the_setting_wants_it(app) {
        let maria = somebody(app).await;
        app.do_jobs().await;
        assert!(refused(app, true).await.contains("run `countersign personal-data encrypt` once"));
        for goal in [Goal::Decrypted, Goal::NewKey] {
            assert!(convert(app, goal).await.unwrap_err().to_string().contains("are not encrypted"), "{goal:?}");
        }
        convert(app, Goal::Encrypted).await.unwrap();
        assert!(refused(app, false).await.contains("encrypt_personal_data is off"));
        assert!(convert(app, Goal::Encrypted).await.unwrap_err().to_string().contains("are encrypted already"));
        // Without its key the store is closed, and says which one is missing.
        let file = app.data_dir().join("keys/personal.key");
        let key = std::fs::read_to_string(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let why = refused(app, true).await;
        assert!(why.contains("keys/personal.key does not hold"), "{why}");
        std::fs::write(&file, &key).unwrap();
        set_mode(&file, 0o644);
        assert!(refused(app, true).await.contains("can be read by others"));
        set_mode(&file, 0o600);
        works(&started(app, true).await, maria).await;
    }
}

fn set_mode(file: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn q2_nothing_is_left_where_rows_were_before() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let maria = somebody(&app).await;
    let mut root = app.client_of("root").await;
    let note = json!({ "text": "Told us of the Quillworth matter." });
    assert_eq!(root.post_json(&format!("{USERS}/{maria}/notes"), &note).await.status, 201);
    app.do_jobs().await;
    assert!(is_in_the_file(&app, "quillworth"));
    convert(&app, Goal::Encrypted).await.unwrap();
    assert!(!is_in_the_file(&app, "quillworth"));
    started(&app, true).await.finish().await;
}

fn is_in_the_file(app: &TestApp, text: &str) -> bool {
    let entries = std::fs::read_dir(app.data_dir()).unwrap().map(|entry| entry.unwrap().path());
    let mut files = entries.filter(|path| path.to_string_lossy().contains("countersign.db"));
    files.any(|path| {
        let bytes = std::fs::read(path).unwrap().to_ascii_lowercase();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test]
async fn q2_somebody_may_be_called_as_encrypted_texts_look() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let person = app.add("maria", "sealed:0a1b2c3d.abcdef", &["STAFF"]).await;
    let mut root = admin(&app).await;
    assert_eq!(look(&mut root, person).await["full_name"], "sealed:0a1b2c3d.abcdef");
    for goal in [Goal::Encrypted, Goal::Decrypted] {
        convert(&app, goal).await.unwrap();
        let app = started(&app, goal == Goal::Encrypted).await;
        let mut root = app.client_of("root").await;
        assert_eq!(look(&mut root, person).await["full_name"], "sealed:0a1b2c3d.abcdef", "{goal:?}");
    }
    app.finish().await;
}
