//! Whoever asks is judged before what they sent: every route of the table with ids that are none, a query that it does not take
//! and a body that is no JSON.

use crate::{
    rights::{Row, roles, rows},
    support::{problem, routes},
};
use axum::{body::Body, http::header};
use server::testing::{Agent, Reply};

/// Neither is an id or the code of a role; the second is not even text.
const NO_NAMES: [&str; 2] = ["not%20one", "%FF"];

/// The route, with everything wrong that can be.
async fn ask_wrongly(client: &mut Agent, row: &Row, name: &str) -> Reply {
    let parts = row.path.split('/').map(|part| if part.starts_with('{') { name } else { part });
    let path = parts.collect::<Vec<_>>().join("/");
    let request = client
        .request(&row.method, &format!("{path}?nonsense=1&nonsense=2"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{\"x\":"))
        .unwrap();
    client.send(request).await
}

/// The rows that anonymous callers are refused, while somebody is not. Where nobody has a token that is good, it is another one
/// than that of a session.
fn rows_with_a_session() -> Vec<Row> {
    let needs_one = |row: &Row| row.expected[0] == 401 && row.expected.iter().any(|status| *status != 401);
    rows().into_iter().filter(|row| needs_one(row) && !row.path.contains(':')).collect()
}

/// Asks all of these wrongly and checks that each answer is this one.
async fn all_answered(client: &mut Agent, rows: &[Row], status: u16, as_whom: &str) {
    assert!(!rows.is_empty(), "{as_whom} is answered {status} nowhere");
    for row in rows {
        for name in NO_NAMES {
            let reply = ask_wrongly(client, row, name).await;
            let asked = format!("{} {} with {name} as {as_whom}", row.method, row.path);
            assert_eq!(reply.status, status, "{asked}: {}", reply.body);
            problem(&reply, status);
        }
    }
}

server::both_engines! { routes, |config: &mut server::config::Config| config.limits.export_per_hour = 1_000;
    async fn r4_without_a_session_one_is_told_that_whatever_was_sent(app) {
        all_answered(&mut app.anyone(), &rows_with_a_session(), 401, "nobody").await;
    }

    async fn r4_the_suspended_are_told_that_whatever_was_sent(app) {
        app.add("root", "Root Admin", &["SUPER_ADMIN"]).await;
        let mut root = app.client_of("root").await;
        app.change("update people set status = 'suspended'").await;
        all_answered(&mut root, &rows_with_a_session(), 401, "somebody suspended").await;
    }

    async fn r4_the_wrong_role_is_told_that_whatever_was_sent(app) {
        for (column, role) in roles().iter().enumerate().skip(1) {
            app.add(&role.to_lowercase(), "Test Person", &[role.as_str()]).await;
            let mut client = app.client_of(&role.to_lowercase()).await;
            let refused = |row: &Row| row.expected[column] == 403;
            let rows: Vec<Row> = rows_with_a_session().into_iter().filter(refused).collect();
            if role != "SUPER_ADMIN" {
                all_answered(&mut client, &rows, 403, role).await;
            }
        }
    }
}
