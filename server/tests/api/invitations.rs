//! Invitations: an account without a password, and the link by which its owner chooses one.

use crate::{
    link_support::{NEW_PASSWORD, configured, invite, letter, letters, token, works},
    support::{log_in, routes},
};
use domain::PersonId;
use serde_json::json;
use server::{
    Error, Origin, Result,
    audit::{Haste, Progress},
    config::RegistrationMode,
    links::Purpose,
    people::NewPersonForm,
    permit::Operator,
    testing::{Engine, PASSWORD, TestApp},
};
use std::time::Duration;

async fn accept(app: &TestApp, token: &str, password: &str) -> Result<()> {
    app.backend.links.accept_invitation(token, password, &Origin::default()).await
}

async fn again(app: &TestApp, person: PersonId) -> Result<()> {
    let permit = Operator::of_this_machine().permit(person);
    app.backend.links.invite_again(&permit, "Alice Ng", &Origin::operator()).await
}

async fn revoke(app: &TestApp, person: PersonId) -> Result<()> {
    let permit = Operator::of_this_machine().permit(person);
    app.backend.links.revoke_invitation(&permit, &Origin::operator()).await
}

async fn people(app: &TestApp) -> i64 {
    app.count("select count(*) from people").await
}

server::both_engines! { routes;
    async fn u1_whoever_is_invited_chooses_a_password_and_signs_in(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        invite(app, "ivy").await;
        assert_eq!(log_in(app, "ivy", NEW_PASSWORD).await.status, 401);
        let letter = letter(app, "invitation", "ivy@example.com").await.unwrap();
        assert_eq!((&letter["invited_by"], &letter["days"]), (&json!("Alice Ng"), &json!(7)));
        let link = letter["token"].as_str().unwrap();
        assert!(matches!(accept(app, link, "short").await, Err(Error::Invalid(_))));
        accept(app, link, NEW_PASSWORD).await.unwrap();
        assert!(matches!(accept(app, link, "another walk in the hills").await, Err(Error::LinkGone)));
        let reply = log_in(app, "ivy", NEW_PASSWORD).await;
        assert_eq!((reply.status, &reply.json()["user"]["role"]), (200, &json!("STAFF")));
        for action in ["person.invited", "link.sent", "person.invitation_accepted"] {
            assert_eq!(app.count(&format!("select count(*) from audit where action = '{action}'")).await, 1, "{action}");
        }
    }

    async fn u1_an_invitation_lasts_a_week_and_is_accepted_once(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        invite(app, "ivy").await;
        let link = token(app, "invitation", "ivy@example.com").await;
        app.clock.advance(Duration::from_secs(7 * 86_400 - 1));
        assert!(works(app, Purpose::Invitation, &link).await);
        let at_once = futures::future::join_all((0..4).map(|_| accept(app, &link, NEW_PASSWORD))).await;
        assert_eq!(at_once.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        invite(app, "olaf").await;
        let link = token(app, "invitation", "olaf@example.com").await;
        app.clock.advance(Duration::from_secs(7 * 86_400));
        assert!(matches!(accept(app, &link, NEW_PASSWORD).await, Err(Error::LinkGone)));
    }

    async fn u1_an_invitation_is_sent_again_or_taken_back(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let ivy = invite(app, "ivy").await;
        let first = token(app, "invitation", "ivy@example.com").await;
        app.clock.advance(Duration::from_secs(60));
        again(app, ivy).await.unwrap();
        let second = token(app, "invitation", "ivy@example.com").await;
        assert!(!works(app, Purpose::Invitation, &first).await && works(app, Purpose::Invitation, &second).await);
        let roles = app.texts("select role_code from person_roles where person_id in (select id from people where username = 'ivy')").await;
        revoke(app, ivy).await.unwrap();
        let told = app.texts("select details from audit where action = 'person.invitation_revoked'").await.remove(0);
        let changes = serde_json::from_str::<serde_json::Value>(&told).unwrap()["changes"].clone();
        assert_eq!((&changes["roles"], &changes["status"]), (&json!({ "before": roles }), &json!({ "before": "invited" })));
        assert!(matches!(accept(app, &second, NEW_PASSWORD).await, Err(Error::LinkGone)));
        assert_eq!(people(app).await, 1, "the account is still there");
        assert!(matches!(revoke(app, ivy).await, Err(Error::NotFound(_))));
        invite(app, "ivy").await;
        assert_eq!(people(app).await, 2, "the name cannot be used again");
    }

    async fn r4_an_invitation_to_more_power_is_left_alone_by_those_who_lack_it(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("ingrid", "Ingrid Solheim", &["SUPER_ADMIN"]).await;
        let (mut alice, mut ingrid) = (app.client_of("alice").await, app.client_of("ingrid").await);
        let form = json!({ "username": "sam", "full_name": "Sam Super", "email": "sam@example.com", "roles": ["SUPER_ADMIN"], "invite": true });
        let made = ingrid.post_json("/api/v1/users", &form).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let path = format!("/api/v1/users/{}/invitation", made.json()["id"].as_str().unwrap());
        for reply in [alice.delete(&path).await, alice.post_json(&path, &json!({})).await] {
            assert_eq!(reply.status, 403, "{}", reply.body);
        }
        assert_eq!(app.count("select count(*) from audit where action = 'link.sent'").await, 1);
        assert_eq!(ingrid.delete(&path).await.status, 204);
    }

    async fn u9_an_invitation_that_was_taken_back_leaves_no_name(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let ivy = invite(app, "ivy").await;
        token(app, "invitation", "ivy@example.com").await;
        app.clock.advance(Duration::from_secs(60));
        again(app, ivy).await.unwrap();
        let of_trail = "select count(*) from audit where details like '%Ivy Stone%' or details like '%ivy@example.com%'";
        let of_outbox = "select count(*) from outbox where payload like '%Ivy Stone%' or recipient = 'ivy@example.com'";
        assert_eq!((app.count(of_trail).await, app.count(of_outbox).await), (1, 2));
        revoke(app, ivy).await.unwrap();
        assert_eq!(app.count(of_outbox).await, 0);
        app.backend.privacy.keep_to_retention().await.unwrap();
        assert_eq!(app.count(of_trail).await, 0);
        for action in ["person.invited", "person.invitation_revoked"] {
            let sql = format!("select count(*) from audit where action = '{action}' and person_id in (select id from erased_people)");
            assert_eq!(app.count(&sql).await, 1, "{action} is not told any more");
        }
        app.backend.audit.seal_all().await.unwrap();
        let report = app.backend.audit.verify(None, Haste::Full, &Progress::default()).await.unwrap();
        assert!(report.is_whole(), "{}", report.words());
    }

    async fn u1_an_accepted_account_is_no_invitation_any_more(app) {
        let alice = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        assert!(matches!(again(app, alice).await, Err(Error::Conflict(_))));
        assert!(matches!(revoke(app, alice).await, Err(Error::Conflict(_))));
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200);
        assert_eq!(letters(app, "invitation").await, 0);
    }

    async fn u1_names_that_are_taken_are_told_to_whoever_invites(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for (username, email, words) in [
            ("alice", "new@example.com", "Username already exists"), ("new", "alice@example.com", "E-mail address already exists"),
        ] {
            let form = NewPersonForm { username: username.into(), full_name: "X".into(), email: email.into(), roles: vec!["PIN".into()], ..NewPersonForm::default() };
            let permit = Operator::of_this_machine().permit(());
            let refused = app.backend.links.invite(&permit, form.parse_without_password().unwrap(), "", &Origin::operator()).await;
            assert!(matches!(&refused, Err(Error::Conflict(told)) if *told == words), "{refused:?}");
        }
        assert_eq!(people(app).await, 1);
    }
}

#[tokio::test]
async fn a10_where_everything_is_closed_nobody_is_invited() {
    let app = configured(Engine::Sqlite, |config| config.registration.mode = RegistrationMode::Closed).await;
    let form = NewPersonForm {
        username: "ivy".into(),
        full_name: "Ivy Stone".into(),
        email: "ivy@example.com".into(),
        roles: vec!["PIN".into()],
        ..NewPersonForm::default()
    };
    let permit = Operator::of_this_machine().permit(());
    let newcomer = form.parse_without_password().unwrap();
    let refused = app.backend.links.invite(&permit, newcomer, "", &Origin::operator()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    assert_eq!(people(&app).await, 0);
    app.finish().await;
}
