//! Step-up: administrative actions want a fresh proof that it is really them, over the API and beneath it; policies on who
//! needs a second factor; and devices that are remembered.

use crate::{
    second_factor_support::{actor, app_code, challenge_of, next_code, show, with_app},
    support::{ME, log_in, problem, routes, wrong_field},
};
use domain::second_factor::Method;
use serde_json::json;
use server::{
    Actor, Error, Origin,
    config::{AdminSecondFactor, Config, Required},
    identity::{Credentials, Purpose, Shown, Step},
    permit::{CreatePerson, UnlockPerson},
    proof::StepUp,
    testing::{Agent, PASSWORD, TestApp},
};
use std::time::Duration;

const STEP_UP: &str = "/api/v1/auth/step-up";
const QUARTER: Duration = Duration::from_secs(15 * 60);

fn strict(config: &mut Config) {
    config.security.admin_second_factor = Some(AdminSecondFactor::Required);
}

fn for_admins(config: &mut Config) {
    config.security.second_factor = Required::Roles;
    config.security.second_factor_roles = vec!["USER_ADMIN".into()];
}

fn remembering(config: &mut Config) {
    config.security.remember_device_days = 30;
}

fn due(outcome: server::Result<impl Sized>) -> Option<StepUp> {
    match outcome {
        Ok(_) => None,
        Err(Error::StepUp(due)) => Some(due),
        Err(error) => panic!("{error}"),
    }
}

async fn behind(app: &TestApp, client: &Agent) -> Actor {
    app.backend.identity.authenticate(client.bearer.as_ref().unwrap(), Purpose::Access).await.unwrap()
}

/// An API client that has shown an app's code just now.
async fn client_with_code(app: &TestApp, username: &str, code: &str) -> Agent {
    let reply = show(app, &challenge_of(app, username).await, "totp", code).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let mut client = app.anyone();
    client.bearer = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
    client
}

async fn sign_in(app: &TestApp, username: &str, device: Option<&str>) -> Step {
    let credentials = Credentials {
        identifier: username.into(),
        password: PASSWORD.into(),
        role: None,
        remember: false,
        device: device.map(str::to_owned),
    };
    app.backend.identity.sign_in(credentials, Purpose::Session, &Origin::default()).await.unwrap()
}

server::both_engines! { routes;
    async fn a5_without_a_factor_the_password_is_asked_for_again_where_that_is_enough(app) {
        app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        let mut client = app.client_of("root").await;
        assert_eq!(due(behind(app, &client).await.permit::<CreatePerson>(())), None);
        app.clock.advance(QUARTER);
        assert_eq!(due(behind(app, &client).await.permit::<CreatePerson>(())), Some(StepUp::Password));
        assert_eq!(client.get(ME).await.status, 200, "a mere look was held up");

        let wrong = client.post_json(STEP_UP, &json!({ "password": "wrong" })).await;
        assert_eq!(problem(&wrong, 401).0, "invalid_credentials");
        let reply = client.post_json(STEP_UP, &json!({ "password": PASSWORD })).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(client.get(ME).await.status, 401, "the old token still opens doors");
        client.bearer = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
        assert_eq!(due(behind(app, &client).await.permit::<CreatePerson>(())), None);
        let refreshed = app.anyone().post_json("/api/v1/auth/refresh", &json!({ "refresh_token": reply.json()["refresh_token"] })).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.body);
        assert_eq!(app.count("select count(*) from audit where action = 'session.stepped_up'").await, 1);
    }

    async fn a5_the_wrong_role_is_told_so_before_anything_is_asked(app) {
        app.add("petra", "Petra Holm", &["PIN"]).await;
        let client = app.client_of("petra").await;
        app.clock.advance(QUARTER);
        let refusal = behind(app, &client).await.permit::<CreatePerson>(()).unwrap_err();
        assert!(matches!(refusal, Error::WrongRole), "{refusal}");
    }

    async fn a5_what_is_shown_to_confirm_is_judged_like_a_sign_in(app) {
        let (_, secret, codes) = with_app(app, "alice").await;
        let mut client = client_with_code(app, "alice", &next_code(app, &secret)).await;
        let enough = client.post_json(STEP_UP, &json!({ "password": PASSWORD })).await;
        assert_eq!(problem(&enough, 403), ("step_up_required".into(), "Confirm it is you: enter a code of your second factor.".into()));
        for nothing in [json!({}), json!({ "method": "totp" }), json!({ "code": "123456" }), json!({ "password": "x", "method": "totp", "code": "1" })] {
            let reply = client.post_json(STEP_UP, &nothing).await;
            assert_eq!(wrong_field(&reply, "code"), "Send either the password, or a method and its code");
        }
        assert_eq!(wrong_field(&client.post_json(STEP_UP, &json!({ "method": "totp", "code": " " })).await, "code"), "Enter the code");
        let used = app_code(app, &secret);
        let reply = client.post_json(STEP_UP, &json!({ "method": "totp", "code": used })).await;
        assert_eq!(problem(&reply, 401).1, "Invalid verification code. Please try again.");
        for _ in 0..4 {
            client.post_json(STEP_UP, &json!({ "method": "recovery", "code": "7kq2m-x9f4c" })).await;
        }
        let paused = client.post_json(STEP_UP, &json!({ "method": "recovery", "code": codes[0] })).await;
        assert_eq!(problem(&paused, 429).0, "codes_paused");
        assert_eq!(client.get(ME).await.status, 200, "wrong codes ended an open session");
        app.clock.advance(QUARTER);
        let reply = client.post_json(STEP_UP, &json!({ "method": "recovery", "code": codes[0] })).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }
}

mod strictly {
    use super::*;

    server::both_engines! { routes, strict;
        async fn a5_administration_wants_a_second_factor(app) {
            app.add("root", "Root Admin", &["USER_ADMIN"]).await;
            let client = app.client_of("root").await;
            let refusal = behind(app, &client).await.permit::<CreatePerson>(()).unwrap_err();
            assert_eq!((refusal.told().status, refusal.told().code), (403, "step_up_required"));
            assert_eq!(refusal.told().message, "Set up a second factor first: administrative actions need one.");
            assert!(matches!(refusal, Error::StepUp(StepUp::SetUp)), "{refusal}");

            let (root, origin) = (actor(app, "root").await, Origin::default());
            let new = app.backend.second_factors.begin_enrolment(&root, &origin).await.unwrap();
            let changed = app.backend.identity.confirm_app(&root, &app_code(app, &new.secret), &origin).await.unwrap();
            assert_eq!(due(changed.signed_in.actor.permit::<UnlockPerson>(root.id())), None, "the code that set it up is a proof");
            app.clock.advance(QUARTER);
            let later = app.backend.identity.authenticate(&changed.signed_in.token, Purpose::Session).await.unwrap();
            assert_eq!(due(later.permit::<CreatePerson>(())), Some(StepUp::SecondFactor));
            let shown = Shown::Code(Method::Totp, app_code(app, &new.secret));
            let confirmed = app.backend.identity.step_up(&later, shown, &origin).await.unwrap();
            assert_eq!(due(confirmed.actor.permit::<CreatePerson>(())), None);
            assert_ne!(confirmed.actor.session(), later.session());
        }

        async fn a5_one_changes_ones_factors_only_freshly_shown(app) {
            app.add("alice", "Alice Ng", &["STAFF"]).await;
            let client = app.client_of("alice").await;
            app.clock.advance(QUARTER);
            let (stale, origin) = (behind(app, &client).await, Origin::default());
            let factors = &app.backend.second_factors;
            assert_eq!(due(factors.begin_enrolment(&stale, &origin).await), Some(StepUp::Password));
            assert_eq!(due(factors.confirm_enrolment(&stale, "123456", &origin).await), Some(StepUp::Password));
            assert_eq!(due(factors.remove(&stale, Method::Totp, false, &origin).await), Some(StepUp::Password));
            assert_eq!(due(factors.regenerate_recovery_codes(&stale, &origin).await), Some(StepUp::Password));
        }
    }
}

mod policy {
    use super::*;

    server::both_engines! { routes, for_admins;
        async fn a5_whoever_needs_a_factor_sets_it_up_before_the_session(app) {
            app.add("root", "Root Admin", &["STAFF", "USER_ADMIN"]).await;
            app.add("petra", "Petra Holm", &["PIN"]).await;
            assert_eq!(log_in(app, "petra", PASSWORD).await.status, 200, "a role that needs none is held up");
            // Held counts, whichever role one signs in with.
            let refusal = problem(&log_in(app, "root", PASSWORD).await, 403);
            assert_eq!(refusal.0, "mfa_enrollment_required");
            assert!(refusal.1.contains("with a browser"), "{}", refusal.1);

            let Step::SetUp(challenge) = sign_in(app, "root", None).await else { panic!("not asked to set up") };
            assert!(challenge.methods.is_empty());
            let (identity, origin) = (&app.backend.identity, Origin::default());
            let new = identity.begin_set_up(&challenge.token, &origin).await.unwrap();
            assert_eq!(identity.pending_set_up(&challenge.token, &origin).await.unwrap().unwrap().secret, new.secret);
            let wrong = identity.finish_set_up(&challenge.token, "000000", &origin).await.unwrap_err();
            assert!(matches!(wrong, Error::Invalid(_)), "{wrong}");
            assert_eq!(app.count("select count(*) from sessions where person_id = (select id from people where username = 'root')").await, 0);
            let changed = identity.finish_set_up(&challenge.token, &app_code(app, &new.secret), &origin).await.unwrap();
            assert_eq!(changed.codes.unwrap().shown().count(), 10);
            assert_eq!(changed.signed_in.actor.standing().due_for_administration(), None);
            let again = identity.begin_set_up(&challenge.token, &origin).await.unwrap_err();
            assert!(matches!(again, Error::SignInOver), "{again}");
            let last = identity.remove_factor(&changed.signed_in.actor, Method::Totp, &origin).await.unwrap_err();
            assert_eq!(last.told().status, 409, "the last factor could be removed although one is required");
            assert!(matches!(sign_in(app, "root", None).await, Step::Code(_)));
        }

        async fn a5_a_set_up_that_waits_gives_nobody_a_second_app(app) {
            app.add("root", "Root Admin", &["USER_ADMIN"]).await;
            let (identity, origin) = (&app.backend.identity, Origin::default());
            let [Step::SetUp(first), Step::SetUp(second)] = [sign_in(app, "root", None).await, sign_in(app, "root", None).await] else {
                panic!("not asked to set up")
            };
            let new = identity.begin_set_up(&first.token, &origin).await.unwrap();
            identity.finish_set_up(&first.token, &app_code(app, &new.secret), &origin).await.unwrap();
            // The owner has set theirs up: whoever waits besides comes no further.
            for refusal in [
                identity.begin_set_up(&second.token, &origin).await.unwrap_err(),
                identity.finish_set_up(&second.token, &next_code(app, &new.secret), &origin).await.unwrap_err(),
                identity.show_code(&second.token, Purpose::Session, Method::Totp, &app_code(app, &new.secret), false, &origin).await.unwrap_err(),
            ] {
                assert!(matches!(refusal, Error::SignInOver), "{refusal}");
            }
        }
    }
}

mod devices {
    use super::*;

    server::both_engines! { routes, remembering;
        async fn a5_a_remembered_device_is_asked_for_the_password_alone(app) {
            let (_, secret, _) = with_app(app, "alice").await;
            let (identity, origin) = (&app.backend.identity, Origin::default());
            let Step::Code(challenge) = sign_in(app, "alice", None).await else { panic!("not asked") };
            let signed_in = identity.show_code(&challenge.token, Purpose::Session, Method::Totp, &next_code(app, &secret), true, &origin).await.unwrap();
            let device = signed_in.device.unwrap();
            assert!(app.texts("select fingerprint from remembered_devices").await.iter().all(|kept| *kept != device));
            let Step::SignedIn(later) = sign_in(app, "alice", Some(&device)).await else { panic!("a remembered device was asked") };
            // It stands for the second factor at sign-in, not before actions that matter.
            assert_eq!(later.actor.standing().due(), Some(StepUp::SecondFactor));
            let said = app.texts("select details from audit where action = 'session.signed_in' order by at desc, id desc").await;
            assert!(said[0].contains("\"device\":\"remembered\""), "{said:?}");

            // Nobody else's password goes with it, and nothing like it is taken.
            with_app(app, "bob").await;
            assert!(matches!(sign_in(app, "bob", Some(&device)).await, Step::Code(_)));
            for forged in ["", "x", &device[1..], &"x".repeat(10_000)] {
                assert!(matches!(sign_in(app, "alice", Some(forged)).await, Step::Code(_)), "{forged:.20}");
            }
            let devices = identity.devices(&later.actor).await.unwrap();
            assert_eq!(devices.len(), 1);
            let bob = app.add("eve", "Eve Else", &["PIN"]).await;
            let eve = behind(app, &app.client_of("eve").await).await;
            assert_eq!((eve.id(), identity.forget_device(&eve, devices[0].id, &origin).await.unwrap_err().told().status), (bob, 404));
            identity.forget_device(&later.actor, devices[0].id, &origin).await.unwrap();
            assert!(matches!(sign_in(app, "alice", Some(&device)).await, Step::Code(_)), "a forgotten device was not asked");
        }

        async fn a5_a_device_is_forgotten_with_time_password_and_factors(app) {
            let (_, secret, _) = with_app(app, "alice").await;
            let (identity, origin) = (&app.backend.identity, Origin::default());
            let remember = async || {
                let Step::Code(challenge) = sign_in(app, "alice", None).await else { panic!("not asked") };
                let code = next_code(app, &secret);
                identity.show_code(&challenge.token, Purpose::Session, Method::Totp, &code, true, &origin).await.unwrap()
            };
            let device = remember().await.device.unwrap();
            app.clock.advance(Duration::from_secs(30 * 86_400));
            assert!(matches!(sign_in(app, "alice", Some(&device)).await, Step::Code(_)), "it was remembered for too long");

            let signed_in = remember().await;
            app.backend.second_factors.regenerate_recovery_codes(&signed_in.actor, &origin).await.unwrap();
            assert!(matches!(sign_in(app, "alice", signed_in.device.as_deref()).await, Step::SignedIn(_)));
            app.backend.second_factors.begin_code_enrolment(&signed_in.actor, server::second_factor::Channel::Email, &origin).await.unwrap();
            let code = crate::second_factor_support::newest_code(app, "eml").await;
            identity.confirm_codes(&signed_in.actor, Method::Email, &code, &origin).await.unwrap();
            assert!(matches!(sign_in(app, "alice", signed_in.device.as_deref()).await, Step::Code(_)), "it outlived a change of factors");

            let device = remember().await.device.unwrap();
            let password = app.backend.passwords.accept("another horse battery staple", &domain::password::Owner::new("alice", "alice@example.com")).unwrap();
            let permit = server::permit::Operator::of_this_machine().permit(signed_in.actor.id());
            identity.reset_password(&permit, password, &origin).await.unwrap();
            let credentials = Credentials { identifier: "alice".into(), password: "another horse battery staple".into(), role: None, remember: false, device: Some(device) };
            let step = identity.sign_in(credentials, Purpose::Session, &origin).await.unwrap();
            assert!(matches!(step, Step::Code(_)), "it outlived the password");
        }
    }
}
