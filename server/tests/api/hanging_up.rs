//! Clients that hang up while their password or code is looked at: what was counted is a failure all the same, with its entry in
//! the trail and its letter.

use crate::{
    link_support::letters,
    second_factor_support::{MFA, app_code, challenge_of, with_app, wrong},
    support::{LOGIN, routes},
};
use serde_json::{Value, json};
use server::testing::TestApp;
use std::time::Duration;

const FAILED: &str = "select count(*) from audit where action = 'session.sign_in_failed'";
const LONG: Duration = Duration::from_secs(30);

/// Sends this and hangs up as soon as it is counted; nothing of it goes on but what goes on by itself.
async fn send_and_hang_up(app: &TestApp, path: &str, body: &Value, counted: &str) {
    let before = app.count(counted).await;
    let mut client = app.anyone();
    let mut asks = Box::pin(client.post_json(path, body));
    while app.count(counted).await == before {
        if futures::poll!(&mut asks).is_ready() {
            return;
        }
    }
}

async fn wait_for(app: &TestApp, sql: &str, number: i64) {
    let wait = async {
        while app.count(sql).await < number {
            tokio::task::yield_now().await;
        }
    };
    let outcome = tokio::time::timeout(LONG, wait).await;
    assert!(outcome.is_ok(), "not {number} but {}: {sql}", app.count(sql).await);
}

server::both_engines! { routes;
    async fn a13_whoever_hangs_up_has_failed_all_the_same(app) {
        app.add("alice", "Alice Ng", &["STAFF"]).await;
        let body = json!({ "identifier": "alice", "password": "wrong" });
        for number in 1..=5 {
            let counted = "select cast(coalesce(sum(number), 0) as bigint) from counts where key like 'account:%'";
            send_and_hang_up(app, LOGIN, &body, counted).await;
            wait_for(app, FAILED, number).await;
        }
        assert_eq!(app.count("select number from counts where key like 'address:%'").await, 5);
        assert_eq!(app.count("select count(*) from people where locked_until is not null").await, 1);
        assert_eq!(letters(app, "account_locked").await, 1, "the account was locked and nobody is told");
    }

    async fn a13_a_code_of_whoever_hangs_up_is_a_wrong_one_all_the_same(app) {
        let (_, secret, _) = with_app(app, "alice").await;
        let challenge = challenge_of(app, "alice").await;
        let code = wrong(&app_code(app, &secret));
        let body = json!({ "challenge": challenge, "method": "totp", "code": code });
        send_and_hang_up(app, MFA, &body, "select tries from pending_sign_ins").await;
        wait_for(app, FAILED, 1).await;
        assert_eq!(app.count("select number from counts where key like 'address:%'").await, 1);
    }
}
