//! Bodies that no honest client sends: each gets a clean refusal that says what is wrong and repeats nothing.

use crate::support::{LOGIN, log_in, problem, routes, wrong_field};
use serde_json::json;
use server::testing::{Agent, PASSWORD, Reply};

const JSON: &str = "application/json";

async fn send(visitor: &mut Agent, content_type: &str, body: impl Into<axum::body::Body>) -> Reply {
    visitor.post_raw(LOGIN, content_type, body).await
}

server::both_engines! { routes;
    async fn bodies_that_cannot_be_read_are_refused_as_malformed(app) {
        let deep = "[".repeat(100_000);
        for body in [
            "", " ", "null", "[]", "\"text\"", "{", "{\"identifier\":", "{\"identifier\":\"a\",\"password\":\"b\"", "{}{}", "\u{FEFF}{}",
            "{\"identifier\":\"\\ud800\",\"password\":\"b\"}", deep.as_str(),
        ] {
            let reply = send(&mut app.anyone(), JSON, body.to_owned()).await;
            let shown: String = body.chars().take(40).collect();
            assert!(matches!(reply.status, 400 | 422), "{shown:?} was answered with {}: {}", reply.status, reply.body);
            problem(&reply, reply.status);
        }
        let not_text = send(&mut app.anyone(), JSON, vec![b'"', 0xff, 0xfe, b'"']).await;
        problem(&not_text, 400);
    }

    async fn fields_that_are_unknown_doubled_or_of_another_type_are_refused(app) {
        for body in [
            r#"{"identifier":"a","password":"b","admin":true}"#,
            r#"{"identifier":"a","identifier":"c","password":"b"}"#,
            r#"{"identifier":"a","username":"a","password":"b"}"#,
            r#"{"identifier":"a","password":"b","password":"c"}"#,
            r#"{"identifier":1,"password":"b"}"#,
            r#"{"identifier":"a","password":["b"]}"#,
            r#"{"identifier":"a","password":null}"#,
            r#"{"identifier":{"$ne":""},"password":"b"}"#,
            r#"{"identifier":"a","password":"b","role":7}"#,
        ] {
            let reply = send(&mut app.anyone(), JSON, body).await;
            assert!(matches!(reply.status, 400 | 422), "{body} was answered with {}: {}", reply.status, reply.body);
            problem(&reply, reply.status);
        }
    }

    async fn u5b_a_missing_field_is_named(app) {
        wrong_field(&send(&mut app.anyone(), JSON, r#"{"identifier":"alice","password":""}"#).await, "password");
        wrong_field(&send(&mut app.anyone(), JSON, r#"{"identifier":" ","password":"b"}"#).await, "identifier");
        wrong_field(&send(&mut app.anyone(), JSON, r#"{"identifier":"alice"}"#).await, "password");
        wrong_field(&send(&mut app.anyone(), JSON, r#"{"password":"b"}"#).await, "identifier");
    }

    async fn u5b_a_role_that_cannot_be_one_is_a_wrong_field(app) {
        for role in ["", "'; drop table people; --", "Ä", &"A".repeat(5_000)] {
            let body = json!({ "identifier": "alice", "password": "b", "role": role });
            wrong_field(&app.anyone().post_json(LOGIN, &body).await, "role");
        }
    }

    async fn another_content_type_is_refused(app) {
        for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "nonsense", "application/xml"] {
            let reply = send(&mut app.anyone(), content_type, r#"{"identifier":"a","password":"b"}"#).await;
            assert!(matches!(reply.status, 400 | 415), "{content_type}: {}", reply.status);
            problem(&reply, reply.status);
        }
    }

    async fn a13_a_password_of_the_wrong_type_is_not_repeated(app) {
        let reply = send(&mut app.anyone(), JSON, r#"{"identifier":"alice","password":4815162342}"#).await;
        assert!(!reply.body.contains("4815162342"), "the answer repeats the password: {}", reply.body);
        let reply = send(&mut app.anyone(), JSON, r#"{"identifier":"alice","secret-4815162342":"b"}"#).await;
        assert!(!reply.body.contains("4815162342"), "the answer repeats what was sent: {}", reply.body);
    }

    async fn characters_that_cannot_be_seen_find_nobody_and_break_nothing(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for identifier in ["\u{0}", "ali\u{0}ce", "alice\u{0}", "\u{1b}[31malice", "ali\nce", "alice\u{7f}"] {
            wrong_field(&log_in(app, identifier, PASSWORD).await, "identifier");
        }
        for identifier in ["ali\u{200B}ce", "\u{202E}ecila", "a\u{0301}lice", "аlice", "alice\u{00AD}", "%", "_____", "' or 1=1 --", "\u{10FFFF}"] {
            problem(&log_in(app, identifier, PASSWORD).await, 401);
        }
        for password in ["\u{0}", "nul\u{0}inside", "\u{200B}", "\u{10FFFF}", "🗝️🗝️🗝️"] {
            problem(&log_in(app, "alice", password).await, 401);
            // The right one takes the count of failures back.
            assert_eq!(log_in(app, "alice", PASSWORD).await.status, 200);
        }
        wrong_field(&log_in(app, &"a".repeat(255), PASSWORD).await, "identifier");
        problem(&log_in(app, &"a".repeat(254), PASSWORD).await, 401);
    }

    async fn a_forged_query_is_never_a_fault_of_ours(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut client = app.client_of("alice").await;
        for path in [
            "/api/v1/users?search=%00", "/api/v1/users?search=%FF%FE", "/api/v1/users?search=%", "/api/v1/users?search[]=a",
            "/api/v1/users?limit=-1", "/api/v1/users?limit=99999999999999999999", "/api/v1/users?limit=", "/api/v1/users?limit=1e2",
            "/api/v1/users?search=a&search=b", "/api/v1/users?nonsense=1", "/api/v1/users?sort=", "/api/v1/users?&&&",
            "/api/v1/users/%00", "/api/v1/users/%FF", "/api/v1/users/not-an-id", "/api/v1/users/..", "/api/v1/users/%2e%2e",
            "/api/v1/users/00000000-0000-0000-0000-000000000000", "/api/v1/users/' or 1=1",
        ] {
            let path = path.replace(' ', "%20");
            let reply = client.get(&path).await;
            assert!(reply.status < 500, "{path} was answered with {}: {}", reply.status, reply.body);
            if reply.status != 200 {
                problem(&reply, reply.status);
            }
        }
    }
}
