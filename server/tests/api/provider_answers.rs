//! Answers of a provider, right and wrong: who signed them, for whom, when, and that each is good once, in one browser.

use crate::{
    provider_support::{alice, alice_but, come_back, finish, reasons, refusal, session, sign_in, told},
    support::routes,
};
use domain::Timestamp;
use serde_json::{Value, json};
use server::{
    Error,
    config::Config,
    identity::Step,
    providers::Returned,
    testing::{Fault, Signed, TestApp, TestProvider},
};
use std::time::Duration;

const UNTRUSTED: &str = "The answer of Acme could not be trusted, so you are not signed in. Please try again; if it fails again, \
                         tell whoever looks after Countersign.";
const NOT_BEGUN: &str =
    "This sign-in took too long, was used before, or began in another browser. Please begin again.";
const AWAY: &str =
    "Acme does not answer right now. Try again in a few moments, or sign in with your password.";
const UNFINISHED: &str = "Acme could not finish the sign-in. Please try again; if it fails again, tell whoever looks after Countersign.";
const DECLINED: &str = "Acme did not sign you in. You can try again, or sign in another way.";

fn with_acme(config: &mut Config) {
    TestProvider::set_up(config);
}

/// Nobody was let in, for this reason.
async fn nobody_came_in(app: &TestApp, why: &str) {
    assert_eq!(app.count("select count(*) from sessions").await, 0, "{why}");
    assert_eq!(app.count("select count(*) from provider_links").await, 0, "{why}");
    assert_eq!(reasons(app).await.last().map(String::as_str), Some(why));
}

/// The way back, with something about it changed.
async fn come_back_with(app: &TestApp, change: impl FnOnce(&mut Returned)) -> Returned {
    let mut returned = come_back(app, &alice(), Signed::Rs256).await;
    change(&mut returned);
    returned
}

fn at(moment: Timestamp, seconds: i64) -> i64 {
    moment.seconds() + seconds
}

server::both_engines! { routes, with_acme;
    async fn a12_a_right_answer_opens_a_session_and_leads_on(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let ended = finish(app, &come_back(app, &alice(), Signed::Rs256).await).await;
        assert_eq!(ended.next, "/people");
        let Step::SignedIn(signed_in) = ended.outcome.unwrap() else { panic!("asked for more") };
        assert_eq!((signed_in.actor.username().as_str(), signed_in.actor.role().as_str()), ("alice", "USER_ADMIN"));
        assert_eq!(app.count("select login_count from people where username = 'alice'").await, 1);
        let recorded = app.texts("select details from audit where action = 'session.signed_in'").await;
        assert_eq!(serde_json::from_str::<Value>(&recorded[0]).unwrap(), json!({ "role": "USER_ADMIN", "by": "Acme" }));
        assert_eq!(app.texts("select ip from audit where action = 'session.signed_in'").await, ["203.0.113.9"]);
        assert_eq!(session(app, &alice()).await.actor.id(), signed_in.actor.id());
    }

    async fn a12_an_answer_signed_on_the_curve_is_good_too(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        assert!(matches!(sign_in(app, &alice(), Signed::Es256).await, Ok(Step::SignedIn(_))));
    }

    async fn a12_an_answer_that_was_not_signed_as_it_must_be_is_refused(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for (signed, why) in [
            (Signed::Unsigned, "provider: token unreadable"),
            (Signed::Hs256WithThePublicKey, "provider: wrong algorithm"),
            (Signed::Rs512, "provider: wrong algorithm"),
            (Signed::ByAnother, "provider: wrong signature"),
            (Signed::ChangedAfterwards, "provider: wrong signature"),
            (Signed::WithAnUnknownKey, "provider: unknown key"),
        ] {
            assert_eq!(refusal(app, &alice(), signed).await, UNTRUSTED, "{signed:?}");
            nobody_came_in(app, why).await;
            app.clock.advance(Duration::from_secs(1));
        }
    }

    async fn a12_an_answer_of_another_issuer_for_another_party_or_another_sign_in_is_refused(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let client = TestProvider::of(app).settings().client_id;
        for (claims, why) in [
            (json!({ "iss": "https://evil.example" }), "provider: wrong issuer"),
            (json!({ "iss": null }), "provider: token unreadable"),
            (json!({ "aud": "another" }), "provider: wrong audience"),
            (json!({ "aud": ["another", "third"] }), "provider: wrong audience"),
            (json!({ "aud": [] }), "provider: wrong audience"),
            (json!({ "aud": [client, "another"] }), "provider: wrong audience"),
            (json!({ "aud": [client, "another"], "azp": "another" }), "provider: made for another party"),
            (json!({ "azp": "another" }), "provider: made for another party"),
            (json!({ "aud": null }), "provider: token unreadable"),
            (json!({ "nonce": "another" }), "provider: wrong nonce"),
            (json!({ "nonce": "" }), "provider: wrong nonce"),
            (json!({ "nonce": null }), "provider: wrong nonce"),
            (json!({ "sub": "" }), "provider: no subject"),
            (json!({ "sub": "x".repeat(256) }), "provider: no subject"),
            (json!({ "sub": null }), "provider: token unreadable"),
            (json!({ "sub": 7 }), "provider: token unreadable"),
        ] {
            assert_eq!(refusal(app, &alice_but(claims.clone()), Signed::Rs256).await, UNTRUSTED, "{claims}");
            nobody_came_in(app, why).await;
            app.clock.advance(Duration::from_secs(1));
        }
        // One that is for others too says whom it was made for.
        let claims = alice_but(json!({ "aud": ["another", client], "azp": client }));
        assert!(matches!(sign_in(app, &claims, Signed::Rs256).await, Ok(Step::SignedIn(_))));
    }

    async fn a12_an_answer_is_good_in_its_time_alone_with_a_minute_of_leeway(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let now = app.clock.now();
        for (claims, why) in [
            (json!({ "exp": at(now, -60) }), "provider: token expired"),
            (json!({ "exp": at(now, -3600), "iat": at(now, 0) }), "provider: token expired"),
            (json!({ "exp": null }), "provider: token unreadable"),
            (json!({ "exp": "tomorrow" }), "provider: token unreadable"),
            (json!({ "iat": at(now, 62) }), "provider: token from the future"),
            (json!({ "nbf": at(now, 62) }), "provider: token from the future"),
            (json!({ "iat": at(now, -62) }), "provider: token older than the sign-in"),
            (json!({ "iat": null }), "provider: token unreadable"),
        ] {
            assert_eq!(refusal(app, &alice_but(claims.clone()), Signed::Rs256).await, UNTRUSTED, "{claims}");
            nobody_came_in(app, why).await;
            // The next one is later, but by less than a second.
            app.clock.advance(Duration::from_millis(10));
        }
        for claims in [
            json!({ "exp": at(now, -58) }),
            json!({ "iat": at(now, 58), "nbf": at(now, 58) }),
            json!({ "iat": at(now, -58), "exp": 1_790_000_300.5 }),
        ] {
            assert!(sign_in(app, &alice_but(claims.clone()), Signed::Rs256).await.is_ok(), "{claims}");
        }
    }

    async fn a12_an_answer_is_good_once(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let returned = come_back(app, &alice(), Signed::Rs256).await;
        assert!(finish(app, &returned).await.outcome.is_ok());
        assert_eq!(told(finish(app, &returned).await.outcome), NOT_BEGUN);
        assert_eq!(reasons(app).await, ["provider: answer used before"]);
        assert_eq!(app.count("select count(*) from sessions").await, 1);
    }

    async fn a12_of_two_who_send_one_answer_at_once_one_is_let_in(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let returned = come_back(app, &alice(), Signed::Rs256).await;
        let outcomes = tokio::join!(finish(app, &returned), finish(app, &returned), finish(app, &returned));
        let outcomes = [outcomes.0.outcome.is_ok(), outcomes.1.outcome.is_ok(), outcomes.2.outcome.is_ok()];
        assert_eq!(outcomes.iter().filter(|is_in| **is_in).count(), 1);
        assert_eq!(app.count("select count(*) from sessions").await, 1);
    }

    async fn a12_an_answer_is_good_in_the_browser_that_began_and_for_its_own_state(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let other = app.backend.providers.begin("acme", "/", None).await.unwrap();
        let state = |state: &str| Some(state.to_owned());
        let long = "x".repeat(100_000);
        for returned in [
            come_back_with(app, |returned| returned.browser = None).await,
            come_back_with(app, |returned| returned.browser = Some(other.browser.clone())).await,
            come_back_with(app, |returned| returned.browser = Some(String::new())).await,
            come_back_with(app, |returned| returned.state = None).await,
            come_back_with(app, |returned| returned.state = state("")).await,
            come_back_with(app, |returned| returned.state = state(&long)).await,
            come_back_with(app, |returned| returned.state = state("0123456789012345678901234567890123456789012")).await,
        ] {
            assert_eq!(told(finish(app, &returned).await.outcome), NOT_BEGUN, "{:.60}", returned.state.unwrap_or_default());
        }
        // A state of the same browser with the code of another sign-in: the verifier does not fit.
        let one = come_back(app, &alice(), Signed::Rs256).await;
        let begun = app.backend.providers.begin("acme", "/", one.browser.as_deref()).await.unwrap();
        assert_eq!(Some(&begun.browser), one.browser.as_ref(), "a second tab would undo the first");
        let provider = TestProvider::of(app);
        let mut swapped = come_back(app, &alice(), Signed::Rs256).await;
        swapped.code = one.code.clone();
        assert_eq!(told(finish(app, &swapped).await.outcome), UNFINISHED);
        assert_eq!(provider.asked_for("token"), 1, "the provider was asked for what was never begun");
        nobody_came_in(app, "provider: refused").await;
    }

    async fn a12_somebody_may_take_ten_minutes_at_the_provider(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (one, other) = (come_back(app, &alice(), Signed::Rs256).await, come_back(app, &alice(), Signed::Rs256).await);
        app.clock.advance(Duration::from_secs(4 * 60));
        assert!(finish(app, &one).await.outcome.is_ok());
        app.clock.advance(Duration::from_secs(6 * 60));
        assert_eq!(told(finish(app, &other).await.outcome), NOT_BEGUN);
        app.clock.advance(Duration::from_secs(1));
        app.backend.providers.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from provider_attempts").await, 0);
    }

    async fn a12_what_the_provider_says_instead_of_a_code_is_told_in_words(app) {
        for (error, words, why) in [
            ("access_denied", DECLINED, "provider: declined there"),
            ("login_required", DECLINED, "provider: declined there"),
            ("server_error", AWAY, "provider: away"),
            ("temporarily_unavailable", AWAY, "provider: away"),
            ("invalid_scope", UNFINISHED, "provider: refused"),
            ("<script>alert(1)</script>", UNFINISHED, "provider: refused"),
            ("", UNFINISHED, "provider: refused"),
        ] {
            let returned = come_back_with(app, |returned| returned.error = Some(error.into())).await;
            assert_eq!(told(finish(app, &returned).await.outcome), words, "{error}");
            nobody_came_in(app, why).await;
            app.clock.advance(Duration::from_secs(1));
        }
        for code in [None, Some(String::new()), Some("x".repeat(10_000)), Some("nobody's".into())] {
            let returned = come_back_with(app, |returned| returned.code = code).await;
            assert_eq!(told(finish(app, &returned).await.outcome), UNFINISHED);
        }
        assert_eq!(TestProvider::of(app).asked_for("token"), 1, "a code that is none was shown to the provider");
    }

    async fn a12_an_answer_that_was_meant_for_another_provider_is_refused(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let provider = TestProvider::of(app);
        let returned = come_back_with(app, |returned| returned.issuer = Some("https://evil.example".into())).await;
        assert_eq!(told(finish(app, &returned).await.outcome), UNTRUSTED);
        nobody_came_in(app, "provider: answer of another issuer").await;
        assert_eq!(provider.asked_for("token"), 0, "the code of another provider was handed on");
        let returned = come_back_with(app, |returned| returned.issuer = Some(provider.issuer().into())).await;
        assert!(finish(app, &returned).await.outcome.is_ok());
        // One that says that it names itself must.
        provider.change_document("authorization_response_iss_parameter_supported", json!(true));
        app.clock.advance(Duration::from_secs(3600));
        assert_eq!(refusal(app, &alice(), Signed::Rs256).await, UNTRUSTED);
    }

    async fn a12_an_answer_at_another_providers_address_is_refused(app) {
        let returned = come_back(app, &alice(), Signed::Rs256).await;
        let outcome = app.backend.providers.finish("other", &returned, &server::Origin::default()).await;
        assert!(matches!(outcome, Err(Error::NotFound(_))), "{outcome:?}");
        assert!(matches!(app.backend.providers.begin("other", "/", None).await, Err(Error::NotFound(_))));
    }

    async fn a12_a_provider_in_trouble_is_told_so_and_left_in_peace(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let provider = TestProvider::of(app);
        for (place, fault, words) in [
            ("token", Fault::Status(500), AWAY),
            ("token", Fault::Hangs, AWAY),
            ("token", Fault::Floods, AWAY),
            ("token", Fault::Garbles, UNFINISHED),
            ("token", Fault::Status(404), UNFINISHED),
            ("keys", Fault::Garbles, AWAY),
            ("keys", Fault::Status(404), AWAY),
        ] {
            provider.fail(place, Some(fault));
            assert_eq!(refusal(app, &alice(), Signed::Rs256).await, words, "{place} {fault:?}");
            provider.fail(place, None);
            app.clock.advance(Duration::from_secs(60));
        }
        assert_eq!(app.count("select count(*) from sessions").await, 0);
        provider.fail("token", Some(Fault::Status(500)));
        for _ in 0..5 {
            assert_eq!(refusal(app, &alice(), Signed::Rs256).await, AWAY);
        }
        let asked = provider.asked_for("token");
        assert_eq!(refusal(app, &alice(), Signed::Rs256).await, AWAY);
        assert_eq!(provider.asked_for("token"), asked, "a provider in trouble was asked again at once");
        provider.fail("token", None);
        app.clock.advance(Duration::from_secs(30));
        assert!(sign_in(app, &alice(), Signed::Rs256).await.is_ok());
    }

    async fn a12_what_the_provider_says_of_itself_is_asked_for_once_an_hour_and_believed_of_itself_alone(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let provider = TestProvider::of(app);
        for _ in 0..3 {
            session(app, &alice()).await;
        }
        assert_eq!((provider.asked_for("document"), provider.asked_for("keys")), (1, 1));
        app.clock.advance(Duration::from_secs(3600));
        session(app, &alice()).await;
        assert_eq!((provider.asked_for("document"), provider.asked_for("keys")), (2, 2));
        // While it is away, what it said before serves, but not for ever.
        provider.fail("document", Some(Fault::Status(503)));
        app.clock.advance(Duration::from_secs(3600));
        assert!(app.backend.providers.begin("acme", "/", None).await.is_ok());
        app.clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!(app.backend.providers.begin("acme", "/", None).await.unwrap_err().told().message, AWAY);
        provider.fail("document", None);
        provider.change_document("issuer", json!("https://evil.example"));
        app.clock.advance(Duration::from_secs(60));
        assert_eq!(app.backend.providers.begin("acme", "/", None).await.unwrap_err().told().message, AWAY);
    }

    async fn a12_new_keys_are_found_and_unknown_ones_looked_for_once_a_minute(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let provider = TestProvider::of(app);
        session(app, &alice()).await;
        app.clock.advance(Duration::from_secs(61));
        provider.change_keys();
        session(app, &alice()).await;
        assert_eq!(provider.asked_for("keys"), 2);
        for _ in 0..5 {
            assert_eq!(refusal(app, &alice(), Signed::WithAnUnknownKey).await, UNTRUSTED);
        }
        assert_eq!(provider.asked_for("keys"), 2, "strangers make us ask");
        app.clock.advance(Duration::from_secs(60));
        refusal(app, &alice(), Signed::WithAnUnknownKey).await;
        assert_eq!(provider.asked_for("keys"), 3);
        session(app, &alice()).await;
    }

    async fn a12_a_provider_that_takes_the_secret_in_the_form_gets_it_there(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        TestProvider::of(app).change_document("token_endpoint_auth_methods_supported", json!(["client_secret_post"]));
        session(app, &alice()).await;
    }

    async fn a12_nothing_of_a_sign_in_that_waits_can_be_used_from_the_store(app) {
        let begun = app.backend.providers.begin("acme", "/people?search=a", None).await.unwrap();
        let stored = app.texts("select state || browser || provider || next from provider_attempts").await.join("");
        let address = url::Url::parse(&begun.address).unwrap();
        let secrets = address.query_pairs().filter(|(name, _)| matches!(&**name, "state" | "nonce" | "code_challenge"));
        for secret in secrets.map(|(_, value)| value.into_owned()).chain([begun.browser]) {
            assert!(secret.len() >= 43 && !stored.contains(&secret), "{secret} lies in the store");
        }
    }
}
