//! Erasing a person: who may, whom, and that nothing of them is left in any table while the chain of the trail holds.

use crate::{
    person_support::{admin, change, details, look, page_of},
    support::{ME, USERS, browser_of, log_in, problem, routes, wrong_field},
};
use domain::{ImportId, PersonId, RoleCode, SessionId};
use serde_json::json;
use server::{
    Origin,
    audit::{Haste, Progress},
    events::Event,
    origin::Doer,
    people::import::{Change, ChangeKind},
    permit::Operator,
    privacy::EraseForm,
    testing::{Agent, PASSWORD, Reply, TestApp},
};
use std::time::Duration;

const USERNAME: &str = "quillon";
const NAME: &str = "Maria Quillon";
const PHONE: &str = "+436641234567";
/// What tells of the person: names, the addresses of now, of before and to be, the phone, what they called their things.
const TELLING: [&str; 8] = [
    USERNAME,
    "Quillon",
    PHONE,
    "before@example.org",
    "wanted@example.org",
    "Mill lane",
    "Their laptop",
    "8.8.4.4",
];

async fn erase_as(client: &mut Agent, id: PersonId, username: &str, version: i64) -> Reply {
    client
        .post_json(&format!("{}/erase", page_of(id)), &json!({ "username": username, "version": version }))
        .await
}

/// Suspends and erases.
async fn erase(client: &mut Agent, id: PersonId, username: &str) -> Reply {
    assert_eq!(client.delete(&page_of(id)).await.status, 200);
    let version = look(client, id).await["version"].as_i64().unwrap();
    erase_as(client, id, username, version).await
}

async fn chain_is_whole(app: &TestApp) {
    app.backend.audit.seal_all().await.unwrap();
    let report = app.backend.audit.verify(None, Haste::Full, &Progress::default()).await.unwrap();
    assert!(report.is_whole(), "{}", report.words());
}

/// Every table with its columns, as the database tells them.
async fn columns(app: &TestApp) -> Vec<(String, String)> {
    let sql = match app.backend.ground.db.engine() {
        "sqlite" => {
            "select m.name || '.' || c.name from sqlite_master m join pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like 'sqlite_%'"
        }
        _ => {
            "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'"
        }
    };
    let found = app.texts(sql).await;
    found
        .iter()
        .map(|column| column.split_once('.').unwrap())
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect()
}

/// Every value of the database, with the column in which it stands.
pub async fn everything(app: &TestApp) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (table, column) in columns(app).await {
        // A virtual table has a hidden column of its own name.
        let value = match app.backend.ground.db.engine() {
            "sqlite" => format!(
                "case when typeof(\"{column}\") = 'blob' then hex(\"{column}\") else cast(\"{column}\" as text) end"
            ),
            _ => format!("cast(\"{column}\" as text)"),
        };
        let texts = app.texts(&format!("select {value} from \"{table}\"")).await;
        all.extend(texts.into_iter().map(|text| (format!("{table}.{column}"), text)));
    }
    all
}

/// Where something stands that tells of the person.
async fn traces(app: &TestApp) -> Vec<String> {
    let is_trace = |text: &str| {
        let text = text.to_lowercase();
        TELLING.iter().any(|telling| {
            let telling = telling.to_lowercase();
            text.contains(&telling) || text.contains(&data_encoding::HEXLOWER.encode(telling.as_bytes()))
        })
    };
    let all = everything(app).await;
    all.into_iter()
        .filter(|(_, text)| is_trace(text))
        .map(|(place, text)| format!("{place}: {text}"))
        .collect()
}

/// Somebody of whom every table has something.
async fn somebody_with_everything(app: &TestApp, root: &mut Agent) -> PersonId {
    let id = app.add(USERNAME, NAME, &["PIN", "STAFF"]).await;
    change(root, id, &json!({ "email": "before@example.org" })).await;
    change(root, id, &json!({ "email": "quillon@example.com" })).await;
    log_in(app, USERNAME, "not the password at all").await;
    let mut client = app.client_of(USERNAME).await;
    browser_of(app, USERNAME, true).await;
    client
        .send_json(
            "PATCH",
            "/api/v1/account",
            &json!({ "full_name": "Maria Quillon Senior", "version": look(root, id).await["version"] }),
        )
        .await;
    client
        .post_json("/api/v1/account/api-keys", &json!({ "name": "Mill lane", "scopes": ["users.view_own"] }))
        .await;
    client.post_json("/api/v1/account/email-change", &json!({ "email": "wanted@example.org" })).await;
    app.anyone().post_json("/api/v1/auth/password/forgot", &json!({ "email": "quillon@example.com" })).await;
    root.post_json(&format!("{}/notes", page_of(id)), &json!({ "text": "Lives in Mill lane." })).await;
    root.get("/api/v1/export/users.json?search=quillon").await;
    app.do_jobs().await;
    let own = |columns: &str, values: &str| {
        format!("({columns}) select {values} from people where username = '{USERNAME}'")
    };
    for (table, columns, values) in [
        ("app_factors", "person_id, secret, last_step, enrolled_at", "id, 'sealed', 0, 1"),
        ("app_enrolments", "person_id, secret, begun_at", "id, 'sealed', 1"),
        ("code_factors", "person_id, method, target, enrolled_at", "id, 'sms', '+436641234567', 1"),
        (
            "one_time_codes",
            "person_id, method, occasion, id, fingerprint, target, tries, sent_at, expires_at",
            "id, 'sms', 'enrolment', id, 'x', '+436641234567', 0, 1, 2",
        ),
        ("recovery_codes", "person_id, fingerprint, made_at", "id, 'x', 1"),
        (
            "passkeys",
            "id, person_id, credential_id, name, credential, counter, created_at",
            "id, id, 'x', 'Their laptop', 'x', 0, 1",
        ),
        (
            "passkey_ceremonies",
            "id, fingerprint, occasion, person_id, state, expires_at",
            "id, 'x', 'x', id, 'Their laptop', 1",
        ),
        (
            "provider_links",
            "issuer, subject, person_id, linked_at, last_used_at",
            "'https://acme.example', 'quillon-at-acme', id, 1, 1",
        ),
        (
            "remembered_devices",
            "id, fingerprint, person_id, password_mark, ip, user_agent, created_at, last_used_at, expires_at",
            "id, 'x', id, 'x', '8.8.4.4', 'x', 1, 1, 2",
        ),
        (
            "pending_sign_ins",
            "id, fingerprint, person_id, role_code, kind, remembered, stage, password_mark, ip, user_agent, tries, created_at, expires_at",
            "id, 'x', id, 'PIN', 'browser', false, 'code', 'x', '8.8.4.4', 'x', 0, 1, 2",
        ),
        (
            "bulk_changes",
            "id, person_id, action, people, done, changed, refused, refusals, begun_at",
            "id, id, 'suspend', '', 0, 0, 0, '[]', 1",
        ),
        (
            "imports",
            "id, state, file_name, existing, without_password, actor_kind, actor_id, ip, user_agent, holds, created_at",
            "id, 'checked', 'staff.csv', 'update', 'wait', 'person', id, '8.8.4.4', 'x', '', 1",
        ),
        (
            "import_rows",
            "import_id, number, username, full_name, email",
            "id, 1, 'Quillon', full_name, email",
        ),
        (
            "import_errors",
            "import_id, number, place, column_name, value, words",
            "id, 2, 0, 'email', 'Quillon@example.com', 'x'",
        ),
        (
            "import_errors",
            "import_id, number, place, column_name, value, words",
            "id, 3, 0, 'roles', full_name, 'x'",
        ),
        (
            "import_errors",
            "import_id, number, place, column_name, value, words",
            "id, 4, 0, 'email', 'x@example.com', 'E-mail address already exists: it belongs to quillon'",
        ),
    ] {
        app.change(&format!("insert into {table} {}", own(columns, values))).await;
    }
    id
}

// As in production: what is over keeps no address that somebody typed.
server::both_engines! { routes, |config: &mut server::config::Config| config.development = false;
    async fn u9_nothing_of_a_person_is_left_and_the_chain_holds(app) {
        let mut root = admin(app).await;
        let id = somebody_with_everything(app, &mut root).await;
        // A table that comes later has to be thought of: of each that knows people there is something.
        let of_people: Vec<String> = columns(app).await.into_iter().filter(|(_, column)| column == "person_id").map(|(table, _)| table).collect();
        assert!(of_people.len() > 18, "{of_people:?}");
        for table in &of_people {
            let sql = format!("select count(*) from {table} where person_id in (select id from people where username = '{USERNAME}')");
            assert!(app.count(&sql).await > 0, "this test puts nothing of the person into {table}");
        }
        assert!(traces(app).await.len() > 30);
        let entries = app.count("select count(*) from audit").await;
        let reply = erase(&mut root, id, USERNAME).await;
        assert_eq!((reply.status, &reply.json()["id"]), (200, &json!(id.to_string())), "{}", reply.body);
        assert_eq!(traces(app).await, [""; 0]);
        for table in of_people.iter().filter(|table| *table != "audit") {
            let sql = format!("select count(*) from {table} where person_id is not null and person_id not in (select id from people)");
            assert_eq!(app.count(&sql).await, 0, "{table}");
        }
        // No entry is gone; they name the id, and say nothing but what was done.
        assert_eq!(app.count("select count(*) from audit").await, entries + 2, "suspended and erased");
        assert_eq!(app.count("select count(*) from audit where person_id not in (select id from people) and erased is null").await, 1);
        let told = details(app, "person.erased").await;
        assert_eq!((&told["why"], told["entries"].as_i64().unwrap() > 10), (&json!("asked for"), true), "{told}");
        chain_is_whole(app).await;
    }

    async fn u9_whoever_is_erased_is_out_at_once_and_their_names_are_free(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut petra = app.client_of("petra").await;
        assert_eq!(erase(&mut root, id, "petra").await.status, 200);
        assert_eq!(petra.get(ME).await.status, 401);
        assert_eq!(log_in(app, "petra", PASSWORD).await.status, 401);
        assert_eq!(problem(&root.get(&page_of(id)).await, 404).1, "User not found");
        assert_eq!(problem(&erase_as(&mut root, id, "petra", 2).await, 404).1, "User not found", "a second time");
        assert_eq!(root.get(&format!("{USERS}?search=petra")).await.json()["items"], json!([]));
        let another = app.add("petra", "Petra Berg", &["PIN"]).await;
        assert_ne!(another, id);
        assert_eq!(log_in(app, "petra", PASSWORD).await.status, 200);
        chain_is_whole(app).await;
    }

    async fn u9_what_was_done_to_others_stays_told(app) {
        let mut root = admin(app).await;
        let alice = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let petra = app.add("petra", "Petra Holm", &["PIN"]).await;
        let mut client = app.client_of("alice").await;
        change(&mut client, petra, &json!({ "full_name": "Petra Berg" })).await;
        client.post_json(&format!("{}/notes", page_of(petra)), &json!({ "text": "Called." })).await;
        assert_eq!(erase(&mut root, alice, "alice").await.status, 200);
        assert_eq!(details(app, "person.updated").await["changes"]["full_name"]["after"], "Petra Berg");
        let notes = root.get(&format!("{}/notes", page_of(petra))).await.json();
        assert_eq!((&notes[0]["text"], &notes[0]["author"]), (&json!("Called."), &json!(null)));
        chain_is_whole(app).await;
    }

    async fn u9_only_a_suspended_account_under_its_typed_name_in_its_version(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        assert_eq!(problem(&erase_as(&mut root, id, "petra", 1).await, 409).1, "Suspend the account first. Only somebody who is suspended can be erased.");
        assert_eq!(root.delete(&page_of(id)).await.status, 200);
        for wrong in ["", "Petra", "petr", "root"] {
            assert_eq!(wrong_field(&erase_as(&mut root, id, wrong, 2).await, "username"), "This is not their username");
        }
        assert!(problem(&erase_as(&mut root, id, "petra", 1).await, 409).1.starts_with("This account was changed in the meantime"));
        for body in [json!({ "username": "petra" }), json!({ "version": 2 }), json!({ "username": "petra", "version": "2" })] {
            assert_eq!(root.post_json(&format!("{}/erase", page_of(id)), &body).await.status, 422, "{body}");
        }
        assert_eq!(app.count("select count(*) from people where username = 'petra'").await, 1);
        assert_eq!(erase_as(&mut root, id, " petra ", 2).await.status, 200);
    }

    async fn u9_who_may_not_erase(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        let above = app.add("sue", "Sue Per", &["SUPER_ADMIN"]).await;
        let own: PersonId = root.get(ME).await.json()["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(problem(&erase_as(&mut app.anyone(), id, "petra", 1).await, 401).0, "unauthenticated");
        let mut petra = app.client_of("petra").await;
        assert_eq!(problem(&erase_as(&mut petra, own, "root", 1).await, 403).0, "forbidden");
        assert_eq!(problem(&erase_as(&mut root, own, "root", 1).await, 403).1, "You cannot erase your own account. Ask somebody else who looks after accounts.");
        app.change("update people set status = 'suspended' where username = 'sue'").await;
        assert!(problem(&erase_as(&mut root, above, "sue", 1).await, 403).1.starts_with("This account may change roles or settings."));
        assert_eq!(problem(&root.post_json(&format!("{USERS}/nobody/erase"), &json!({ "username": "x", "version": 1 })).await, 404).1, "User not found");
        app.change("update people set status = 'suspended' where username = 'petra'").await;
        app.clock.advance(Duration::from_secs(899));
        let mut stale = app.client_of("root").await;
        app.change("update sessions set proved_at = 1").await;
        assert_eq!(problem(&erase_as(&mut stale, id, "petra", 1).await, 403).0, "step_up_required");
        assert_eq!(app.count("select count(*) from erased_people").await, 0);
    }

    async fn u9_the_last_who_can_manage_accounts_is_not_erased(app) {
        let root = app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        app.change("update people set status = 'suspended'").await;
        let form = EraseForm { username: "root".into(), version: None };
        let refused = app.backend.privacy.erase(&Operator::of_this_machine().permit(root), &form, &Origin::operator()).await;
        assert_eq!(refused.unwrap_err().told().status, 409);
        app.add("alice", "Alice Ng", &["ADMIN"]).await;
        app.backend.privacy.erase(&Operator::of_this_machine().permit(root), &form, &Origin::operator()).await.unwrap();
        assert_eq!(app.count("select count(*) from audit where action = 'person.erased' and actor_kind = 'operator'").await, 1);
    }

    async fn u9_of_two_who_erase_somebody_at_once_one_does(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut root = admin(app).await;
        let mut alice = app.client_of("alice").await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        root.delete(&page_of(id)).await;
        let (a, b) = tokio::join!(erase_as(&mut root, id, "petra", 2), erase_as(&mut alice, id, "petra", 2));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 404], "{} {}", a.body, b.body);
        assert_eq!(app.count("select count(*) from audit where action = 'person.erased'").await, 1);
        chain_is_whole(app).await;
    }

    async fn u9_what_comes_too_late_goes_after_them(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        assert_eq!(erase(&mut root, id, "petra").await.status, 200);
        // As a sign-in does that was under way.
        let origin = Origin { ip: Some("203.0.113.9".into()), ..Origin::default() };
        let late = Event::SignInFailed { person: Some(id), identifier: "petra".into(), why: "wrong password" };
        app.backend.ground.begin(&origin).await.unwrap().record(late).await.unwrap().commit().await.unwrap();
        app.backend.privacy.keep_to_retention().await.unwrap();
        assert_eq!(app.count("select count(*) from audit where details like '%petra%' or ip = '203.0.113.9'").await, 0);
        assert_eq!(details(app, "person.erased").await["why"], "asked for", "that they were erased stays told");
        chain_is_whole(app).await;
    }

    async fn u9_what_they_did_that_ends_after_them_does_not_tell_from_where(app) {
        let mut root = admin(app).await;
        let id = app.add("petra", "Petra Holm", &["PIN"]).await;
        assert_eq!(erase(&mut root, id, "petra").await.status, 200);
        // As an import does that was under way: it is about nobody.
        let session: SessionId = "0198c0de-0000-7000-8000-000000000001".parse().unwrap();
        let doer = Doer::Person { id, role: RoleCode::parse("PIN").unwrap(), session };
        let origin = Origin { doer, ip: Some("203.0.113.9".into()), user_agent: Some("Mill lane".into()), ..Origin::default() };
        let import: ImportId = "0198c0de-0000-7000-8000-000000000000".parse().unwrap();
        let kind = ChangeKind::Finished { made: 1, updated: 0, same: 0, skipped: 0 };
        let late = Event::Import(Change { import, kind });
        app.backend.ground.begin(&origin).await.unwrap().record(late).await.unwrap().commit().await.unwrap();
        app.backend.privacy.keep_to_retention().await.unwrap();
        assert_eq!(app.count("select count(*) from audit where ip = '203.0.113.9' or user_agent = 'Mill lane'").await, 0);
        chain_is_whole(app).await;
    }
}
