//! Another e-mail address: asked for after showing that it is them, agreed to by both addresses, and told to both; whose the new
//! one is tells nobody who asks.

use crate::{
    link_support::{NEW_PASSWORD, letter, letters, reset, reset_token, token},
    support::{ME, log_in, problem, routes, wrong_field},
};
use serde_json::{Value, json};
use server::testing::{Agent, PASSWORD, Reply, TestApp};
use std::time::Duration;

const CHANGE: &str = "/api/v1/account/email-change";
const OLD: &str = "alice@example.com";
const NEW: &str = "alice.ng@example.org";
const SAID: &str =
    "We have written to both addresses. Your address changes when you have confirmed it in both letters.";

async fn ask(client: &mut Agent, email: &str) -> Reply {
    client.post_json(CHANGE, &json!({ "email": email })).await
}

/// Somebody who has asked for the new address.
async fn asked(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let mut alice = app.client_of("alice").await;
    let reply = ask(&mut alice, NEW).await;
    assert_eq!(reply.status, 202, "{}", reply.body);
    alice
}

async fn agree(app: &TestApp, how: &str, token: &str) -> Reply {
    app.anyone().post_json(&format!("{CHANGE}/{how}"), &json!({ "token": token })).await
}

async fn tokens(app: &TestApp) -> (String, String) {
    (token(app, "email_confirmation", NEW).await, token(app, "email_approval", OLD).await)
}

async fn address(app: &TestApp) -> String {
    app.texts("select email from people where username = 'alice'").await.remove(0)
}

server::both_engines! { routes;
    async fn u7_an_address_changes_when_both_have_agreed(app) {
        for (first, second) in [("confirm", "approve"), ("approve", "confirm")] {
            if first == "approve" {
                app.change("update people set email = 'alice@example.com' where username = 'alice'").await;
            }
            let mut alice = if first == "confirm" { asked(app).await } else { app.client_of("alice").await };
            if first == "approve" {
                // Letters of one moment have no order.
                app.clock.advance(Duration::from_secs(1));
                assert_eq!(ask(&mut alice, NEW).await.status, 202);
            }
            let (new, present) = tokens(app).await;
            let of = |how: &str| if how == "confirm" { new.clone() } else { present.clone() };
            let reply = agree(app, first, &of(first)).await;
            assert_eq!((reply.status, reply.json()["message"].as_str().unwrap()), (200, "Thank you. The address changes when it is confirmed in the other letter as well."));
            assert_eq!(address(app).await, OLD, "one address was enough");
            let waits = alice.get(CHANGE).await.json();
            assert_eq!((&waits["new_email"], &waits["confirmed"], &waits["approved"]), (&json!(NEW), &json!(first == "confirm"), &json!(first == "approve")));
            assert_eq!(problem(&agree(app, first, &of(first)).await, 410).0, "link_gone");
            let reply = agree(app, second, &of(second)).await;
            assert_eq!((reply.status, reply.json()["message"].as_str().unwrap()), (200, "The e-mail address is changed."));
            assert_eq!(address(app).await, NEW);
            assert_eq!(alice.get(ME).await.json()["email"], NEW, "the session ended, or does not know of it");
            assert_eq!(alice.get(CHANGE).await.status, 404);
        }
        assert_eq!(log_in(app, NEW, PASSWORD).await.status, 200);
        assert_eq!(log_in(app, OLD, PASSWORD).await.status, 401);
        assert_eq!(letters(app, "email_changed").await, 4, "the owner is not told at both addresses");
        let told = app.texts("select details from audit where action = 'person.email_changed' order by at, id").await;
        assert_eq!(serde_json::from_str::<Value>(&told[0]).unwrap()["changes"]["email"], json!({ "before": OLD, "after": NEW }));
        assert_eq!(app.client_of("alice").await.get("/api/v1/users?search=ng%40example.org").await.json()["total"], 1, "the search does not know of it");
    }

    async fn u7_the_present_address_stops_it(app) {
        let mut alice = asked(app).await;
        let (new, present) = tokens(app).await;
        assert_eq!(agree(app, "confirm", &new).await.status, 200);
        assert_eq!(problem(&agree(app, "stop", &new).await, 410).0, "link_gone");
        assert_eq!(agree(app, "stop", &present).await.status, 200);
        for (how, token) in [("approve", &present), ("stop", &present), ("confirm", &new)] {
            assert_eq!(agree(app, how, token).await.status, 410, "{how}");
        }
        assert_eq!((address(app).await.as_str(), alice.get(CHANGE).await.status), (OLD, 404));
        assert_eq!(app.count("select count(*) from audit where action = 'person.email_change_stopped'").await, 1);
    }

    async fn u7_whoever_asked_takes_it_back(app) {
        let mut alice = asked(app).await;
        let (new, present) = tokens(app).await;
        assert_eq!(alice.delete(CHANGE).await.status, 204);
        assert_eq!((agree(app, "confirm", &new).await.status, agree(app, "approve", &present).await.status), (410, 410));
        assert_eq!(problem(&alice.delete(CHANGE).await, 404).1, "No change of your address waits");
        assert_eq!(address(app).await, OLD);
    }

    async fn a3_an_address_of_somebody_else_is_answered_alike_and_told_to_its_owner(app) {
        app.add("bob", "Bob Ray", &["PIN"]).await;
        let mut alice = asked(app).await;
        let free = alice.get(CHANGE).await.json();
        app.do_jobs().await;
        app.clock.advance(Duration::from_secs(1));
        let taken = ask(&mut alice, "bob@example.com").await;
        assert_eq!((taken.status, taken.json()), (202, json!({ "message": SAID })));
        app.do_jobs().await;
        let waits = alice.get(CHANGE).await.json();
        assert_eq!((&waits["confirmed"], &waits["approved"], waits.as_object().unwrap().len()), (&free["confirmed"], &free["approved"], free.as_object().unwrap().len()));
        assert!(letter(app, "email_approval", OLD).await.is_some_and(|letter| letter["new_email"] == "bob@example.com"), "her own letter tells the difference");
        assert!(letter(app, "email_confirmation", "bob@example.com").await.is_none());
        assert!(letter(app, "email_wanted", "bob@example.com").await.is_some_and(|letter| letter["token"].is_null()));
        let present = token(app, "email_approval", OLD).await;
        assert_eq!(agree(app, "approve", &present).await.status, 200);
        assert_eq!(address(app).await, OLD);
        let trail = app.texts("select details from audit where action = 'person.email_change_asked'").await.join(" ");
        assert!(!trail.contains("bob@example.com"), "{trail}");
    }

    async fn a11_a_reset_link_dies_with_the_address_it_went_to(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let link = reset_token(app, OLD).await;
        let mut alice = app.client_of("alice").await;
        assert_eq!(ask(&mut alice, NEW).await.status, 202);
        let (new, present) = tokens(app).await;
        agree(app, "confirm", &new).await;
        assert_eq!(agree(app, "approve", &present).await.status, 200);
        assert_eq!(problem(&reset(app, &link, NEW_PASSWORD).await, 410).0, "link_gone");
        app.change("update people set email = 'alice@example.com' where username = 'alice'").await;
        assert_eq!(reset(app, &link, NEW_PASSWORD).await.status, 410, "it came back to life with the old address");
    }

    async fn a11_the_links_die_with_the_address_and_with_their_time(app) {
        let mut alice = asked(app).await;
        let (new, present) = tokens(app).await;
        app.change("update people set email = 'elsewhere@example.com' where username = 'alice'").await;
        assert_eq!((agree(app, "confirm", &new).await.status, agree(app, "approve", &present).await.status), (410, 410));
        app.change("update people set email = 'alice@example.com' where username = 'alice'").await;
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(ask(&mut alice, NEW).await.status, 202);
        let (newer, present) = tokens(app).await;
        assert_eq!(agree(app, "confirm", &new).await.status, 410, "the older link outlives the newer one");
        app.clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!((agree(app, "confirm", &newer).await.status, agree(app, "approve", &present).await.status), (410, 410));
        app.clock.advance(Duration::from_secs(1));
        app.backend.links.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from email_changes").await, 0);
    }

    async fn a5_another_address_is_asked_for_after_a_fresh_proof_and_never_by_a_key(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut alice = app.client_of("alice").await;
        let key = alice.post_json("/api/v1/account/api-keys", &json!({ "name": "x", "scopes": ["users.update_own"] })).await.json();
        let mut program = app.anyone();
        program.bearer = key["key"].as_str().map(str::to_owned);
        assert_eq!(ask(&mut program, NEW).await.status, 403);
        app.clock.advance(Duration::from_secs(15 * 60));
        assert_eq!(problem(&ask(&mut alice, NEW).await, 403).0, "step_up_required");
        assert_eq!(app.count("select count(*) from email_changes").await, 0);
    }

    async fn u7_wrong_addresses_and_too_many_of_them_are_refused(app) {
        let mut alice = asked(app).await;
        for (email, words) in [(" Alice@Example.com ", "That is your address already"), ("alice", "Please enter a valid email address"), ("", "Please enter a valid email address")] {
            assert_eq!(wrong_field(&ask(&mut alice, email).await, "email"), words);
        }
        for number in 0..4 {
            assert_eq!(ask(&mut alice, &format!("number{number}@example.org")).await.status, 202);
        }
        assert_eq!(problem(&ask(&mut alice, "one.more@example.org").await, 429).0, "too_many_requests");
        for wrong in ["", "x", &"a".repeat(43), &"é".repeat(43)] {
            for how in ["confirm", "approve", "stop"] {
                assert_eq!(problem(&agree(app, how, wrong).await, 410).0, "link_gone");
            }
        }
    }

    async fn u7_an_address_that_somebody_else_took_meanwhile_is_not_taken_from_them(app) {
        asked(app).await;
        let (new, present) = tokens(app).await;
        assert_eq!(agree(app, "confirm", &new).await.status, 200);
        app.add("bob", "Bob Ray", &["PIN"]).await;
        app.change("update people set email = 'alice.ng@example.org' where username = 'bob'").await;
        assert_eq!(problem(&agree(app, "approve", &present).await, 409).0, "conflict");
        assert_eq!(address(app).await, OLD);
    }

    async fn u7_of_two_who_get_one_address_at_once_one_does(app) {
        for name in ["anna", "bert"] {
            app.add(name, "Test Person", &["PIN"]).await;
            assert_eq!(ask(&mut app.client_of(name).await, NEW).await.status, 202);
            app.do_jobs().await;
        }
        let mut approvals = Vec::new();
        for name in ["anna", "bert"] {
            approvals.push(token(app, "email_approval", &format!("{name}@example.com")).await);
        }
        let new = app.texts(&format!("select payload from outbox where letter = 'email_confirmation' and recipient = '{NEW}'")).await;
        for payload in new {
            let token = serde_json::from_str::<Value>(&payload).unwrap()["token"].as_str().unwrap().to_owned();
            assert_eq!(agree(app, "confirm", &token).await.status, 200);
        }
        let outcomes = futures::future::join_all(approvals.iter().map(|token| agree(app, "approve", token))).await;
        let mut statuses: Vec<u16> = outcomes.iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        assert_eq!(app.count(&format!("select count(*) from people where email = '{NEW}'")).await, 1);
    }
}
