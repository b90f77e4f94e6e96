//! Whose account it is when a provider vouches for somebody: linked by a verified address, known by the subject from then
//! on, and never past the account's own state and second factor.

use crate::{
    link_support::{NEW_PASSWORD, registered, token, verify},
    provider_support::{
        actor, alice, alice_but, come_back, finish, reasons, refusal, session, sign_in, told,
    },
    second_factor_support::{app_code, with_app},
    support::{log_in, problem, routes},
};
use domain::second_factor::Method;
use serde_json::{Value, json};
use server::{
    Error, Origin,
    config::Config,
    identity::{Purpose, Step},
    testing::{PASSWORD, Signed, TestApp, TestProvider},
};

const NO_ADDRESS: &str = "Acme vouches for no e-mail address of yours, so your account here cannot be found. Confirm your address there first.";
const NO_ACCOUNT: &str =
    "No account here has the e-mail address that Acme gave. Ask whoever looks after Countersign for one.";
const ANOTHER: &str = "Your account here is connected to another account at Acme. Sign in with that one, or with your password.";

fn with_acme(config: &mut Config) {
    TestProvider::set_up(config);
}

fn trusting_acme(config: &mut Config) {
    TestProvider::set_up(config);
    config.oidc.get_mut("acme").unwrap().trusts_second_factor = true;
}

fn requiring_a_factor(config: &mut Config) {
    TestProvider::set_up(config);
    config.security.second_factor = server::config::Required::All;
}

async fn links(app: &TestApp) -> Vec<String> {
    let sql = "select l.subject || ' is ' || p.username from provider_links l join people p on p.id = l.person_id order by 1";
    app.texts(sql).await
}

/// What the outbox has for this address, kind by kind.
async fn letters(app: &TestApp, to: &str) -> Vec<String> {
    let payloads = app.texts("select payload from outbox order by id").await;
    let letters = payloads.iter().map(|payload| serde_json::from_str::<Value>(payload).unwrap());
    letters
        .filter(|letter| letter.to_string().contains(to))
        .map(|letter| letter.to_string())
        .filter(|text| text.contains("provider_"))
        .collect()
}

server::both_engines! { routes, with_acme;
    async fn a12_the_first_time_a_verified_address_links_the_account_and_its_owner_is_told(app) {
        let id = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let signed_in = session(app, &alice()).await;
        assert_eq!(signed_in.actor.id(), id);
        assert_eq!(links(app).await, ["alice-at-acme is alice"]);
        let recorded = app.texts("select details from audit where action = 'provider.connected'").await;
        assert_eq!(recorded.len(), 1);
        assert_eq!(serde_json::from_str::<Value>(&recorded[0]).unwrap(), json!({ "changes": { "provider": { "after": "Acme" } } }));
        let told = letters(app, "alice@example.com").await;
        assert!(told.len() == 1 && told[0].contains("provider_connected") && told[0].contains("203.0.113.9"), "{told:?}");
        session(app, &alice()).await;
        assert_eq!(letters(app, "alice@example.com").await.len(), 1, "told a second time");
    }

    async fn a12_an_address_that_the_provider_has_not_verified_links_nothing(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for claims in [
            json!({ "email_verified": false }),
            json!({ "email_verified": null }),
            json!({ "email_verified": "false" }),
            json!({ "email_verified": 1 }),
            json!({ "email_verified": "yes" }),
            json!({ "email": "alice" }),
            json!({ "email": "" }),
        ] {
            assert_eq!(refusal(app, &alice_but(claims.clone()), Signed::Rs256).await, NO_ADDRESS, "{claims}");
        }
        assert_eq!(links(app).await, [""; 0]);
        assert!(reasons(app).await.iter().all(|why| why == "provider: no verified address"));
        // Some providers write the word.
        session(app, &alice_but(json!({ "email_verified": "true" }))).await;
    }

    async fn a12_the_address_must_be_the_same_to_the_letter(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for email in ["alice+acme@example.com", "a.lice@example.com", "alice@example.com.evil.example", "аlice@example.com"] {
            let claims = alice_but(json!({ "email": email }));
            assert_eq!(refusal(app, &claims, Signed::Rs256).await, NO_ACCOUNT, "{email}");
        }
        assert_eq!(links(app).await, [""; 0]);
        assert_eq!(app.count("select count(*) from people").await, 1, "an account was made");
    }

    async fn a12_an_address_that_is_not_in_the_token_is_asked_for(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let provider = TestProvider::of(app);
        let claims = alice_but(json!({ "email": null, "email_verified": null }));
        provider.tell_user_info(json!({ "sub": "somebody-else", "email": "alice@example.com", "email_verified": true }));
        refusal(app, &claims, Signed::Rs256).await;
        provider.tell_user_info(json!({ "email": "alice@example.com", "email_verified": true }));
        refusal(app, &claims, Signed::Rs256).await;
        provider.tell_user_info(json!({ "sub": "alice-at-acme", "email": "alice@example.com", "email_verified": false }));
        assert_eq!(refusal(app, &claims, Signed::Rs256).await, NO_ADDRESS);
        assert_eq!(links(app).await, [""; 0]);
        provider.tell_user_info(json!({ "sub": "alice-at-acme", "email": "alice@example.com", "email_verified": true }));
        session(app, &claims).await;
        assert_eq!(links(app).await, ["alice-at-acme is alice"]);
    }

    async fn a12_a_linked_subject_goes_over_any_address(app) {
        let alice_id = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("bruno", "Bruno Sá", &["STAFF"]).await;
        session(app, &alice()).await;
        for email in [json!("bruno@example.com"), json!("nobody@example.com"), json!(null)] {
            let claims = alice_but(json!({ "email": email, "email_verified": null }));
            assert_eq!(session(app, &claims).await.actor.id(), alice_id, "{email}");
        }
        assert_eq!(links(app).await, ["alice-at-acme is alice"]);
    }

    async fn a12_one_account_has_one_subject_at_a_provider(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        session(app, &alice()).await;
        let claims = alice_but(json!({ "sub": "mallory-at-acme" }));
        assert_eq!(refusal(app, &claims, Signed::Rs256).await, ANOTHER);
        assert_eq!(links(app).await, ["alice-at-acme is alice"]);
        // Subjects are told apart to the letter.
        let claims = alice_but(json!({ "sub": "Alice-at-acme" }));
        assert_eq!(refusal(app, &claims, Signed::Rs256).await, ANOTHER);
    }

    async fn a12_whoever_registered_the_address_of_another_keeps_no_way_in(app) {
        app.add("root", "Root Admin", &["SUPER_ADMIN"]).await;
        registered(app, "mallory", "alice@example.com").await;
        // The owner of the address comes by the provider, and verifies the address as the letter asks.
        refusal(app, &alice(), Signed::Rs256).await;
        let token = token(app, "email_verification", "alice@example.com").await;
        verify(app, &token).await.unwrap();
        assert_eq!(problem(&log_in(app, "mallory", NEW_PASSWORD).await, 401).0, "invalid_credentials", "whoever registered is let in");
        session(app, &alice()).await;
        assert_eq!(links(app).await, ["alice-at-acme is mallory"]);
        assert_eq!(app.count("select count(*) from audit where action = 'provider.password_dropped'").await, 1);
    }

    async fn a12_the_first_sign_in_made_twice_at_once_links_once(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (one, other) = (come_back(app, &alice(), Signed::Rs256).await, come_back(app, &alice(), Signed::Rs256).await);
        let (one, other) = tokio::join!(finish(app, &one), finish(app, &other));
        assert!(one.outcome.is_ok() && other.outcome.is_ok(), "{one:?} {other:?}");
        assert_eq!(app.count("select count(*) from audit where action = 'provider.connected'").await, 1);
        assert_eq!(letters(app, "alice@example.com").await.len(), 1);
    }

    async fn a12_an_account_that_may_not_act_is_refused_before_and_after_it_was_linked(app) {
        app.add("sam", "Sam Okoro", &["STAFF"]).await;
        let claims = alice_but(json!({ "sub": "sam-at-acme", "email": "sam@example.com" }));
        let suspended = "Your account has been suspended. Contact support for assistance.";
        for is_linked in [false, true] {
            for status in ["suspended", "unverified", "invited"] {
                app.change(&format!("update people set status = '{status}' where username = 'sam'")).await;
                let error = sign_in(app, &claims, Signed::Rs256).await.expect_err("let in");
                let words = error.told().message;
                assert_eq!(words == suspended, status == "suspended", "{words}");
                assert!(!words.contains("password"), "no password was shown: {words}");
                assert_eq!(links(app).await.len(), usize::from(is_linked), "{status}");
                assert_eq!(reasons(app).await.last().unwrap(), status);
                app.clock.advance(std::time::Duration::from_secs(1));
            }
            app.change("update people set status = 'active' where username = 'sam'").await;
            session(app, &claims).await;
        }
    }

    async fn a12_a_second_factor_is_asked_for_as_after_a_password(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let sessions = app.count("select count(*) from sessions").await;
        let Ok(Step::Code(challenge)) = sign_in(app, &alice(), Signed::Rs256).await else { panic!("no code was asked for") };
        assert_eq!(app.count("select count(*) from sessions").await, sessions, "there is a session without the code");
        app.clock.advance(std::time::Duration::from_secs(60));
        let (identity, code) = (&app.backend.identity, app_code(app, &secret));
        let signed_in = identity.show_code(&challenge.token, Purpose::Session, Method::Totp, &code, false, &Origin::default()).await.unwrap();
        assert_eq!(signed_in.actor.username().as_str(), "alice");
        let recorded = app.texts("select details from audit where action = 'session.signed_in' order by at desc, id desc limit 1").await;
        let recorded: Value = serde_json::from_str(&recorded[0]).unwrap();
        assert_eq!((&recorded["by"], &recorded["second_factor"]), (&json!("Acme"), &json!("totp")));
    }

    async fn a12_wrong_passwords_lock_passwords_and_not_the_provider(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for _ in 0..5 {
            log_in(app, "alice", "wrong").await;
        }
        problem(&log_in(app, "alice", PASSWORD).await, 423);
        session(app, &alice()).await;
        problem(&log_in(app, "alice", PASSWORD).await, 423);
    }

    async fn a12_an_account_without_a_password_signs_in_and_keeps_its_last_way_in(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.change("update people set password_hash = null where username = 'alice'").await;
        let (actor, origin) = (actor(app, &alice()).await, Origin::default());
        let issuer = TestProvider::of(app).issuer().to_owned();
        let refused = app.backend.providers.part(&actor, &issuer, &origin).await;
        assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
        assert_eq!(links(app).await.len(), 1);
    }

    async fn a12_its_owner_parts_an_account_from_a_provider(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("bruno", "Bruno Sá", &["STAFF"]).await;
        let alice_actor = actor(app, &alice()).await;
        let bruno = alice_but(json!({ "sub": "bruno-at-acme", "email": "bruno@example.com" }));
        let bruno_actor = actor(app, &bruno).await;
        let (issuer, origin) = (TestProvider::of(app).issuer().to_owned(), Origin::default());
        let providers = &app.backend.providers;
        assert_eq!(providers.links(&alice_actor).await.unwrap().len(), 1);
        assert_eq!(providers.name_of(&issuer), "Acme");
        providers.part(&alice_actor, &issuer, &origin).await.unwrap();
        assert_eq!(links(app).await, ["bruno-at-acme is bruno"]);
        assert!(matches!(providers.part(&alice_actor, &issuer, &origin).await, Err(Error::NotFound(_))));
        assert_eq!(app.count("select count(*) from audit where action = 'provider.parted'").await, 1);
        let told = letters(app, "alice@example.com").await;
        assert!(told.iter().any(|letter| letter.contains("provider_parted")), "{told:?}");
        assert_eq!(providers.links(&bruno_actor).await.unwrap().len(), 1);
    }
}

server::both_engines! { routes, trusting_acme;
    async fn a12_a_provider_that_is_trusted_with_it_needs_no_second_factor_of_ours(app) {
        with_app(app, "alice").await;
        session(app, &alice()).await;
        let Ok(Step::Code(_)) = app.backend.identity.sign_in(server::identity::Credentials {
            identifier: "alice".into(), password: PASSWORD.into(), role: None, remember: false, device: None,
        }, Purpose::Session, &Origin::default()).await else { panic!("a password alone was enough") };
    }
}

server::both_engines! { routes, requiring_a_factor;
    async fn a12_who_must_have_a_second_factor_sets_it_up_first(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        assert!(matches!(sign_in(app, &alice(), Signed::Rs256).await, Ok(Step::SetUp(_))));
        assert_eq!(app.count("select count(*) from sessions").await, 0);
        assert_eq!(told(sign_in(app, &alice_but(json!({ "sub": "x" })), Signed::Rs256).await), ANOTHER);
    }
}

fn making_accounts(config: &mut Config) {
    TestProvider::set_up(config);
    let acme = config.oidc.get_mut("acme").unwrap();
    (acme.makes_accounts, acme.role) = (true, "STAFF".into());
}

server::both_engines! { routes, making_accounts;
    async fn a12_unknown_people_get_an_account_where_the_provider_makes_them(app) {
        app.add("alice", "Another Alice", &["PIN"]).await;
        app.change("update people set email = 'another@example.com'").await;
        let signed_in = session(app, &alice()).await;
        let actor = signed_in.actor;
        assert_eq!((actor.username().as_str(), actor.full_name().as_str()), ("alice2", "Alice Ng"));
        assert_eq!((actor.email().as_str(), actor.role().as_str()), ("alice@example.com", "STAFF"));
        assert_eq!(links(app).await, ["alice-at-acme is alice2"]);
        assert_eq!(app.count("select count(*) from people where password_hash is not null").await, 1);
        assert_eq!(app.count("select count(*) from audit where action = 'person.created' and actor_kind = 'program'").await, 1);
        assert_eq!(letters(app, "alice@example.com").await, [""; 0], "a new account needs no warning");
        problem(&log_in(app, "alice2", "").await, 422);
        problem(&log_in(app, "alice2", PASSWORD).await, 401);
        assert_eq!(session(app, &alice()).await.actor.id(), actor.id());
    }

    async fn a12_nobody_gets_an_account_for_an_address_that_is_not_verified(app) {
        let claims = alice_but(json!({ "email_verified": false }));
        assert_eq!(refusal(app, &claims, Signed::Rs256).await, NO_ADDRESS);
        assert_eq!(app.count("select count(*) from people").await, 0);
    }
}
