//! Second factors: setting them up, codes that are good once, and what the store and the owner learn of it.

use crate::second_factor_support::{
    actor, app_code, claimant, newest_code, pick_up, with_app, with_email_codes,
};
use domain::{Timestamp, person::Username, second_factor::Method};
use futures::future::join_all;
use server::{
    Error, Origin,
    permit::Operator,
    second_factor::{AppSecret, COOL_DOWN, Channel, code_at},
};
use std::time::Duration;

use crate::support::routes;

/// The message at a field of the form.
fn said(error: &Error, field: &str) -> String {
    match error {
        Error::Invalid(errors) => errors.of(field).unwrap_or_default().to_owned(),
        other => panic!("no wrong field: {other}"),
    }
}

server::both_engines! { routes;
    async fn a5_an_app_counts_from_its_first_good_code(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (alice, origin) = (actor(app, "alice").await, Origin::default());
        let factors = &app.backend.second_factors;
        let new = factors.begin_enrolment(&alice, &origin).await.unwrap();
        assert!(new.address.starts_with("otpauth://totp/Countersign:alice%40example.com?secret="), "{}", new.address);
        assert!(new.picture.starts_with("<svg ") && new.address.contains(&new.secret.base32()));
        assert_eq!(factors.methods_of(claimant(&alice)).await.unwrap(), []);
        let again = factors.pending_enrolment(&alice).await.unwrap().unwrap();
        assert_eq!(again.secret, new.secret, "a reloaded page shows another secret");

        for wrong in ["", "000000", "12345", "abcdef", &"1".repeat(100_000)] {
            let refusal = factors.confirm_enrolment(&alice, wrong, &origin).await.unwrap_err();
            assert_eq!(said(&refusal, "code"), "Invalid verification code. Please try again.");
        }
        assert_eq!(factors.methods_of(claimant(&alice)).await.unwrap(), []);

        let code = app_code(app, &new.secret);
        let codes = factors.confirm_enrolment(&alice, &code, &origin).await.unwrap().unwrap();
        assert_eq!(codes.shown().count(), 10);
        assert_eq!(factors.methods_of(claimant(&alice)).await.unwrap(), [Method::Totp, Method::Recovery]);
        let overview = factors.overview(&alice).await.unwrap();
        assert_eq!((overview.factors.len(), overview.recovery_codes_left), (1, 10));
        assert!(!factors.verify(claimant(&alice), Method::Totp, &code, &origin).await.unwrap(), "the code that set it up signed in too");

        let actions = app.texts("select action from audit where action like 'second_factor%' order by action").await;
        assert_eq!(actions, ["second_factor.enrolled", "second_factor.enrolment_begun", "second_factor.recovery_codes_made"]);
        let kept = app.texts("select details from audit union all select payload from outbox
                              union all select secret from app_factors union all select fingerprint from recovery_codes").await.join("\n");
        for secret in codes.shown().chain([new.secret.base32(), code]) {
            assert!(!kept.contains(&secret) && !kept.contains(&secret.replace('-', "")), "{secret} lies open in the store");
        }
        assert!(pick_up(app, "eml").await.iter().any(|letter| letter.contains("To: alice@example.com") && letter.contains("authenticator app")));
    }

    async fn a5_of_two_who_confirm_at_once_one_gets_recovery_codes(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (alice, origin) = (actor(app, "alice").await, Origin::default());
        let factors = &app.backend.second_factors;
        let new = factors.begin_enrolment(&alice, &origin).await.unwrap();
        let code = app_code(app, &new.secret);
        let outcomes = join_all((0..6).map(|_| factors.confirm_enrolment(&alice, &code, &origin))).await;
        assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Ok(Some(_)))).count(), 1);
        assert_eq!(app.count("select count(*) from recovery_codes").await, 10);
    }

    async fn a5_an_enrolment_that_took_an_hour_is_over(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let (alice, origin) = (actor(app, "alice").await, Origin::default());
        let factors = &app.backend.second_factors;
        let new = factors.begin_enrolment(&alice, &origin).await.unwrap();
        app.clock.advance(Duration::from_secs(3_600));
        let refusal = factors.confirm_enrolment(&alice, &app_code(app, &new.secret), &origin).await.unwrap_err();
        assert_eq!(refusal.told().message, "This set-up is no longer open. Begin again.");
        assert!(factors.pending_enrolment(&alice).await.unwrap().is_none());
        factors.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from app_enrolments").await, 0);
    }

    async fn auth_9c_of_parallel_submissions_of_one_code_exactly_one_is_accepted(app) {
        let (alice, secret, _) = with_app(app, "alice").await;
        let origin = Origin::default();
        for _ in 0..5 {
            app.clock.advance(Duration::from_secs(30));
            let code = app_code(app, &secret);
            let tries = (0..12).map(|_| app.backend.second_factors.verify(claimant(&alice), Method::Totp, &code, &origin));
            let accepted = join_all(tries).await.into_iter().map(Result::unwrap).filter(|accepted| *accepted).count();
            assert_eq!(accepted, 1);
        }
        assert_eq!(app.count("select count(*) from audit where action = 'second_factor.accepted'").await, 5);
    }

    async fn auth_9c_a_code_is_good_one_step_early_or_late_and_never_after_a_newer_one(app) {
        let (alice, secret, _) = with_app(app, "alice").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        app.clock.advance(Duration::from_secs(300));
        let now = app.clock.now();
        let code = |steps: i64| code_at(secret.bytes(), Timestamp::from_seconds(now.seconds() + 30 * steps));
        for wrong in [-2, 2] {
            assert!(!factors.verify(claimant(&alice), Method::Totp, &code(wrong), &origin).await.unwrap(), "{wrong} steps");
        }
        assert!(factors.verify(claimant(&alice), Method::Totp, &code(-1), &origin).await.unwrap());
        assert!(factors.verify(claimant(&alice), Method::Totp, &code(1), &origin).await.unwrap());
        for older in [-1, 0, 1] {
            assert!(!factors.verify(claimant(&alice), Method::Totp, &code(older), &origin).await.unwrap(), "{older} steps");
        }
    }

    async fn auth_10f_wrong_codes_are_refused_and_use_nothing_up(app) {
        let (alice, secret, recovery) = with_app(app, "alice").await;
        let (bob, bobs, bobs_recovery) = with_app(app, "bob").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        app.clock.advance(Duration::from_secs(60));
        let good = app_code(app, &secret);
        let other = app_code(app, &bobs);
        assert_ne!(good, other);
        let before = code_at(secret.bytes(), app.clock.now().before(Duration::from_secs(90)));
        let long = "1".repeat(1 << 20);
        for wrong in ["", " ", "abcdef", &good[1..], &format!("{good}0"), &format!("{good}\0"), &other, &before, &long, "'; drop table people; --"] {
            for method in Method::ALL {
                assert!(!factors.verify(claimant(&alice), method, wrong, &origin).await.unwrap(), "{method}: {wrong:.40}");
            }
        }
        let stolen = &bobs_recovery[0];
        assert!(!factors.verify(claimant(&alice), Method::Recovery, stolen, &origin).await.unwrap(), "bob's code opened alice's account");
        assert!(factors.verify(claimant(&alice), Method::Totp, &good, &origin).await.unwrap());
        assert!(factors.verify(claimant(&bob), Method::Recovery, stolen, &origin).await.unwrap());
        assert!(factors.verify(claimant(&alice), Method::Recovery, &recovery[0], &origin).await.unwrap());
    }

    async fn a5_a_secret_moved_to_another_row_opens_nothing(app) {
        let (alice, secret, _) = with_app(app, "alice").await;
        let (bob, ..) = with_app(app, "bob").await;
        let (from, to) = (alice.id(), bob.id());
        app.change(&format!("update app_factors set secret = (select secret from app_factors where person_id = '{from}') where person_id = '{to}'")
            .replace(&format!("'{from}'"), &literal(app, from)).replace(&format!("'{to}'"), &literal(app, to))).await;
        app.clock.advance(Duration::from_secs(60));
        let outcome = app.backend.second_factors.verify(claimant(&bob), Method::Totp, &app_code(app, &secret), &Origin::default()).await;
        let error = outcome.unwrap_err();
        assert!(error.to_string().contains("changed or belongs elsewhere"), "{error}");
        assert_eq!(error.told().message, Error::DIFFICULTIES);
    }

    async fn a5_the_old_app_works_until_the_new_one_has_shown_a_code(app) {
        let (alice, old, recovery) = with_app(app, "alice").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        let new = factors.begin_enrolment(&alice, &origin).await.unwrap();
        app.clock.advance(Duration::from_secs(60));
        assert!(factors.verify(claimant(&alice), Method::Totp, &app_code(app, &old), &origin).await.unwrap());
        let fresh = factors.confirm_enrolment(&alice, &app_code(app, &new.secret), &origin).await.unwrap();
        assert!(fresh.is_none(), "recovery codes that are still good were replaced");
        app.clock.advance(Duration::from_secs(60));
        assert!(!factors.verify(claimant(&alice), Method::Totp, &app_code(app, &old), &origin).await.unwrap());
        assert!(factors.verify(claimant(&alice), Method::Totp, &app_code(app, &new.secret), &origin).await.unwrap());
        assert!(factors.verify(claimant(&alice), Method::Recovery, &recovery[3], &origin).await.unwrap());
    }

    async fn a5_each_recovery_code_is_good_once_and_new_ones_void_the_old(app) {
        let (alice, _, recovery) = with_app(app, "alice").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        let typed = recovery[0].to_uppercase().replace('-', " ");
        let tries = (0..10).map(|_| factors.verify(claimant(&alice), Method::Recovery, &typed, &origin));
        let accepted = join_all(tries).await.into_iter().map(Result::unwrap).filter(|accepted| *accepted).count();
        assert_eq!(accepted, 1);
        assert_eq!(factors.overview(&alice).await.unwrap().recovery_codes_left, 9);
        assert_eq!(app.texts("select details from audit where action = 'second_factor.recovery_code_used'").await, ["{\"left\":9,\"method\":\"recovery\"}"]);

        let made = join_all((0..4).map(|_| factors.regenerate_recovery_codes(&alice, &origin))).await;
        assert_eq!(factors.overview(&alice).await.unwrap().recovery_codes_left, 10, "two sets of codes are good");
        assert!(!factors.verify(claimant(&alice), Method::Recovery, &recovery[1], &origin).await.unwrap(), "an old code still works");
        let mut good = 0;
        for codes in made {
            let code = codes.unwrap().shown().next().unwrap();
            good += u32::from(factors.verify(claimant(&alice), Method::Recovery, &code, &origin).await.unwrap());
        }
        assert_eq!(good, 1);
        assert!(pick_up(app, "eml").await.iter().any(|letter| letter.contains("recovery code was used")), "the owner was not told");
    }

    async fn a5_with_the_last_factor_its_recovery_codes_go_and_the_owner_is_told(app) {
        let (alice, _, recovery) = with_app(app, "alice").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        let nothing = factors.remove(&alice, Method::Email, false, &origin).await.unwrap_err();
        assert_eq!((nothing.told().status, nothing.told().message.as_str()), (404, "This way of confirming is not set up"));
        factors.remove(&alice, Method::Totp, false, &origin).await.unwrap();
        assert_eq!(factors.methods_of(claimant(&alice)).await.unwrap(), []);
        assert!(!factors.verify(claimant(&alice), Method::Recovery, &recovery[0], &origin).await.unwrap());
        assert_eq!(factors.regenerate_recovery_codes(&alice, &origin).await.unwrap_err().told().status, 409);
        assert!(pick_up(app, "eml").await.iter().any(|letter| letter.contains("was removed")), "the owner was not told");
        let who = app.texts("select actor_kind from audit where action = 'second_factor.removed'").await;
        assert_eq!(who, ["person"]);
    }

    async fn a5_of_two_removals_at_once_one_leaves_the_factor_that_is_needed(app) {
        for round in 0..5 {
            let alice = with_email_codes(app, &format!("alice{round}")).await;
            let (factors, origin) = (&app.backend.second_factors, Origin::default());
            let new = factors.begin_enrolment(&alice, &origin).await.unwrap();
            factors.confirm_enrolment(&alice, &app_code(app, &new.secret), &origin).await.unwrap();
            let (one, other) = tokio::join!(
                factors.remove(&alice, Method::Totp, true, &origin),
                factors.remove(&alice, Method::Email, true, &origin),
            );
            assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
            let refusal = one.and(other).unwrap_err();
            assert_eq!(refusal.told().message, "You need a second factor here. Set up another one before you remove this one.");
            assert_eq!(factors.overview(&alice).await.unwrap().factors.len(), 1);
            assert_eq!(factors.overview(&alice).await.unwrap().recovery_codes_left, 10);
        }
    }

    async fn a5_an_admin_takes_every_factor_from_someone_who_lost_them(app) {
        let (alice, ..) = with_app(app, "alice").await;
        app.add("root", "Root Admin", &["USER_ADMIN"]).await;
        let (admin, origin) = (actor(app, "root").await, Origin::default());
        let factors = &app.backend.second_factors;
        factors.begin_code_enrolment(&alice, Channel::Email, &origin).await.unwrap();
        factors.confirm_code_enrolment(&alice, Method::Email, &newest_code(app, "eml").await, &origin).await.unwrap();
        let permit = admin.permit(alice.id()).unwrap();
        factors.remove_all(&permit, &admin.at(&origin)).await.unwrap();
        assert_eq!(factors.methods_of(claimant(&alice)).await.unwrap(), []);
        assert_eq!(factors.remove_all(&permit, &admin.at(&origin)).await.unwrap_err().told().status, 409);
        let details = app.texts("select details from audit where action = 'second_factor.removed'").await;
        assert_eq!(details, ["{\"changes\":{\"second_factor\":{\"before\":[\"totp\",\"email\"]}}}"]);
        app.add("carl", "Carl Csr", &["CSR_REP"]).await;
        let refusal = actor(app, "carl").await.permit::<server::permit::RemoveSecondFactors>(alice.id()).unwrap_err();
        assert_eq!(refusal.told().status, 403);
    }

    async fn a5_an_app_from_the_command_line_is_good_at_once(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let alice = actor(app, "alice").await;
        let operator = Operator::of_this_machine();
        let person = app.backend.people.named(&operator, &Username::parse("alice").unwrap()).await.unwrap();
        let secret = AppSecret::parse("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        app.backend.second_factors.enrol_at_once(&operator, person.id, &secret, &Origin::operator()).await.unwrap();
        let code = app_code(app, &secret);
        assert!(app.backend.second_factors.verify(claimant(&alice), Method::Totp, &code, &Origin::default()).await.unwrap());
        assert_eq!(app.backend.second_factors.methods_of(claimant(&alice)).await.unwrap(), [Method::Totp]);
    }

    async fn a5_nothing_is_sent_to_someone_who_did_not_ask_for_it(app) {
        let (alice, ..) = with_app(app, "alice").await;
        app.do_jobs().await;
        for method in Method::ALL {
            let refusal = app.backend.second_factors.send_code(claimant(&alice), method, &Origin::default()).await.unwrap_err();
            assert_eq!(refusal.told().message, "This way of confirming is not set up", "{method}");
        }
        app.clock.advance(COOL_DOWN);
        assert_eq!(app.count("select count(*) from outbox where kind = 'code'").await, 0);
    }
}

/// How this engine writes an id into a statement.
fn literal(app: &server::testing::TestApp, id: domain::PersonId) -> String {
    match app.backend.ground.db.engine() {
        "sqlite" => format!("x'{}'", id.uuid().simple()),
        _ => format!("'{id}'"),
    }
}
