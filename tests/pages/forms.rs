//! Forms that are filled in wrongly: they come back with what was typed (never a password) and with what is wrong.

use crate::support::{goes_to, open, sign_in};
use axum::{body::Body, http::header};
use countersign::serve::routes;
use server::testing::{Agent, PASSWORD};

/// The sign-in page as it comes back after these fields.
async fn after(browser: &mut Agent, fields: &[(&str, &str)]) -> crate::support::Page {
    let reply = sign_in(browser, fields).await;
    let back = goes_to(&reply).to_owned();
    assert!(back.starts_with("/login"), "{back}");
    open(browser, &back).await
}

server::both_engines! { routes;
    async fn uc001_3a_an_unknown_account_reads_like_a_wrong_password(app) {
        // One account each: the second failure of one says how many attempts are left.
        for name in ["alice", "bruno"] {
            app.add(name, "Alice Ng", &["USER_ADMIN"]).await;
        }
        let mut pages = Vec::new();
        for (identifier, password, role) in [("alice", "wrong", ""), ("mallo", PASSWORD, ""), ("bruno", PASSWORD, "STAFF")] {
            let page = after(&mut app.anyone(), &[("identifier", identifier), ("password", password), ("role", role)]).await;
            assert_eq!(page.text("[data-error-summary]"), "Incorrect email or password");
            pages.push((page.status, page.texts("h1"), page.texts("[data-error-summary]")));
        }
        assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "{pages:?}");
    }

    async fn uc001_6a_a_suspended_account_is_told_after_the_right_password_alone(app) {
        app.add("sam", "Sam Okoro", &["STAFF"]).await;
        app.change("update people set status = 'suspended' where username = 'sam'").await;
        let guessed = after(&mut app.anyone(), &[("identifier", "sam"), ("password", "wrong")]).await;
        assert_eq!(guessed.text("[data-error-summary]"), "Incorrect email or password");
        let known = after(&mut app.anyone(), &[("identifier", "sam"), ("password", PASSWORD)]).await;
        assert_eq!(known.text("[data-error-summary]"), "Your account has been suspended. Contact support for assistance.");
    }

    async fn a9_values_are_kept_and_the_password_is_not(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN", "STAFF"]).await;
        let mut browser = app.anyone();
        let fields = [("identifier", "Alice <b>"), ("password", "hunter2-hunter2"), ("role", "STAFF"), ("remember", "on"), ("next", "/people")];
        let page = after(&mut browser, &fields).await;
        let form = page.form("/do/sign-in");
        assert_eq!((form["identifier"].as_str(), form["password"].as_str()), ("Alice <b>", ""));
        assert_eq!((form["remember"].as_str(), form["next"].as_str()), ("on", "/people"));
        assert_eq!(page.attributes("option[selected]", "value"), ["STAFF"]);
        assert!(!page.html.html().contains("hunter2"), "the password came back");
        let stored = app.texts("select data from visits").await.join("");
        assert!(!stored.contains("hunter2"), "the password was stored: {stored}");
    }

    async fn a9_every_wrong_field_is_named_at_its_place(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let page = after(&mut app.anyone(), &[("identifier", ""), ("password", "")]).await;
        assert_eq!(page.attributes("[data-error-summary] a", "href"), ["#identifier", "#password"]);
        for (field, words) in [("identifier", "Enter your username or e-mail address"), ("password", "Enter your password")] {
            let input = format!("input#{field}");
            assert_eq!(page.attributes(&input, "aria-invalid"), ["true"], "{field}");
            let described: Vec<String> = page.attributes(&input, "aria-describedby");
            let said: Vec<String> = described[0].split_whitespace().flat_map(|id| page.texts(&format!("#{id}"))).collect();
            assert!(said.iter().any(|text| text.contains(words)), "{field} is described by {said:?}");
        }
    }

    async fn a9_the_form_is_labelled_and_offers_every_role(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let page = open(&mut app.anyone(), "/login").await;
        for id in page.attributes("form[action='/do/sign-in'] :is(input, select):not([type=hidden])", "id") {
            assert_eq!(page.texts(&format!("label[for='{id}']")).len(), 1, "the label of {id}");
        }
        assert_eq!(page.attributes("input[name=password]", "type"), ["password"]);
        let choices = page.attributes("select[name=role] option", "value");
        let expected: Vec<&str> = [""].into_iter().chain(domain::role::BUILT_IN.iter().map(|role| role.code)).collect();
        assert_eq!(choices, expected);
        assert_eq!(page.texts("select[name=role] option")[0], "My usual role");
    }

    async fn a_form_that_cannot_be_read_is_a_plain_400(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let form = "application/x-www-form-urlencoded";
        for (content_type, body) in [
            (form, b"identifier=a&identifier=b".to_vec()), (form, b"remember[x]=1".to_vec()), (form, b"\xff\xfe".to_vec()), (form, b"%ff%fe=%".to_vec()),
            ("application/json", b"{\"identifier\":".to_vec()), ("text/plain", b"hello".to_vec()), ("multipart/form-data", b"--".to_vec()),
        ] {
            let mut visitor = app.anyone();
            let request = visitor.request("POST", "/do/sign-in").header(header::CONTENT_TYPE, content_type).header(header::ACCEPT, "text/html");
            let reply = visitor.send(request.body(Body::from(body.clone())).unwrap()).await;
            let shown = String::from_utf8_lossy(&body).into_owned();
            let is_clean = reply.status == 303 && reply.header("location").starts_with("/login") && !reply.header("location").contains("__err");
            assert!(is_clean || (400..500).contains(&reply.status), "{content_type} {shown:?}: {} {}", reply.status, reply.header("location"));
        }
    }

    async fn values_of_any_length_and_kind_break_no_form(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let long = "x".repeat(500_000);
        for value in ["\u{0}", "a\u{0}b", "\u{202E}", "🗝️", "<script>alert(1)</script>", "' or 1=1 --", &long] {
            let shown: String = value.chars().take(20).collect();
            for field in ["identifier", "password", "role", "remember", "next"] {
                let mut fields = vec![("identifier", "alice"), ("password", "wrong"), ("role", ""), ("remember", ""), ("next", "")];
                fields.retain(|(name, _)| *name != field);
                fields.push((field, value));
                let page = after(&mut app.anyone(), &fields).await;
                assert_eq!(page.status, 200, "{field} = {shown:?}");
                assert!(!page.texts("[data-error-summary]").is_empty(), "{field} = {shown:?}");
                assert!(!page.html.html().contains("<script>alert"), "{field} = {shown:?}");
            }
        }
    }
}
