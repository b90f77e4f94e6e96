//! Things that happen at the same moment: each ends as if one had come after the other.

use crate::{
    second_factor_support::{challenge_of, show, with_app},
    support::{LOGIN, ME, browser_of, log_in, routes},
};
use domain::{RoleCode, password::Owner};
use futures::future::join_all;
use server::{
    Origin,
    identity::Purpose,
    permit::Operator,
    testing::{PASSWORD, TestApp},
};
use std::collections::BTreeMap;

const AT_ONCE: usize = 150;

/// The actor behind a browser's cookie.
async fn actor_of(app: &TestApp, token: &str) -> server::Result<server::Actor> {
    app.backend.identity.authenticate(token, Purpose::Session).await
}

server::both_engines! { routes;
    async fn a14_every_one_of_many_sign_ins_at_once_is_answered(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let answers = join_all((0..AT_ONCE).map(|_| log_in(app, "alice", PASSWORD))).await;
        let mut statuses: BTreeMap<u16, i64> = BTreeMap::new();
        for answer in &answers {
            *statuses.entry(answer.status).or_default() += 1;
            assert!(answer.status == 200 || !answer.header("retry-after").is_empty(), "{}: {}", answer.status, answer.body);
        }
        assert!(statuses.keys().all(|status| [200, 503].contains(status)), "{statuses:?}");
        let served = statuses[&200];
        assert_eq!(app.count("select count(*) from sessions").await, served);
        assert_eq!(app.count("select login_count from people").await, served);
        assert_eq!(app.count("select count(*) from audit where action = 'session.signed_in'").await, served);
    }

    async fn u1_one_of_two_accounts_with_one_name_is_made(app) {
        let make = |number: usize| async move {
            let form = server::people::NewPersonForm {
                username: "alice".into(), full_name: "Alice Ng".into(), email: format!("alice{number}@example.com"),
                roles: vec!["PIN".into()], password: PASSWORD.into(),
            };
            let permit = Operator::of_this_machine().permit(());
            app.backend.people.create(&permit, form.parse(&app.backend.passwords).unwrap(), &Origin::operator()).await
        };
        let outcomes = join_all((0..8).map(make)).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for refusal in outcomes.into_iter().filter_map(Result::err) {
            assert_eq!(refusal.told().message, "Username already exists");
        }
        assert_eq!(app.count("select count(*) from outbox").await, 1);
    }

    async fn a6_a_session_is_changed_for_one_other_alone(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF", "PIN"]).await;
        let browser = browser_of(app, "alice", false).await;
        let actor = actor_of(app, &browser.cookies["session_token"]).await.unwrap();
        let origin = Origin::default();
        let switch = |role: &'static str| {
            let (actor, origin) = (&actor, &origin);
            async move { app.backend.identity.act_as(actor, &RoleCode::parse(role).unwrap(), origin).await }
        };
        let outcomes = join_all(["STAFF", "PIN", "STAFF", "PIN"].map(switch)).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "one session became several");
        assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 1);
    }

    async fn a6_a_session_that_was_ended_is_not_revived_by_a_change_of_role(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let browser = browser_of(app, "alice", false).await;
        let actor = actor_of(app, &browser.cookies["session_token"]).await.unwrap();
        app.backend.identity.sign_out(&actor, &Origin::default()).await.unwrap();
        let role = RoleCode::parse("STAFF").unwrap();
        let refusal = app.backend.identity.act_as(&actor, &role, &Origin::default()).await.unwrap_err();
        assert_eq!(refusal.told().status, 401);
        assert_eq!(app.count("select count(*) from sessions where ended_at is null").await, 0);
    }

    async fn a6_no_sign_in_with_the_old_password_outlives_a_new_one(app) {
        let id = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let password = app.backend.passwords.accept("another horse battery", &Owner::default()).unwrap();
        let permit = Operator::of_this_machine().permit(id);
        let origin = Origin::operator();
        let sign_ins = join_all((0..40).map(|_| log_in(app, "alice", PASSWORD)));
        let reset = app.backend.identity.reset_password(&permit, password, &origin);
        let (answers, outcome) = tokio::join!(sign_ins, reset);
        outcome.unwrap();
        for answer in answers.iter().filter(|answer| answer.status == 200) {
            let mut client = app.anyone();
            client.bearer = answer.json()["access_token"].as_str().map(str::to_owned);
            assert_eq!(client.get(ME).await.status, 401, "a session that the old password opened outlives it");
        }
        // Those that came too late were wrong passwords, and count as such.
        app.backend.people.unlock(&Operator::of_this_machine().permit(id), &origin).await.unwrap();
        let body = serde_json::json!({ "identifier": "alice", "password": "another horse battery" });
        assert_eq!(app.anyone().post_json(LOGIN, &body).await.status, 200);
    }

    async fn a5_no_code_opens_a_session_after_the_factors_were_changed(app) {
        for round in 0..5 {
            // Codes that come too late are wrong ones, and none of this is about how many there may be.
            if round > 0 {
                app.change("delete from counts").await;
            }
            let name = format!("alice{round}");
            let (alice, _, codes) = with_app(app, &name).await;
            let mut challenges = Vec::new();
            for _ in &codes {
                challenges.push(challenge_of(app, &name).await);
            }
            let sign_ins = challenges.iter().zip(&codes).map(|(challenge, code)| show(app, challenge, "recovery", code));
            let permit = Operator::of_this_machine().permit(alice.id());
            let origin = Origin::operator();
            let (answers, outcome) =
                tokio::join!(join_all(sign_ins), app.backend.second_factors.remove_all(&permit, &origin));
            outcome.unwrap();
            for answer in answers.iter().filter(|answer| answer.status == 200) {
                let mut client = app.anyone();
                client.bearer = answer.json()["access_token"].as_str().map(str::to_owned);
                assert_eq!(client.get(ME).await.status, 401, "a session that an old code opened outlives the change");
            }
        }
    }
}
