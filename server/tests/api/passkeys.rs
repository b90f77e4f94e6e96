//! Passkeys: setting one up, signing in with it after the password and alone, and everything that must be refused.

use crate::{
    second_factor_support::{actor, challenge_of, pick_up, show, wrong},
    support::{log_in, problem, routes},
};
use domain::{
    PasskeyId,
    second_factor::{Method, PasskeyName},
};
use serde_json::{Value, json};
use server::{
    Actor, Error, Origin, Result,
    config::Config,
    identity::{Purpose, Shown, SignedIn},
    second_factor::Prompt,
    testing::{Authenticator, PASSWORD, TestApp, answer},
};
use std::time::Duration;

pub const ORIGIN: &str = "http://localhost:3000";

pub fn at_localhost(config: &mut Config) {
    config.public_url = ORIGIN.into();
}

pub fn name(text: &str) -> PasskeyName {
    PasskeyName::parse(text).unwrap()
}

/// Makes a passkey for somebody who is signed in; gives back the session they go on in.
pub async fn add(app: &TestApp, actor: &Actor, called: &str, key: &mut Authenticator) -> Result<SignedIn> {
    let prompt = app.backend.second_factors.begin_passkey(actor, &Origin::default()).await?;
    let made = answer(&prompt.ceremony, &key.make(&prompt.options));
    let changed = app.backend.identity.add_passkey(actor, name(called), &made, &Origin::default()).await?;
    Ok(changed.signed_in)
}

/// Somebody new with one passkey.
async fn with_passkey(app: &TestApp, username: &str) -> (Actor, Authenticator) {
    app.add(username, "Somebody Else", &["STAFF"]).await;
    let mut key = Authenticator::at(ORIGIN);
    let signed_in = add(app, &actor(app, username).await, "Laptop", &mut key).await.unwrap();
    (signed_in.actor, key)
}

async fn prompt_for(app: &TestApp, challenge: &str) -> Value {
    let reply = app.anyone().post_json("/api/v1/auth/mfa/passkey", &json!({ "challenge": challenge })).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

fn shown(prompt: &Value, key: &mut Authenticator) -> String {
    answer(prompt["ceremony"].as_str().unwrap(), &key.show(&prompt["options"]))
}

/// Signs in with the passkey alone.
pub async fn sign_in(app: &TestApp, key: &mut Authenticator) -> Result<SignedIn> {
    let prompt = app.backend.identity.ask_anyone_for_passkey(&Origin::default()).await.unwrap();
    let shown = answer(&prompt.ceremony, &key.show(&prompt.options));
    app.backend.identity.sign_in_with_passkey(&shown, false, Purpose::Session, &Origin::default()).await
}

#[track_caller]
pub fn refused<T: std::fmt::Debug>(outcome: Result<T>) {
    assert!(matches!(outcome, Err(Error::PasskeyRefused)), "{outcome:?}");
}

server::both_engines! { routes, at_localhost;
    async fn a5_a_passkey_is_set_up_with_its_name_and_told_of(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let mut other = app.client_of("alice").await;
        let alice = actor(app, "alice").await;
        let mut key = Authenticator::at(ORIGIN);
        let prompt = app.backend.second_factors.begin_passkey(&alice, &Origin::default()).await.unwrap();
        assert_eq!(prompt.options["rp"], json!({ "name": "Countersign", "id": "localhost" }));
        assert_eq!(prompt.options["user"]["name"], "alice");
        assert_eq!(prompt.options["attestation"], "none");
        let wishes = &prompt.options["authenticatorSelection"];
        assert_eq!((&wishes["residentKey"], &wishes["userVerification"]), (&json!("preferred"), &json!("required")));
        let made = answer(&prompt.ceremony, &key.make(&prompt.options));
        let changed = app.backend.identity.add_passkey(&alice, name("Laptop"), &made, &Origin::default()).await.unwrap();
        assert_eq!(changed.codes.unwrap().shown().count(), 10, "no recovery codes came with the first factor");
        assert_eq!(other.get("/api/v1/auth/me").await.status, 401, "a session outlived a change of factors");
        let alice = changed.signed_in.actor;
        assert_eq!(alice.standing().due(), None);
        let own = app.backend.second_factors.passkeys(&alice).await.unwrap();
        assert_eq!((own.len(), own[0].name.as_str(), own[0].last_used_at), (1, "Laptop", None));
        let details = app.texts("select details from audit where action = 'second_factor.enrolled'").await;
        assert!(details[0].contains("Laptop") && details[0].contains("passkey"), "{details:?}");
        let letters = pick_up(app, "eml").await;
        assert!(letters.iter().any(|letter| letter.contains("passkey") && letter.contains("Laptop")), "nobody was told");
        // The one that is there is not made again.
        let again = app.backend.second_factors.begin_passkey(&alice, &Origin::default()).await.unwrap();
        assert_eq!(again.options["excludeCredentials"].as_array().unwrap().len(), 1);
    }

    async fn a5_a_passkey_is_the_second_factor(app) {
        let (_, mut key) = with_passkey(app, "alice").await;
        let reply = log_in(app, "alice", PASSWORD).await;
        assert_eq!(problem(&reply, 401).0, "mfa_required");
        assert_eq!(reply.json()["methods"], json!(["passkey", "recovery"]));
        let challenge = reply.json()["challenge"].as_str().unwrap().to_owned();
        let prompt = prompt_for(app, &challenge).await;
        assert_eq!((&prompt["options"]["rpId"], &prompt["options"]["userVerification"]), (&json!("localhost"), &json!("required")));
        let reply = show(app, &challenge, "passkey", &shown(&prompt, &mut key)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let details = app.texts("select details from audit where action = 'session.signed_in'").await;
        assert!(details.iter().any(|details| details.contains("\"second_factor\":\"passkey\"")), "{details:?}");
        assert_eq!(app.count("select count(*) from passkeys where last_used_at is not null and counter = 1").await, 1);
    }

    async fn a5_an_answer_is_good_for_one_question_and_once(app) {
        let (_, mut key) = with_passkey(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        let first = prompt_for(app, &challenge).await;
        let second = prompt_for(app, &challenge).await;
        // Signed for the first question and sent with the second.
        let crossed = answer(second["ceremony"].as_str().unwrap(), &key.show(&first["options"]));
        let told = problem(&show(app, &challenge, "passkey", &crossed).await, 401);
        assert_eq!(told, ("invalid_passkey".into(), "That passkey was not accepted. Try again, or choose another way.".into()));
        assert_eq!(app.texts("select details from audit where action = 'session.sign_in_failed'").await.len(), 1);
        let good = shown(&first, &mut key);
        assert_eq!(show(app, &challenge, "passkey", &good).await.status, 200);
        let challenge = challenge_of(app, "alice").await;
        assert_eq!(problem(&show(app, &challenge, "passkey", &good).await, 401).0, "invalid_passkey", "an answer was good twice");
    }

    async fn a5_of_two_who_send_one_answer_one_is_let_in(app) {
        let (_, mut key) = with_passkey(app, "alice").await;
        let (one, other) = (challenge_of(app, "alice").await, challenge_of(app, "alice").await);
        let good = shown(&prompt_for(app, &one).await, &mut key);
        let (one, other) = tokio::join!(show(app, &one, "passkey", &good), show(app, &other, "passkey", &good));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
    }

    async fn a5_a_passkey_answers_our_address_alone(app) {
        let (alice, mut key) = with_passkey(app, "alice").await;
        for origin in ["http://localhost:3001", "https://localhost:3000", "http://localhost.evil.example", "http://a.localhost:3000", "http://evil.example"] {
            key.origin = origin.into();
            let challenge = challenge_of(app, "alice").await;
            let prompt = prompt_for(app, &challenge).await;
            assert_eq!(problem(&show(app, &challenge, "passkey", &shown(&prompt, &mut key)).await, 401).0, "invalid_passkey", "{origin}");
            refused(sign_in(app, &mut key).await);
            let mut new = Authenticator::at(origin);
            refused(add(app, &alice, "Foreign", &mut new).await);
        }
        key.origin = ORIGIN.into();
        // Signed for another host.
        let challenge = challenge_of(app, "alice").await;
        let mut prompt = prompt_for(app, &challenge).await;
        prompt["options"]["rpId"] = json!("evil.example");
        assert_eq!(show(app, &challenge, "passkey", &shown(&prompt, &mut key)).await.status, 401);
        assert_eq!(app.count("select count(*) from passkeys").await, 1);
        assert!(sign_in(app, &mut key).await.is_ok());
    }

    async fn a5_whoever_was_not_recognised_is_not_let_in(app) {
        let (alice, mut key) = with_passkey(app, "alice").await;
        key.verifies = false;
        let challenge = challenge_of(app, "alice").await;
        let prompt = prompt_for(app, &challenge).await;
        assert_eq!(show(app, &challenge, "passkey", &shown(&prompt, &mut key)).await.status, 401);
        refused(sign_in(app, &mut key).await);
        let mut new = Authenticator::at(ORIGIN);
        new.verifies = false;
        refused(add(app, &alice, "Touch only", &mut new).await);
    }

    async fn a5_the_passkey_of_another_opens_nothing(app) {
        let (_, mut hers) = with_passkey(app, "alice").await;
        let (_, mut his) = with_passkey(app, "bruno").await;
        let challenge = challenge_of(app, "alice").await;
        let prompt = prompt_for(app, &challenge).await;
        assert_eq!(show(app, &challenge, "passkey", &shown(&prompt, &mut his)).await.status, 401);
        // What he was asked, answered by her key, and the other way round.
        let own = challenge_of(app, "bruno").await;
        let asked = prompt_for(app, &own).await;
        assert_eq!(show(app, &own, "passkey", &shown(&asked, &mut hers)).await.status, 401);
        let asked = prompt_for(app, &own).await;
        assert_eq!(show(app, &challenge, "passkey", &shown(&asked, &mut his)).await.status, 401);
        // What nobody was asked by name is no answer here, nor the other way round.
        let anyone = app.backend.identity.ask_anyone_for_passkey(&Origin::default()).await.unwrap();
        let challenge = challenge_of(app, "alice").await;
        let crossed = answer(&anyone.ceremony, &hers.show(&anyone.options));
        assert_eq!(show(app, &challenge, "passkey", &crossed).await.status, 401);
        let asked = prompt_for(app, &challenge).await;
        let crossed = shown(&asked, &mut hers);
        refused(app.backend.identity.sign_in_with_passkey(&crossed, false, Purpose::Session, &Origin::default()).await);
        assert!(sign_in(app, &mut hers).await.unwrap().actor.username().as_str() == "alice");
    }

    async fn a5_a_copy_of_a_passkey_is_refused_and_written_down(app) {
        let (_, mut key) = with_passkey(app, "alice").await;
        for _ in 0..3 {
            sign_in(app, &mut key).await.unwrap();
        }
        for back in [3, 2] {
            key.counter = back - 1;
            let challenge = challenge_of(app, "alice").await;
            let prompt = prompt_for(app, &challenge).await;
            assert_eq!(show(app, &challenge, "passkey", &shown(&prompt, &mut key)).await.status, 401, "{back}");
            key.counter = back - 1;
            refused(sign_in(app, &mut key).await);
        }
        let written = app.texts("select details from audit where action = 'second_factor.passkey_copied' and outcome = 'refused'").await;
        assert_eq!(written.len(), 4, "{written:?}");
        assert!(written[0].contains("Laptop"), "{written:?}");
        key.counter = 3;
        assert!(sign_in(app, &mut key).await.is_ok());
    }

    async fn a5_a_passkey_that_does_not_count_goes_on_working(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let mut key = Authenticator::at(ORIGIN);
        key.counts = false;
        add(app, &actor(app, "alice").await, "Phone", &mut key).await.unwrap();
        for _ in 0..3 {
            assert!(sign_in(app, &mut key).await.is_ok());
        }
    }

    async fn a5_a_removed_passkey_opens_nothing(app) {
        let (alice, mut key) = with_passkey(app, "alice").await;
        let mut other = Authenticator::at(ORIGIN);
        app.clock.advance(Duration::from_millis(1));
        let alice = add(app, &alice, "Blue key", &mut other).await.unwrap().actor;
        let challenge = challenge_of(app, "alice").await;
        let prompt = prompt_for(app, &challenge).await;
        let own = app.backend.second_factors.passkeys(&alice).await.unwrap();
        let (bruno, _) = with_passkey(app, "bruno").await;
        let foreign = app.backend.identity.remove_passkey(&bruno, own[0].id, &Origin::default()).await;
        assert!(matches!(foreign, Err(Error::NotFound("There is no such passkey"))), "{foreign:?}");
        let alice = app.backend.identity.remove_passkey(&alice, own[0].id, &Origin::default()).await.unwrap().actor;
        // It was asked for before it was removed.
        assert_eq!(show(app, &challenge, "passkey", &shown(&prompt, &mut key)).await.status, 401);
        refused(sign_in(app, &mut key).await);
        assert!(sign_in(app, &mut other).await.is_ok());
        let letters = pick_up(app, "eml").await;
        assert!(letters.iter().any(|letter| letter.contains("removed") && letter.contains("Laptop")), "nobody was told");
        app.backend.identity.remove_passkey(&alice, own[1].id, &Origin::default()).await.unwrap();
        assert_eq!(app.count("select count(*) from recovery_codes r join people p on p.id = r.person_id where p.username = 'alice'").await, 0);
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200);
    }

    async fn a5_a_passkey_gets_another_name(app) {
        let (alice, _) = with_passkey(app, "alice").await;
        let (bruno, _) = with_passkey(app, "bruno").await;
        let factors = &app.backend.second_factors;
        let id = factors.passkeys(&alice).await.unwrap()[0].id;
        factors.rename_passkey(&alice, id, name("Work laptop"), &Origin::default()).await.unwrap();
        assert_eq!(factors.passkeys(&alice).await.unwrap()[0].name, "Work laptop");
        let details = app.texts("select details from audit where action = 'second_factor.passkey_renamed'").await;
        assert!(details[0].contains("\"before\":\"Laptop\"") && details[0].contains("\"after\":\"Work laptop\""), "{details:?}");
        for (who, id) in [(&bruno, id), (&alice, "0198c0de-0000-7000-8000-000000000000".parse::<PasskeyId>().unwrap())] {
            assert!(matches!(factors.rename_passkey(who, id, name("Mine"), &Origin::default()).await, Err(Error::NotFound(_))));
        }
    }

    async fn a2b_a_lock_does_not_keep_out_who_has_a_passkey(app) {
        let (_, mut key) = with_passkey(app, "alice").await;
        let logins = app.count("select login_count from people").await;
        for _ in 0..5 {
            log_in(app, "alice", "wrong").await;
        }
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 423);
        let signed_in = sign_in(app, &mut key).await.unwrap();
        assert_eq!(app.count("select login_count from people").await, logins + 1);
        assert_eq!(signed_in.actor.standing().due(), None, "a passkey alone is not two factors");
        let details = app.texts("select details from audit where action = 'session.signed_in'").await;
        assert!(details.iter().any(|details| details.contains("\"by\":\"passkey\"")), "{details:?}");
        // Nor does a pause for wrong codes.
        app.clock.advance(Duration::from_secs(3600));
        for _ in 0..2 {
            let challenge = challenge_of(app, "alice").await;
            for _ in 0..3 {
                show(app, &challenge, "recovery", "aaaaa-aaaaa").await;
            }
        }
        let challenge = challenge_of(app, "alice").await;
        assert_eq!(problem(&show(app, &challenge, "recovery", "aaaaa-aaaaa").await, 429).0, "codes_paused");
        let prompt = prompt_for(app, &challenge).await;
        assert_eq!(show(app, &challenge, "passkey", &shown(&prompt, &mut key)).await.status, 200);
    }

    async fn a4_passkeys_are_taken_from_an_address_with_many_failures(app) {
        let (_, mut key) = with_passkey(app, "alice").await;
        app.add("bruno", "Bruno Sá", &["STAFF"]).await;
        let challenge = challenge_of(app, "alice").await;
        for number in 0..20 {
            problem(&log_in(app, &format!("guess{number}"), "wrong").await, 401);
        }
        assert_eq!(problem(&log_in(app, "bruno", PASSWORD).await, 429).0, "too_many_failures");
        // One that is refused was no guess.
        problem(&show(app, &challenge, "passkey", &shown(&prompt_for(app, &challenge).await, &mut Authenticator::at(ORIGIN))).await, 401);
        assert_eq!(app.count("select number from counts where key = 'address:127.0.0.1'").await, 20);
        assert_eq!(show(app, &challenge, "passkey", &shown(&prompt_for(app, &challenge).await, &mut key)).await.status, 200);
    }

    async fn auth_10e_a_passkey_of_a_suspended_account_opens_nothing(app) {
        let (_, mut key) = with_passkey(app, "alice").await;
        app.change("update people set status = 'suspended'").await;
        let outcome = sign_in(app, &mut key).await;
        assert!(matches!(outcome, Err(Error::Suspended)), "{outcome:?}");
        assert_eq!(app.texts("select details from audit where action = 'session.sign_in_failed'").await.len(), 1);
    }

    async fn a5_there_are_five_minutes_to_answer(app) {
        let (alice, mut key) = with_passkey(app, "alice").await;
        let prompt: Prompt = app.backend.identity.ask_anyone_for_passkey(&Origin::default()).await.unwrap();
        app.backend.identity.ask_for_own_passkey(&alice, &Origin::default()).await.unwrap();
        let late = answer(&prompt.ceremony, &key.show(&prompt.options));
        app.clock.advance(Duration::from_secs(300));
        refused(app.backend.identity.sign_in_with_passkey(&late, false, Purpose::Session, &Origin::default()).await);
        app.backend.second_factors.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from passkey_ceremonies").await, 0);
    }

    async fn a5_a_passkey_confirms_that_it_is_still_them(app) {
        let (alice, mut key) = with_passkey(app, "alice").await;
        app.clock.advance(Duration::from_secs(16 * 60));
        let prompt = app.backend.identity.ask_for_own_passkey(&alice, &Origin::default()).await.unwrap();
        let shown = answer(&prompt.ceremony, &key.show(&prompt.options));
        let confirmed = app.backend.identity.step_up(&alice, Shown::Code(Method::Passkey, shown), &Origin::default()).await.unwrap();
        assert_ne!(confirmed.actor.session(), alice.session());
        assert_eq!(confirmed.actor.standing().due(), None);
        let again = app.backend.identity.step_up(&confirmed.actor, Shown::Code(Method::Passkey, wrong("000000")), &Origin::default()).await;
        refused(again);
    }

    async fn a5_nonsense_is_no_answer(app) {
        let (alice, mut key) = with_passkey(app, "alice").await;
        let long = format!("{{\"ceremony\":\"{}\"}}", "a".repeat(1 << 20));
        let prompt = app.backend.identity.ask_anyone_for_passkey(&Origin::default()).await.unwrap();
        let mut cut = key.show(&prompt.options);
        cut["response"]["authenticatorData"] = json!("AAAA");
        let cut = answer(&prompt.ceremony, &cut);
        for nonsense in ["", "{}", "null", "[]", "123456", "\0", "{\"ceremony\":1,\"credential\":{}}", &long, &cut] {
            refused(app.backend.identity.sign_in_with_passkey(nonsense, false, Purpose::Session, &Origin::default()).await);
            refused(app.backend.identity.add_passkey(&alice, name("x"), nonsense, &Origin::default()).await);
            // More than a request may carry is told by the guard.
            if nonsense.len() < 1 << 20 {
                let challenge = challenge_of(app, "alice").await;
                assert_eq!(problem(&show(app, &challenge, "passkey", nonsense).await, 401).0, "invalid_passkey", "{nonsense:.30}");
            }
        }
        let over = app.anyone().post_json("/api/v1/auth/mfa/passkey", &json!({ "challenge": "nobody's" })).await;
        assert_eq!(problem(&over, 401).0, "sign_in_over");
    }
}

mod elsewhere {
    use super::*;

    server::both_engines! { routes;
        async fn a5_where_browsers_can_use_none_there_are_no_passkeys(app) {
            app.add("alice", "Alice Ng", &["STAFF"]).await;
            let alice = actor(app, "alice").await;
            assert!(!app.backend.second_factors.overview(&alice).await.unwrap().offers_passkeys);
            for outcome in [
                app.backend.second_factors.begin_passkey(&alice, &Origin::default()).await,
                app.backend.identity.ask_anyone_for_passkey(&Origin::default()).await,
            ] {
                assert!(matches!(outcome, Err(Error::Conflict(_))), "{outcome:?}");
            }
        }
    }
}
