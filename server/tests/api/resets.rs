//! A forgotten password, by letter: what is answered, what the link does once, and when it does nothing.

use crate::{
    link_support::{
        FORGOT, NEW_PASSWORD, RESET, configured, forger, forgot, in_full, invite, letter, letters,
        registered, reset, reset_token, token, works,
    },
    support::{ME, log_in, problem, routes, without_request_id, wrong_field},
};
use domain::password::Owner;
use serde_json::json;
use server::{
    Origin,
    links::Purpose,
    permit::Operator,
    testing::{Engine, PASSWORD},
};
use std::time::Duration;

const SAID: &str = "If that email exists, a reset link has been sent";

server::both_engines! { routes;
    async fn auth_9b_a_link_from_a_letter_leads_to_a_new_password(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        let reply = forgot(app, " Alice@Example.com ").await;
        assert_eq!((reply.status, reply.json()), (202, json!({ "message": SAID })));
        let letter = letter(app, "password_reset_link", "alice@example.com").await.unwrap();
        assert_eq!(letter["minutes"], 30);
        let reply = reset(app, letter["token"].as_str().unwrap(), NEW_PASSWORD).await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "message": "Your password was changed. Sign in with it." })));
        assert_eq!(client.get(ME).await.status, 401, "a session outlived the reset");
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 401, "the old password still works");
        assert_eq!(log_in(app, "alice", NEW_PASSWORD).await.status, 200);
        assert_eq!(letters(app, "password_changed").await, 1, "the owner is not told");
    }

    async fn u7_a_reset_by_link_revokes_api_keys_and_names_them(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut thief = app.client_of("alice").await;
        let made = thief.post_json("/api/v1/account/api-keys", &json!({ "name": "For later", "scopes": ["users.view"] })).await.json();
        let mut program = app.anyone();
        program.bearer = Some(made["key"].as_str().unwrap().to_owned());
        assert_eq!(program.get(ME).await.status, 200);
        assert_eq!(reset(app, &reset_token(app, "alice@example.com").await, NEW_PASSWORD).await.status, 200);
        assert_eq!(program.get(ME).await.status, 401, "a key outlived the reset");
        let letter = letter(app, "password_changed", "alice@example.com").await.unwrap();
        assert_eq!(letter["revoked_keys"], json!(["For later"]));
        let details = app.texts("select details from audit where action = 'person.password_reset_by_link'").await;
        assert!(details[0].contains("For later"), "{details:?}");
    }

    async fn a11_another_password_ends_the_links_that_lead_to_one(app) {
        let id = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        let first = reset_token(app, "alice@example.com").await;
        let body = json!({ "current_password": PASSWORD, "password": NEW_PASSWORD });
        assert_eq!(client.post_json("/api/v1/account/password", &body).await.status, 200);
        assert!(!works(app, Purpose::Reset, &first).await, "a link outlived a change of the password");
        let second = reset_token(app, "alice@example.com").await;
        let password = app.backend.passwords.accept("a third horse battery", &Owner::default()).unwrap();
        let permit = Operator::of_this_machine().permit(id);
        app.backend.identity.reset_password(&permit, password, &Origin::operator()).await.unwrap();
        assert!(!works(app, Purpose::Reset, &second).await, "a link outlived a new password from the command line");
    }

    async fn a3_asking_for_a_link_tells_nothing_of_an_account(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("sam", "Sam Okoro", &["STAFF"]).await;
        app.change("update people set status = 'suspended' where username = 'sam'").await;
        invite(app, "ivy").await;
        let hashes = app.backend.passwords.computed();
        let known = in_full(&forgot(app, "alice@example.com").await);
        for other in ["nobody@example.com", "sam@example.com", "ivy@example.com", "ALICE@example.com", "nobody@nowhere.example"] {
            assert_eq!(in_full(&forgot(app, other).await), known, "{other}");
        }
        assert_eq!(app.backend.passwords.computed(), hashes, "a hash was computed");
        // Before anybody is looked up, the same was written for each.
        let written = app.texts("select distinct kind || ' ' || state from outbox where kind = 'errand'").await;
        assert_eq!(written, ["errand waiting"]);
        assert_eq!(app.count("select count(*) from outbox where kind = 'errand'").await, 6);
        assert_eq!(letters(app, "password_reset_link").await, 2, "others than alice got a letter");
        let kept = app.texts("select payload from outbox where kind = 'errand'").await.join("\n");
        assert!(app.backend.config.development || !kept.contains("nobody"), "{kept}");
    }

    async fn a3_asking_too_often_is_answered_alike_and_costs_no_link(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for email in ["alice@example.com", "nobody@example.com"] {
            let first = in_full(&forgot(app, email).await);
            for _ in 0..11 {
                app.clock.advance(Duration::from_secs(60));
                assert_eq!(in_full(&forgot(app, email).await), first, "{email}");
                // Letters of one moment have no order.
                app.do_jobs().await;
            }
        }
        assert_eq!(letters(app, "password_reset_link").await, 5);
        assert_eq!(app.count("select count(*) from outbox where state = 'held'").await, 0);
        let token = token(app, "password_reset_link", "alice@example.com").await;
        assert_eq!(reset(app, &token, NEW_PASSWORD).await.status, 200, "the newest link died of one that was never sent");
        app.clock.advance(Duration::from_secs(3601));
        forgot(app, "alice@example.com").await;
        assert_eq!(letters(app, "password_reset_link").await, 6, "an hour later");
    }

    async fn a11_a_link_is_good_once(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let token = reset_token(app, "alice@example.com").await;
        assert_eq!(reset(app, &token, NEW_PASSWORD).await.status, 200);
        let again = reset(app, &token, "another walk in the mountains").await;
        assert_eq!(problem(&again, 410).0, "link_gone");
        assert_eq!(log_in(app, "alice", NEW_PASSWORD).await.status, 200);
    }

    async fn a11_of_many_at_once_one_succeeds(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let token = reset_token(app, "alice@example.com").await;
        let passwords: Vec<String> = (0..6).map(|number| format!("{number} walks in the mountains")).collect();
        let replies = futures::future::join_all(passwords.iter().map(|password| reset(app, &token, password))).await;
        let statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 410).count(), 5, "{statuses:?}");
        let winner = statuses.iter().position(|status| *status == 200).unwrap();
        assert_eq!(log_in(app, "alice", &passwords[winner]).await.status, 200);
        assert_eq!(letters(app, "password_changed").await, 1);
    }

    async fn a11_a_link_is_good_for_thirty_minutes(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let token = reset_token(app, "alice@example.com").await;
        app.clock.advance(Duration::from_secs(30 * 60 - 1));
        assert!(works(app, Purpose::Reset, &token).await);
        app.clock.advance(Duration::from_secs(1));
        problem(&reset(app, &token, NEW_PASSWORD).await, 410);
        app.backend.links.forget_expired().await.unwrap();
        app.clock.advance(Duration::from_secs(1));
        app.backend.links.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from links").await, 0);
    }

    async fn a11_a_newer_link_ends_the_one_before(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let first = reset_token(app, "alice@example.com").await;
        app.clock.advance(Duration::from_secs(60));
        let second = reset_token(app, "alice@example.com").await;
        assert_ne!(first, second);
        problem(&reset(app, &first, NEW_PASSWORD).await, 410);
        assert_eq!(reset(app, &second, NEW_PASSWORD).await.status, 200);
    }

    async fn a11_a_link_dies_with_the_address_that_it_went_to(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let token = reset_token(app, "alice@example.com").await;
        app.change("update people set email = 'alice@other.example' where username = 'alice'").await;
        problem(&reset(app, &token, NEW_PASSWORD).await, 410);
        app.change("update people set email = 'alice@example.com' where username = 'alice'").await;
        assert!(works(app, Purpose::Reset, &token).await, "the look at a dead link has changed something");
    }

    async fn a11_only_a_fingerprint_is_kept(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let token = reset_token(app, "alice@example.com").await;
        assert_eq!(token.len(), 43, "not 256 bits in base64");
        reset(app, &token, NEW_PASSWORD).await;
        let forgotten = reset_token(app, "alice@example.com").await;
        for (table, column) in [("links", "fingerprint"), ("audit", "details"), ("audit", "coalesce(subject_id, '')"), ("counts", "key")] {
            let stored = app.texts(&format!("select {column} from {table}")).await.join("\n");
            assert!(!stored.contains(&token) && !stored.contains(&forgotten), "{table}.{column} holds a token");
        }
    }

    async fn a11_a_link_of_another_kind_opens_nothing(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        invite(app, "ivy").await;
        let reset_link = reset_token(app, "alice@example.com").await;
        let invitation = token(app, "invitation", "ivy@example.com").await;
        for purpose in [Purpose::Verification, Purpose::Invitation] {
            assert!(!works(app, purpose, &reset_link).await, "{purpose:?}");
        }
        problem(&reset(app, &invitation, NEW_PASSWORD).await, 410);
        assert!(works(app, Purpose::Invitation, &invitation).await, "the attempt has used the invitation up");
    }

    async fn a4_a_reset_opens_the_lock(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for _ in 0..5 {
            log_in(app, "alice", "wrong").await;
        }
        problem(&log_in(app, "alice", PASSWORD).await, 423);
        let token = reset_token(app, "alice@example.com").await;
        assert_eq!(reset(app, &token, NEW_PASSWORD).await.status, 200);
        assert_eq!(log_in(app, "alice", NEW_PASSWORD).await.status, 200);
        assert_eq!(app.count("select count(*) from people where locked_until is not null").await, 0);
    }

    async fn a11_a_suspended_account_has_no_use_of_a_link(app) {
        app.add("sam", "Sam Okoro", &["STAFF"]).await;
        let token = reset_token(app, "sam@example.com").await;
        app.change("update people set status = 'suspended' where username = 'sam'").await;
        problem(&reset(app, &token, NEW_PASSWORD).await, 410);
        forgot(app, "sam@example.com").await;
        assert_eq!(letters(app, "password_reset_link").await, 1, "a suspended account was sent a link");
        app.change("update people set status = 'active' where username = 'sam'").await;
        assert_eq!(log_in(app, "sam", PASSWORD).await.status, 200, "the password was changed all the same");
    }

    async fn a11_a_reset_verifies_the_address(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        registered(app, "nora", "nora@example.com").await;
        let reset_link = reset_token(app, "nora@example.com").await;
        let verification = token(app, "email_verification", "nora@example.com").await;
        assert_eq!(reset(app, &reset_link, "a swim in the lake at dawn").await.status, 200);
        assert_eq!(log_in(app, "nora", "a swim in the lake at dawn").await.status, 200);
        assert!(!works(app, Purpose::Verification, &verification).await);
    }

    async fn a10_the_new_password_follows_the_rules_and_the_link_survives_one_that_does_not(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let token = reset_token(app, "alice@example.com").await;
        let hashes = app.backend.passwords.computed();
        for (password, words) in [
            ("", "Enter a password"), ("short", "Use at least 8 characters"), ("password123", ""), ("alice@example.com", ""), ("nul\0inside the words", ""),
        ] {
            let said = wrong_field(&reset(app, &token, password).await, "password");
            assert!(said.contains(words), "{password:?}: {said}");
        }
        wrong_field(&reset(app, &token, &"x".repeat(1_000_000)).await, "password");
        problem(&reset(app, &token, &"x".repeat(1 << 20)).await, 413);
        assert_eq!(app.backend.passwords.computed(), hashes, "a refused password cost a hash");
        assert_eq!(reset(app, &token, NEW_PASSWORD).await.status, 200);
    }

    async fn a11_a_token_that_is_none_costs_no_hash(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let token = reset_token(app, "alice@example.com").await;
        let hashes = app.backend.passwords.computed();
        let flipped: String = token.chars().rev().collect();
        let long = "x".repeat(900_000);
        for wrong in ["", " ", "x", "\0", &token[1..], &flipped, &format!("{token}x"), "' or 1=1 --", "\u{202E}", &long] {
            problem(&reset(app, wrong, NEW_PASSWORD).await, 410);
        }
        assert_eq!(app.backend.passwords.computed(), hashes);
        assert!(works(app, Purpose::Reset, &token).await);
    }

    async fn auth_10a_what_is_no_address_is_said_to_be_none(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let long = format!("{}@example.com", "x".repeat(300));
        for wrong in ["", " ", "alice", "alice@", "@example.com", "a@b", "a b@example.com", "a\0@example.com", "a\u{200B}@example.com", "a@exa\u{202E}mple.com", &long] {
            assert_eq!(wrong_field(&forgot(app, wrong).await, "email"), "Please enter a valid email address", "{wrong:.30?}");
        }
        for body in [
            "{}", "{\"email\":1}", "{\"email\":null}", "{\"email\":[\"alice@example.com\"]}", "{\"email\":\"a@b.example\",\"email\":\"c@d.example\"}",
            "{\"email\":\"alice@example.com\",\"role\":\"x\"}", "", "nonsense",
        ] {
            let reply = app.anyone().post_raw(FORGOT, "application/json", body.to_owned()).await;
            assert!(matches!(reply.status, 400 | 422), "{body}: {}", reply.status);
            problem(&reply, reply.status);
        }
        for content_type in ["text/plain", "application/x-www-form-urlencoded"] {
            let reply = app.anyone().post_raw(FORGOT, content_type, "{\"email\":\"alice@example.com\"}").await;
            assert!(matches!(reply.status, 400 | 415), "{content_type}: {}", reply.status);
        }
        for body in ["{\"token\":\"x\"}", "{\"password\":\"x\"}", "{\"token\":1,\"password\":\"x\"}", "{\"token\":\"a\",\"token\":\"b\",\"password\":\"x\"}"] {
            let reply = app.anyone().post_raw(RESET, "application/json", body.to_owned()).await;
            assert!(matches!(reply.status, 400 | 422), "{body}: {}", reply.status);
        }
        assert_eq!(letters(app, "password_reset_link").await, 0);
    }

    async fn a11_links_are_built_from_the_public_address_alone(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        assert_eq!(forger(app).post_json(FORGOT, &json!({ "email": "alice@example.com" })).await.status, 202);
        app.do_jobs().await;
        let posted = server::mail::newest(&app.backend.ground.db, &app.backend.config.public_url, 10).await.unwrap();
        let reset = posted.iter().find(|posted| posted.to == "alice@example.com" && posted.letter.subject == "Reset your password").unwrap();
        let whole = format!("{}{}", reset.letter.text, reset.letter.html);
        assert!(whole.contains("http://127.0.0.1:3000/reset-password?token="), "{whole}");
        assert!(!whole.contains("evil.example") && !whole.contains("ftp:"), "{whole}");
        let files = std::fs::read_dir(app.data_dir().join("outbox")).unwrap();
        for file in files {
            let sent = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!String::from_utf8_lossy(&sent).contains("evil.example"));
        }
    }

    async fn a13_asking_and_resetting_stand_in_the_trail(app) {
        let id = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let token = reset_token(app, "alice@example.com").await;
        reset(app, &token, NEW_PASSWORD).await;
        forgot(app, "somebody.else@example.com").await;
        app.do_jobs().await;
        for action in ["link.sent", "person.password_reset_by_link"] {
            let sql = format!("select count(*) from audit where action = '{action}' and cast(person_id as text) is not null and ip = '127.0.0.1'");
            assert_eq!(app.count(&sql).await, 1, "{action} of {id}");
        }
        let asked = app.texts("select details from audit where action = 'password.reset_asked'").await;
        assert_eq!(asked.len(), 2);
        // Entries of one moment have no order.
        assert!(asked.iter().any(|details| details.contains("so…@example.com")), "{asked:?}");
        assert!(asked.iter().all(|details| !details.contains("somebody")), "{asked:?}");
    }
}

#[tokio::test]
async fn a11_one_client_asks_for_so_many_letters_an_hour() {
    let app = configured(Engine::Sqlite, |config| config.limits.letters_per_ip_per_hour = 3).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    for number in 0..3 {
        assert_eq!(forgot(&app, &format!("somebody{number}@example.com")).await.status, 202);
    }
    let known = forgot(&app, "alice@example.com").await;
    assert_eq!(problem(&known, 429).0, "too_many_requests");
    let unknown = forgot(&app, "nobody@example.com").await;
    assert_eq!(without_request_id(&known), without_request_id(&unknown));
    app.clock.advance(Duration::from_secs(3601));
    assert_eq!(forgot(&app, "alice@example.com").await.status, 202);
    app.finish().await;
}

#[tokio::test]
async fn a11_what_is_kept_of_a_letter_and_its_errand_holds_neither_link_nor_address() {
    let app = configured(Engine::Sqlite, |config| config.development = false).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    forgot(&app, "alice@example.com").await;
    forgot(&app, "nobody@example.com").await;
    app.do_jobs().await;
    let letter = letter(&app, "password_reset_link", "alice@example.com").await.unwrap();
    assert_eq!(letter["token"], "");
    let kept = app.texts("select payload from outbox where kind = 'errand'").await.join("\n");
    assert!(!kept.contains("alice") && !kept.contains("nobody"), "{kept}");
    app.finish().await;
}
