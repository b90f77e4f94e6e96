//! UC-AUTH-001 10f and A-2b: wrong codes, guessed one after the other, at the same moment, and over many sign-ins.

use crate::{
    second_factor_support::{MFA, app_code, challenge_of, next_code, pick_up, show, with_app, wrong},
    support::{LOGIN, ME, log_in, problem, routes},
};
use futures::future::join_all;
use serde_json::json;
use server::{
    Origin,
    config::Config,
    identity::PasswordChange,
    testing::{Agent, PASSWORD, Reply, TestApp},
};
use std::time::Duration;

const WRONG: &str = "Invalid verification code. Please try again.";
const TOO_MANY: &str = "Too many failed verification attempts. Please log in again.";
const NEW: &str = "a walk in the mountains";
const MINUTE: Duration = Duration::from_secs(60);

/// Signs in with the password and sends two wrong codes.
async fn guess_twice(app: &TestApp, username: &str, wrong: &str) {
    let challenge = challenge_of(app, username).await;
    for _ in 0..2 {
        problem(&show(app, &challenge, "totp", wrong).await, 401);
    }
}

/// The same where the second may meet the pause.
async fn guess_twice_or_less(app: &TestApp, username: &str, wrong: &str) {
    let challenge = challenge_of(app, username).await;
    for _ in 0..2 {
        show(app, &challenge, "totp", wrong).await;
    }
}

server::both_engines! { routes;
    async fn auth_10f_12f_a_wrong_code_is_told_so(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        let code = next_code(app, &secret);
        let reply = show(app, &challenge, "totp", &wrong(&code)).await;
        assert_eq!(problem(&reply, 401), ("invalid_code".into(), WRONG.into()));
        assert_eq!(show(app, &challenge, "totp", &code).await.status, 200, "the attempt ended too early");
    }

    async fn auth_10f_what_can_be_no_code_is_a_wrong_one(app) {
        let (_, secret, codes) = with_app(app, "alice").await;
        let (_, others, other_codes) = with_app(app, "bob").await;
        let good = next_code(app, &secret);
        let long = "1".repeat(100_000);
        let zero_width = format!("{}\u{200b}", &good[..5]);
        for (method, typed) in [
            ("totp", "12345"), ("totp", "1234567"), ("totp", "abcdef"), ("totp", "１２３４５６"), ("totp", "\0\0\0\0\0\0"), ("totp", &long),
            ("totp", &zero_width), ("totp", &app_code(app, &others)), ("totp", &codes[0]), ("recovery", &good),
            ("recovery", &other_codes[0]), ("recovery", "7kq2m"), ("email", &good), ("sms", "123456"),
        ] {
            let challenge = challenge_of(app, "alice").await;
            let reply = show(app, &challenge, method, typed).await;
            assert_eq!(problem(&reply, 401), ("invalid_code".into(), WRONG.into()), "{method} {typed:.20}");
            // Forgiven, so that only this one is judged.
            app.change("delete from counts where key like 'codes:%'").await;
        }
    }

    async fn auth_10f_14f_the_third_wrong_code_ends_the_attempt(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        let code = next_code(app, &secret);
        let mut told = Vec::new();
        for _ in 0..4 {
            told.push(problem(&show(app, &challenge, "totp", &wrong(&code)).await, 401).1);
        }
        assert_eq!(told, [WRONG, WRONG, TOO_MANY, TOO_MANY]);
        assert_eq!(problem(&show(app, &challenge, "totp", &code).await, 401).1, TOO_MANY, "a right code came in as the fifth");
        let failed = app.texts("select details from audit where action = 'session.sign_in_failed' order by at, id").await;
        let wrong_ones = failed.iter().filter(|details| details.contains("\"wrong code\"")).count();
        assert_eq!((wrong_ones, failed.len()), (3, 5), "three were looked at, and every one is in the trail: {failed:?}");
        let told = app.texts("select details from audit").await;
        assert!(told.iter().all(|details| !details.contains(&code) && !details.contains(&wrong(&code))), "a code stands in the trail");
        let again = challenge_of(app, "alice").await;
        assert_eq!(show(app, &again, "totp", &code).await.status, 200);
    }

    async fn auth_10f_13f_codes_are_counted_apart_from_passwords(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let code = wrong(&app_code(app, &secret));
        guess_twice(app, "alice", &code).await;
        assert_eq!(app.texts("select key from counts").await.iter().filter(|key| key.starts_with("name:") || key.starts_with("account:")).count(), 0);
        for _ in 0..4 {
            log_in(app, "alice", "wrong").await;
        }
        // Four wrong passwords and two wrong codes lock nothing.
        challenge_of(app, "alice").await;
        assert_eq!(app.count("select count(*) from people where locked_until is not null").await, 0);
    }

    async fn a2b_parallel_guesses_never_exceed_three(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        let code = wrong(&app_code(app, &secret));
        let replies = join_all((0..20).map(|_| show(app, &challenge, "totp", &code))).await;
        let looked_at = "select count(*) from audit where action = 'session.sign_in_failed' and details like '%wrong code\"%'";
        assert_eq!(app.count(looked_at).await, 3);
        assert_eq!(replies.iter().filter(|reply| problem(reply, 401).1 == WRONG).count(), 2);
        assert_eq!(app.count("select tries from pending_sign_ins").await, 3);
        assert_eq!(app.count("select number from counts where key like 'codes:%'").await, 3);
    }

    async fn auth_9c_of_two_who_send_one_code_at_the_same_moment_one_is_let_in(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        let code = next_code(app, &secret);
        let sessions = app.count("select count(*) from sessions").await;
        let replies = join_all((0..2).map(|_| show(app, &challenge, "totp", &code))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
        assert_eq!(app.count("select count(*) from sessions").await, sessions + 1);
    }

    async fn auth_9c_two_good_codes_of_one_sign_in_open_one_session(app) {
        let (_, secret, codes) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        let code = next_code(app, &secret);
        let sessions = app.count("select count(*) from sessions").await;
        let shown = [("totp", code.as_str()), ("recovery", &codes[0]), ("recovery", &codes[1])];
        let replies = join_all(shown.map(|(method, code)| show(app, &challenge, method, code))).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
        assert_eq!(app.count("select count(*) from sessions").await, sessions + 1);
    }

    async fn a2b_whoever_knows_the_password_does_not_guess_codes_without_end(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        app.add("bruno", "Bruno Sá", &["STAFF"]).await;
        let mut bruno = app.client_of("bruno").await;
        let mut alice = app.anyone();
        let reply = show(app, &challenge_of(app, "alice").await, "totp", &next_code(app, &secret)).await.json();
        alice.bearer = Some(reply["access_token"].as_str().unwrap().to_owned());

        let code = wrong(&app_code(app, &secret));
        guess_twice(app, "alice", &code).await;
        guess_twice(app, "alice", &code).await;
        let last = challenge_of(app, "alice").await;
        problem(&show(app, &last, "totp", &code).await, 401);
        // The right code is not looked at either, in this sign-in and in the next.
        for challenge in [last, challenge_of(app, "alice").await] {
            let reply = show(app, &challenge, "totp", &next_code(app, &secret)).await;
            let (error, message) = problem(&reply, 429);
            assert_eq!(error, "codes_paused");
            assert!(message.starts_with("Too many failed verification attempts. Try again in 1"), "{message}");
            assert!(reply.header("retry-after").parse::<u64>().unwrap() > 800, "{}", reply.header("retry-after"));
        }
        // Open sessions and everybody else go on.
        assert_eq!((alice.get(ME).await.status, bruno.get(ME).await.status), (200, 200));
        assert_eq!(log_in(app, "bruno", PASSWORD).await.status, 200);
        let letters = pick_up(app, "eml").await;
        let told = letters.iter().filter(|letter| letter.contains("Somebody may know your password")).count();
        assert_eq!(told, 1, "the owner is told once");

        // It opens by itself; the next five lead to a pause twice as long, of which nobody is told again.
        app.clock.advance(15 * MINUTE);
        guess_twice(app, "alice", &code).await;
        guess_twice(app, "alice", &code).await;
        problem(&show(app, &challenge_of(app, "alice").await, "totp", &code).await, 401);
        app.clock.advance(16 * MINUTE);
        let early = show(app, &challenge_of(app, "alice").await, "totp", &app_code(app, &secret)).await;
        assert_eq!(problem(&early, 429).0, "codes_paused");
        app.clock.advance(15 * MINUTE);
        let reply = show(app, &challenge_of(app, "alice").await, "totp", &app_code(app, &secret)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(app.count("select count(*) from counts where key like 'codes:%'").await, 0);
        assert_eq!(app.count("select count(*) from audit where action = 'person.codes_paused'").await, 1);
    }

    async fn a2b_another_password_opens_the_pause(app) {
        let (alice, secret, _) = with_app(app, "alice").await;
        let code = wrong(&app_code(app, &secret));
        for _ in 0..3 {
            guess_twice_or_less(app, "alice", &code).await;
        }
        for _ in 0..5 {
            log_in(app, "alice", "wrong").await;
        }
        assert_eq!(log_in(app, "alice", PASSWORD).await.status, 423);
        let change = PasswordChange { current: PASSWORD.into(), new: NEW.into() };
        app.backend.identity.change_password(&alice, change, &Origin::default()).await.unwrap();
        assert_eq!(app.count("select count(*) from people where locked_until is not null").await, 0);
        let reply = log_in(app, "alice", NEW).await;
        assert_eq!(problem(&reply, 401).0, "mfa_required", "the lock goes on");
        let challenge = reply.json()["challenge"].as_str().unwrap().to_owned();
        let reply = show(app, &challenge, "totp", &next_code(app, &secret)).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    }

    async fn a2b_a_pause_at_the_sign_in_holds_up_nobody_who_is_in(app) {
        let (_, secret, codes) = with_app(app, "alice").await;
        let mut alice = app.anyone();
        let reply = show(app, &challenge_of(app, "alice").await, "recovery", &codes[0]).await.json();
        alice.bearer = Some(reply["access_token"].as_str().unwrap().to_owned());
        let code = wrong(&app_code(app, &secret));
        for _ in 0..3 {
            guess_twice_or_less(app, "alice", &code).await;
        }
        let outside = show(app, &challenge_of(app, "alice").await, "totp", &next_code(app, &secret)).await;
        assert_eq!(problem(&outside, 429).0, "codes_paused");
        let inside = alice.post_json("/api/v1/auth/step-up", &json!({ "method": "totp", "code": app_code(app, &secret) })).await;
        assert_eq!(inside.status, 200, "{}", inside.body);
    }
}

/// Believes what a proxy on this machine says of addresses.
fn behind_a_proxy(config: &mut Config) {
    config.security.trusted_proxies.push("127.0.0.1".parse().unwrap());
}

fn client_at(app: &TestApp, ip: &str) -> Agent {
    let mut client = app.anyone();
    client.headers.push(("x-forwarded-for".into(), ip.into()));
    client
}

async fn show_from(client: &mut Agent, challenge: &str, method: &str, code: &str) -> Reply {
    client.post_json(MFA, &json!({ "challenge": challenge, "method": method, "code": code })).await
}

/// Wrong passwords for names that nobody has.
async fn fail_from(client: &mut Agent, times: usize) {
    for number in 0..times {
        let body = json!({ "identifier": format!("guess{number}"), "password": "wrong" });
        problem(&client.post_json(LOGIN, &body).await, 401);
    }
}

/// What is counted for an address.
async fn failures_of(app: &TestApp, ip: &str) -> i64 {
    app.count(&format!("select coalesce(max(number), 0) from counts where key = 'address:{ip}'")).await
}

mod from_one_address {
    use super::*;

    server::both_engines! { routes, behind_a_proxy;
        async fn a4_wrong_codes_count_towards_the_failures_of_an_address(app) {
            let (_, secret, codes) = with_app(app, "alice").await;
            app.add("bruno", "Bruno Sá", &["STAFF"]).await;
            let (mut guesser, mut owner) = (client_at(app, "192.0.2.7"), client_at(app, "192.0.2.8"));
            let challenge = challenge_of(app, "alice").await;
            fail_from(&mut guesser, 18).await;
            let code = wrong(&app_code(app, &secret));
            for _ in 0..2 {
                assert_eq!(problem(&show_from(&mut guesser, &challenge, "totp", &code).await, 401).0, "invalid_code");
            }
            assert_eq!(failures_of(app, "192.0.2.7").await, 20);

            // From there neither a right code nor a right password is looked at, of anybody, and nothing more is counted.
            let right = next_code(app, &secret);
            for (method, code) in [("totp", &right), ("recovery", &codes[0])] {
                let blocked = show_from(&mut guesser, &challenge, method, code).await;
                assert_eq!(problem(&blocked, 429).0, "too_many_failures");
                assert!(blocked.header("retry-after").parse::<u64>().unwrap() > 3_500, "{}", blocked.header("retry-after"));
            }
            let blocked = guesser.post_json(LOGIN, &json!({ "identifier": "bruno", "password": PASSWORD })).await;
            assert_eq!(problem(&blocked, 429).0, "too_many_failures");
            assert_eq!(app.count("select tries from pending_sign_ins").await, 2, "what was not looked at cost a try");
            assert_eq!(app.count("select number from counts where key like 'codes:%'").await, 2);
            // The owner elsewhere is let in with that very code.
            assert_eq!(show_from(&mut owner, &challenge, "totp", &right).await.status, 200);
            assert_eq!(failures_of(app, "192.0.2.8").await, 0);

            app.clock.advance(60 * MINUTE);
            let challenge = challenge_of(app, "alice").await;
            assert_eq!(show_from(&mut guesser, &challenge, "totp", &app_code(app, &secret)).await.status, 200, "the block does not end");
        }

        async fn a2b_failures_from_an_address_hold_up_nobody_who_is_in(app) {
            let (_, secret, _) = with_app(app, "alice").await;
            let mut client = client_at(app, "192.0.2.7");
            let reply = show_from(&mut client, &challenge_of(app, "alice").await, "totp", &next_code(app, &secret)).await;
            client.bearer = Some(reply.json()["access_token"].as_str().unwrap().to_owned());
            fail_from(&mut client_at(app, "192.0.2.7"), 19).await;
            let code = wrong(&app_code(app, &secret));
            let step_up = "/api/v1/auth/step-up";
            problem(&client.post_json(step_up, &json!({ "method": "totp", "code": code })).await, 401);
            assert_eq!(failures_of(app, "192.0.2.7").await, 20);
            let outside = client_at(app, "192.0.2.7").post_json(LOGIN, &json!({ "identifier": "alice", "password": PASSWORD })).await;
            assert_eq!(problem(&outside, 429).0, "too_many_failures");
            let right = next_code(app, &secret);
            let inside = client.post_json(step_up, &json!({ "method": "totp", "code": right })).await;
            assert_eq!(inside.status, 200, "{}", inside.body);
        }

        async fn a4_no_wrong_code_is_lost_to_the_count_of_its_address(app) {
            let mut challenges = Vec::new();
            for username in ["alice", "bruno", "chloe", "dalia"] {
                let (_, secret, _) = with_app(app, username).await;
                challenges.push((challenge_of(app, username).await, wrong(&app_code(app, &secret))));
            }
            let guesses = challenges.iter().flat_map(|guess| [guess; 5]).map(|(challenge, code)| async move {
                show_from(&mut client_at(app, "192.0.2.7"), challenge, "totp", code).await
            });
            for reply in join_all(guesses).await {
                problem(&reply, 401);
            }
            // Three of each sign-in were looked at.
            assert_eq!(failures_of(app, "192.0.2.7").await, 12);
        }
    }
}
