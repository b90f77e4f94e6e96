//! Codes by e-mail and text message: good for five minutes, once, for one person and one purpose, and sealed on their way.

use crate::{
    second_factor_support::{actor, claimant, newest_code, pick_up, with_email_codes},
    support::routes,
};
use domain::{phone::PhoneNumber, second_factor::Method};
use futures::future::join_all;
use server::{
    Actor, Error, Origin,
    second_factor::{CODE_LASTS, COOL_DOWN, Channel},
    testing::{Engine, TestApp},
};
use std::time::Duration;

const MOMENT: Duration = Duration::from_millis(1);

/// Another code than this one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

server::both_engines! { routes;
    async fn a5_a_code_by_email_is_good_once(app) {
        let alice = with_email_codes(app, "alice").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        assert_eq!(factors.methods_of(claimant(&alice)).await.unwrap(), [Method::Email, Method::Recovery]);
        app.clock.advance(COOL_DOWN);
        let sent = factors.send_code(claimant(&alice), Method::Email, &origin).await.unwrap();
        assert_eq!(sent.to, "a…@example.com");
        assert_eq!((sent.good_until, sent.again_from), (app.clock.now().after(CODE_LASTS), app.clock.now().after(COOL_DOWN)));
        let code = newest_code(app, "eml").await;
        assert!(!factors.verify(claimant(&alice), Method::Email, &wrong(&code), &origin).await.unwrap());
        assert!(!factors.verify(claimant(&alice), Method::Sms, &code, &origin).await.unwrap());
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        assert!(factors.verify(claimant(&alice), Method::Email, &spaced, &origin).await.unwrap());
        assert!(!factors.verify(claimant(&alice), Method::Email, &code, &origin).await.unwrap(), "a used code works again");
    }

    async fn a5_of_parallel_submissions_of_one_sent_code_exactly_one_is_accepted(app) {
        let alice = with_email_codes(app, "alice").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        for _ in 0..5 {
            app.clock.advance(COOL_DOWN);
            factors.send_code(claimant(&alice), Method::Email, &origin).await.unwrap();
            let code = newest_code(app, "eml").await;
            let tries = (0..5).map(|_| factors.verify(claimant(&alice), Method::Email, &code, &origin));
            let accepted = join_all(tries).await.into_iter().map(Result::unwrap).filter(|accepted| *accepted).count();
            assert_eq!(accepted, 1);
        }
    }

    async fn a5_parallel_guesses_get_five_tries_in_all(app) {
        let alice = with_email_codes(app, "alice").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        app.clock.advance(COOL_DOWN);
        factors.send_code(claimant(&alice), Method::Email, &origin).await.unwrap();
        let code = newest_code(app, "eml").await;
        let guess = wrong(&code);
        let tries = join_all((0..20).map(|_| factors.verify(claimant(&alice), Method::Email, &guess, &origin))).await;
        assert!(tries.into_iter().all(|accepted| !accepted.unwrap()));
        assert_eq!(app.count("select tries from one_time_codes where occasion = 'sign_in'").await, 5);
        assert!(!factors.verify(claimant(&alice), Method::Email, &code, &origin).await.unwrap(), "a sixth try was allowed");
    }

    async fn a5_a_code_is_good_for_five_minutes(app) {
        let alice = with_email_codes(app, "alice").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        for (later, good) in [(CODE_LASTS - MOMENT, true), (CODE_LASTS, false)] {
            app.clock.advance(COOL_DOWN);
            factors.send_code(claimant(&alice), Method::Email, &origin).await.unwrap();
            let code = newest_code(app, "eml").await;
            app.clock.advance(later);
            assert_eq!(factors.verify(claimant(&alice), Method::Email, &code, &origin).await.unwrap(), good, "{later:?}");
        }
    }

    async fn a5_another_code_can_be_had_after_a_minute_and_voids_the_one_before(app) {
        let alice = with_email_codes(app, "alice").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        app.clock.advance(COOL_DOWN);
        let sent = join_all((0..8).map(|_| factors.send_code(claimant(&alice), Method::Email, &origin))).await;
        assert_eq!(sent.iter().filter(|outcome| outcome.is_ok()).count(), 1, "several codes were sent at once");
        let first = newest_code(app, "eml").await;
        app.clock.advance(COOL_DOWN - Duration::from_secs(1));
        let refusal = factors.send_code(claimant(&alice), Method::Email, &origin).await.unwrap_err();
        assert!(matches!(refusal, Error::TooMany { retry_after } if retry_after == Duration::from_secs(1)), "{refusal}");
        app.clock.advance(Duration::from_secs(1));
        factors.send_code(claimant(&alice), Method::Email, &origin).await.unwrap();
        let second = newest_code(app, "eml").await;
        assert_ne!(first, second);
        assert!(!factors.verify(claimant(&alice), Method::Email, &first, &origin).await.unwrap(), "the old code still works");
        assert!(factors.verify(claimant(&alice), Method::Email, &second, &origin).await.unwrap());
        let refusal = factors.send_code(claimant(&alice), Method::Email, &origin).await.unwrap_err();
        assert_eq!(refusal.told().status, 429, "using a code ended the cool-down");
    }

    async fn a5_a_code_belongs_to_one_person_one_purpose_and_one_address(app) {
        let alice = with_email_codes(app, "alice").await;
        let bob = with_email_codes(app, "bob").await;
        let (factors, origin) = (&app.backend.second_factors, Origin::default());
        app.clock.advance(COOL_DOWN);
        factors.send_code(claimant(&alice), Method::Email, &origin).await.unwrap();
        let alices = newest_code(app, "eml").await;
        app.clock.advance(COOL_DOWN);
        factors.send_code(claimant(&bob), Method::Email, &origin).await.unwrap();
        assert!(!factors.verify(claimant(&bob), Method::Email, &alices, &origin).await.unwrap());
        assert!(factors.confirm_code_enrolment(&alice, Method::Email, &alices, &origin).await.is_err(), "a code for signing in set a factor up");
        app.change("update people set email = 'new@example.com' where username = 'alice'").await;
        assert!(!factors.verify(claimant(&alice), Method::Email, &alices, &origin).await.unwrap(), "a code outlived its address");
    }

    async fn a5_a_code_lies_nowhere_in_the_open(app) {
        let alice = with_email_codes(app, "alice").await;
        app.clock.advance(COOL_DOWN);
        app.backend.second_factors.send_code(claimant(&alice), Method::Email, &Origin::default()).await.unwrap();
        let waiting = app.texts("select payload from outbox where kind = 'code' and state = 'waiting'").await;
        assert!(waiting.len() == 1 && !waiting[0].contains("alice@"), "{waiting:?}");
        let code = newest_code(app, "eml").await;
        let kept = app.texts("select payload from outbox where kind = 'code' union all select fingerprint from one_time_codes
                              union all select details from audit").await;
        assert!(kept.iter().all(|text| !text.contains(&format!("\"{code}\"")) && *text != code), "{kept:?}");
    }

    async fn a5_a_code_that_comes_too_late_is_not_sent_at_all(app) {
        let alice = with_email_codes(app, "alice").await;
        app.do_jobs().await;
        app.clock.advance(COOL_DOWN);
        app.backend.second_factors.send_code(claimant(&alice), Method::Email, &Origin::default()).await.unwrap();
        app.clock.advance(CODE_LASTS);
        app.do_jobs().await;
        assert_eq!(app.texts("select last_error from outbox where state = 'dead'").await, ["the code expired before it could be sent"]);
        // The dead letter is what this test is about.
        app.change("delete from outbox where state = 'dead'").await;
    }

    async fn a5_a_phone_number_is_enrolled_with_the_code_that_it_gets(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let (alice, origin) = (actor(app, "alice").await, Origin::default());
        let factors = &app.backend.second_factors;
        let channel = || Channel::Sms(PhoneNumber::parse("+43 660 1234567").unwrap());
        let sent = factors.begin_code_enrolment(&alice, channel(), &origin).await.unwrap();
        assert_eq!(sent.to, "…67");
        assert_eq!(factors.methods_of(claimant(&alice)).await.unwrap(), []);
        let code = newest_code(app, "sms.txt").await;
        assert!(!factors.verify(claimant(&alice), Method::Sms, &code, &origin).await.unwrap(), "a code for setting up signed in");
        assert!(factors.confirm_code_enrolment(&alice, Method::Sms, &wrong(&code), &origin).await.is_err());
        let codes = factors.confirm_code_enrolment(&alice, Method::Sms, &code, &origin).await.unwrap();
        assert_eq!(codes.unwrap().shown().count(), 10);
        assert!(factors.confirm_code_enrolment(&alice, Method::Sms, &code, &origin).await.is_err(), "one code set up two");
        let overview = factors.overview(&alice).await.unwrap();
        assert_eq!((overview.factors[0].method, overview.factors[0].hint.as_deref()), (Method::Sms, Some("…67")));

        app.clock.advance(COOL_DOWN);
        factors.send_code(claimant(&alice), Method::Sms, &origin).await.unwrap();
        let message = pick_up(app, "sms.txt").await.pop().unwrap();
        assert!(message.starts_with("To: +436601234567\n\n") && message.contains("is your Countersign code. It is good for 5 minutes."), "{message}");
        let code = newest_code(app, "sms.txt").await;
        assert!(factors.verify(claimant(&alice), Method::Sms, &code, &origin).await.unwrap());
        let kept = app.texts("select target from code_factors union all select target from one_time_codes
                              union all select payload from outbox union all select details from audit").await;
        assert!(kept.iter().all(|text| !text.contains("6601234567")), "{kept:?}");
    }

    async fn a5_so_many_text_messages_are_sent_to_one_person_and_one_number(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        app.add("bruno", "Bruno Sá", &["STAFF"]).await;
        let (alice, bruno) = (actor(app, "alice").await, actor(app, "bruno").await);
        let origin = Origin::default();
        let send = async |who: &Actor, number: &str| {
            let channel = Channel::Sms(PhoneNumber::parse(number).unwrap());
            let outcome = app.backend.second_factors.begin_code_enrolment(who, channel, &origin).await;
            app.do_jobs().await;
            outcome
        };
        let (hour, mine, another) = (Duration::from_secs(3600), "+436601234567", "+436607654321");
        // By the hour to the number of somebody who types it again and again, under whichever account.
        for number in [mine, another].repeat(3) {
            send(&alice, number).await.unwrap();
            app.clock.advance(COOL_DOWN);
        }
        let refusal = send(&alice, "+436600000000").await.unwrap_err();
        assert!(matches!(refusal, Error::TooMany { retry_after } if retry_after == hour - 6 * COOL_DOWN), "{refusal}");
        for _ in 0..3 {
            send(&bruno, mine).await.unwrap();
            app.clock.advance(COOL_DOWN);
        }
        assert!(matches!(send(&bruno, mine).await, Err(Error::TooMany { .. })), "a number got a seventh message");
        send(&bruno, "+436600000000").await.unwrap();
        // By the day, which upkeep does not forget.
        for _ in 0..2 {
            app.clock.advance(2 * hour);
            app.backend.lockout.forget_old().await.unwrap();
            for _ in 0..6 {
                send(&alice, another).await.unwrap();
                app.clock.advance(COOL_DOWN);
            }
        }
        app.clock.advance(2 * hour);
        for number in ["+436600000001", "+436600000002"] {
            send(&alice, number).await.unwrap();
            app.clock.advance(COOL_DOWN);
        }
        let refusal = send(&alice, "+436600000003").await.unwrap_err();
        assert!(matches!(refusal, Error::TooMany { retry_after } if retry_after > 12 * hour), "{refusal}");
        app.clock.advance(24 * hour);
        send(&alice, mine).await.unwrap();
    }

    async fn a5_codes_that_expired_a_day_ago_are_forgotten(app) {
        let _alice = with_email_codes(app, "alice").await;
        app.clock.advance(CODE_LASTS + Duration::from_secs(86_400) - MOMENT);
        app.backend.second_factors.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from one_time_codes").await, 1);
        app.clock.advance(MOMENT);
        app.backend.second_factors.forget_expired().await.unwrap();
        assert_eq!(app.count("select count(*) from one_time_codes").await, 0);
    }
}

#[tokio::test]
async fn a5_text_messages_are_offered_only_where_they_can_leave() {
    let app = TestApp::configured(Engine::Sqlite, |config| config.development = false, routes).await;
    app.add("alice", "Alice Ng", &["STAFF"]).await;
    let (alice, origin) = (actor(&app, "alice").await, Origin::default());
    let factors = &app.backend.second_factors;
    assert!(!factors.overview(&alice).await.unwrap().offers_sms);
    let channel = Channel::Sms(PhoneNumber::parse("+436601234567").unwrap());
    let refusal = factors.begin_code_enrolment(&alice, channel, &origin).await.unwrap_err();
    assert_eq!(refusal.told().message, "Text messages cannot be sent from here. Choose another way.");
    app.finish().await;
}
