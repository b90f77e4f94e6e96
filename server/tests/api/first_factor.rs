//! A first factor that is required, set up between password and session: a passkey, or codes to the address of the account; and the
//! last one, which stays. Authenticator apps are walked in `step_up.rs`.

use crate::{
    passkeys::{ORIGIN, add, at_localhost, name, refused, sign_in},
    second_factor_support::{newest_code, wrong},
    support::{log_in, problem, routes},
};
use domain::second_factor::Method;
use serde_json::json;
use server::{
    Error, Origin,
    config::{Config, Required},
    identity::{Credentials, Purpose, Step},
    testing::{Authenticator, PASSWORD, TestApp, answer},
};

fn required(config: &mut Config) {
    at_localhost(config);
    config.security.second_factor = Required::All;
}

/// Signs in with the password; gives back the token of the sign-in that waits for a first factor.
async fn waiting(app: &TestApp, username: &str) -> String {
    let credentials = Credentials {
        identifier: username.into(),
        password: PASSWORD.into(),
        role: None,
        remember: false,
        device: None,
    };
    let step = app.backend.identity.sign_in(credentials, Purpose::Session, &Origin::default()).await.unwrap();
    let Step::SetUp(challenge) = step else { panic!("nothing has to be set up") };
    challenge.token
}

server::both_engines! { routes, required;
    async fn a5_a_passkey_can_be_the_first_factor(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let (identity, origin) = (&app.backend.identity, Origin::default());
        let (token, besides) = (waiting(app, "alice").await, waiting(app, "alice").await);
        let mut key = Authenticator::at(ORIGIN);
        let prompt = identity.begin_passkey_set_up(&token, &origin).await.unwrap();
        assert_eq!((&prompt.options["user"]["name"], &prompt.options["user"]["displayName"]), (&json!("alice"), &json!("Alice Ng")));
        let made = answer(&prompt.ceremony, &key.make(&prompt.options));
        refused(identity.finish_passkey_set_up(&token, name("Laptop"), "{}", &origin).await);
        assert_eq!(app.count("select count(*) from sessions").await, 0);
        let other = identity.begin_passkey_set_up(&besides, &origin).await.unwrap();
        let changed = identity.finish_passkey_set_up(&token, name("Laptop"), &made, &origin).await.unwrap();
        assert_eq!(changed.codes.unwrap().shown().count(), 10);
        let alice = changed.signed_in.actor;
        assert_eq!((alice.standing().due(), alice.proof().factor), (None, Some(Method::Passkey)));
        // Whoever waited besides is given no second one.
        let late = answer(&other.ceremony, &Authenticator::at(ORIGIN).make(&other.options));
        let error = identity.finish_passkey_set_up(&besides, name("Theirs"), &late, &origin).await.unwrap_err();
        assert!(matches!(error, Error::SignInOver), "{error}");
        assert_eq!(app.count("select count(*) from passkeys").await, 1);
        sign_in(app, &mut key).await.unwrap();
    }

    async fn a5_a_first_passkey_is_made_for_the_sign_in_that_asked(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let (identity, origin) = (&app.backend.identity, Origin::default());
        for nobodys in ["", "x", &"x".repeat(10_000)] {
            assert!(matches!(identity.begin_passkey_set_up(nobodys, &origin).await, Err(Error::SignInOver)));
        }
        let token = waiting(app, "alice").await;
        let prompt = identity.begin_passkey_set_up(&token, &origin).await.unwrap();
        let made = answer(&prompt.ceremony, &Authenticator::at("https://evil.example").make(&prompt.options));
        refused(identity.finish_passkey_set_up(&token, name("Laptop"), &made, &origin).await);
        let again = answer(&prompt.ceremony, &Authenticator::at(ORIGIN).make(&prompt.options));
        refused(identity.finish_passkey_set_up(&token, name("Laptop"), &again, &origin).await);
        assert_eq!(app.count("select count(*) from passkeys").await, 0);
    }

    async fn a5_codes_by_e_mail_can_be_the_first_factor(app) {
        app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        let (identity, origin) = (&app.backend.identity, Origin::default());
        let (first, second) = (waiting(app, "root").await, waiting(app, "root").await);
        let sent = identity.begin_codes_set_up(&first, &origin).await.unwrap();
        assert_eq!(sent.to, "r…@example.com");
        let again = identity.begin_codes_set_up(&second, &origin).await.unwrap_err();
        assert_eq!(again.told().status, 429, "letters without end");
        let code = newest_code(app, "eml").await;
        for wrong in ["", "12345", &wrong(&code)] {
            let error = identity.finish_codes_set_up(&first, wrong, &origin).await.unwrap_err();
            assert!(matches!(error, Error::Invalid(_)), "{error}");
        }
        assert_eq!(app.count("select count(*) from sessions").await, 0);
        let changed = identity.finish_codes_set_up(&first, &code, &origin).await.unwrap();
        assert_eq!(changed.codes.unwrap().shown().count(), 10);
        assert_eq!((changed.signed_in.actor.standing().due(), changed.signed_in.actor.proof().factor), (None, Some(Method::Email)));
        let late = identity.finish_codes_set_up(&second, &code, &origin).await.unwrap_err();
        assert!(matches!(late, Error::SignInOver), "{late}");
        assert_eq!(problem(&log_in(app, "root", PASSWORD).await, 401).0, "mfa_required");
    }

    async fn a5_the_last_factor_stays_where_one_is_required(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let token = waiting(app, "alice").await;
        let identity = &app.backend.identity;
        let new = identity.begin_set_up(&token, &Origin::default()).await.unwrap();
        let code = server::second_factor::code_at(new.secret.bytes(), app.clock.now());
        let alice = identity.finish_set_up(&token, &code, &Origin::default()).await.unwrap().signed_in.actor;
        let mut key = Authenticator::at(ORIGIN);
        let alice = add(app, &alice, "Laptop", &mut key).await.unwrap().actor;
        let alice = identity.remove_factor(&alice, Method::Totp, &Origin::default()).await.unwrap().actor;
        let id = app.backend.second_factors.passkeys(&alice).await.unwrap()[0].id;
        let kept = identity.remove_passkey(&alice, id, &Origin::default()).await;
        assert!(matches!(kept, Err(Error::Conflict("You need a second factor here. Set up another one before you remove this one."))), "{kept:?}");
    }
}
