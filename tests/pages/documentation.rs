//! `/api/docs`: what stands there can be copied and works, and every answer is shown.

use crate::support::{Page, open};
use countersign::serve::routes;
use domain::role::BUILT_IN;
use serde_json::Value;
use server::{
    permit::Operator,
    testing::{Engine, Reply, TestApp},
};
use std::time::Duration;

const SERVER: &str = "http://127.0.0.1:3000";

/// The file beside whoever copies the commands.
const PEOPLE: &str = "username,full_name,email,roles\nnew.one,New One,new.one@example.com,PIN\n";

/// What a shell would make of the variables that the first step keeps.
struct Kept {
    token: String,
    refresh_token: String,
    id: String,
    other: String,
}

fn between<'a>(text: &'a str, before: &str, after: char) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split(after).next().unwrap()
}

/// Does what a command of the page does, as far as `curl` and the shell would.
async fn run(app: &TestApp, command: &str, kept: Option<&Kept>) -> Reply {
    assert!(!command.contains('…'), "a gap is left: {command}");
    let mut command = command.to_owned();
    if let Some(Kept { token, refresh_token, id, other }) = kept {
        command = command
            .replace("'\"$REFRESH_TOKEN\"'", refresh_token)
            .replace("$TOKEN", token)
            .replace("$ID", id)
            .replace("$OTHER", other);
    }
    let method = between(&command, "-X ", ' ');
    let (_, after_method) = command.split_once(&format!("-X {method} ")).unwrap();
    let quote = after_method.chars().next().unwrap();
    let address = after_method[1..].split(quote).next().unwrap();
    let path = address.strip_prefix(SERVER).unwrap_or_else(|| panic!("{address} is elsewhere"));
    assert!(!path.contains(['$', '{']), "{path} is not whole");
    let mut client = app.anyone();
    client.bearer = command.contains("Bearer ").then(|| between(&command, "Bearer ", '"').to_owned());
    let body = command.split_once("-d '").map(|(_, rest)| rest.split('\'').next().unwrap().to_owned());
    let (kind, body) = match command.contains("--data-binary @people.csv") {
        true => ("text/csv", PEOPLE.to_owned()),
        false => ("application/json", body.unwrap_or_default()),
    };
    let request = client.request(method, path).header("content-type", kind);
    client.send(request.body(body.into()).unwrap()).await
}

async fn first_step(app: &TestApp, page: &Page) -> Kept {
    let reply = run(app, &page.texts("main pre")[0], None).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let body = reply.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut client = app.anyone();
    client.bearer = Some(text(&body["access_token"]));
    let newest = client.get("/api/v1/users?sort=-created_at&limit=1").await.json();
    Kept {
        other: text(&newest["items"][0]["id"]),
        token: text(&body["access_token"]),
        refresh_token: text(&body["refresh_token"]),
        id: text(&body["user"]["id"]),
    }
}

/// Requests that want what only another answer, a letter or its owner has, and how they are told that it is not that. Longer
/// addresses come before those that they begin with.
const WANT_MORE: [(&str, u16); 27] = [
    ("/api/v1/auth/mfa/code'", 401),
    ("/api/v1/auth/mfa/passkey'", 401),
    ("/api/v1/auth/mfa'", 401),
    ("/api/v1/auth/password/reset'", 410),
    ("/api/v1/auth/register'", 409),
    ("/api/v1/auth/step-up/code'", 404),
    ("/api/v1/auth/step-up/passkey'", 409),
    ("/api/v1/auth/step-up'", 401),
    ("-X PATCH 'http://127.0.0.1:3000/api/v1/account'", 400),
    ("-X DELETE \"http://127.0.0.1:3000/api/v1/account/api-keys/", 404),
    ("-X DELETE \"http://127.0.0.1:3000/api/v1/account/sessions/$ID", 404),
    ("/api/v1/account/password'", 422),
    ("-X GET 'http://127.0.0.1:3000/api/v1/account/email-change'", 404),
    ("-X DELETE 'http://127.0.0.1:3000/api/v1/account/email-change'", 404),
    ("/api/v1/account/email-change/confirm'", 410),
    ("/api/v1/account/email-change/approve'", 410),
    ("/api/v1/account/email-change/stop'", 410),
    ("/api/v1/users/import/$ID", 404),
    // The version alone changes nothing; and whoever joined last was not invited, and has neither keys nor a second factor.
    ("-X PUT \"http://127.0.0.1:3000/api/v1/users/$OTHER\"", 400),
    ("/api/v1/users/$OTHER/erase", 422),
    ("/api/v1/users/$OTHER/invitation", 409),
    ("/api/v1/users/$OTHER/second-factors", 409),
    ("/api/v1/users/$OTHER/api-keys/", 404),
    ("/api/v1/users/$OTHER/sessions/", 404),
    // The account of the page is no Super Admin's.
    ("-X POST 'http://127.0.0.1:3000/api/v1/roles", 403),
    ("-X PUT 'http://127.0.0.1:3000/api/v1/roles/", 403),
    ("-X DELETE 'http://127.0.0.1:3000/api/v1/roles/", 403),
];

#[tokio::test]
async fn t6_every_request_on_the_page_works_as_it_is_copied() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    app.backend.demo.load_company(&Operator::of_this_machine()).await.unwrap();
    let page = open(&mut app.anyone(), "/api/docs").await;
    let commands: Vec<String> =
        page.texts("main pre").into_iter().skip(1).filter(|text| text.starts_with("curl ")).collect();
    assert_eq!(
        commands.len(),
        page.texts("main details > summary > code.break-all").len(),
        "an operation has no request"
    );
    let mut wrong = Vec::new();
    for (number, command) in commands.into_iter().enumerate() {
        // Each with tokens of its own, and somebody of its own to try it on: some end what they were given.
        app.add(&format!("newest.{}", number), "Newest Person", &["PIN"]).await;
        let kept = first_step(&app, &page).await;
        // Five exports an hour are fewer than the page has.
        app.clock.advance(Duration::from_secs(720));
        let reply = run(&app, &command, Some(&kept)).await;
        let wants_more = WANT_MORE.iter().find(|(request, _)| command.contains(request));
        let is_right = wants_more.map_or(reply.status < 300, |(_, status)| reply.status == *status);
        if !is_right {
            wrong.push(format!("{command}\n{}: {}", reply.status, reply.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    app.finish().await;
}

#[tokio::test]
async fn t6_the_page_shows_answers_and_roles() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    let page = open(&mut app.anyone(), "/api/docs").await;
    for role in BUILT_IN {
        assert!(page.says(&format!("{} ({})", role.code, role.name)), "{} is not named", role.code);
    }
    for words in [
        "items[].roles[].code",
        "items[].last_login_at",
        "string (date-time) or null",
        "\"total_exact\": true",
        "\"error\": \"validation_error\"",
        "Incorrect email or password",
        "Rows in a page, 1 to 200; 50 if left out.",
        "created_at if left out",
        "YOUR_PASSWORD",
    ] {
        assert!(page.says(words), "{words} is not there");
    }
    let answers = page.texts("main details details summary code");
    for status in ["200", "400", "401", "403", "404", "422", "423", "429", "500", "503"] {
        assert!(answers.iter().any(|shown| shown == status), "{status} is not shown");
    }
    app.finish().await;
}

#[tokio::test]
async fn t6_an_installation_shows_no_accounts() {
    let app = TestApp::configured(Engine::Sqlite, |config| config.development = false, routes).await;
    app.backend.demo.load_company(&Operator::of_this_machine()).await.unwrap();
    let page = open(&mut app.anyone(), "/api/docs").await;
    for account in server::demo::accounts(app.data_dir()) {
        assert!(!page.words().contains(&account.password), "the password of {} is shown", account.username);
    }
    app.finish().await;
}
