//! The pages behind the links in letters, without scripts: forgotten password, registration, verification, invitation; and
//! arriving from another site.

use crate::support::{Page, goes_to, open, sign_in};
use countersign::serve::routes;
use server::{
    Origin,
    people::NewPersonForm,
    permit::Operator,
    testing::{Agent, Engine, PASSWORD, Reply, TestApp},
};

const NEW_PASSWORD: &str = "a walk in the mountains";

/// The address that the newest letter of this kind leads to, read where a mail program would.
async fn link(app: &TestApp, page: &str) -> String {
    app.do_jobs().await;
    let home = &app.backend.config.public_url;
    let letters = server::mail::newest(&app.backend.ground.db, home, 50).await.unwrap();
    let begin = format!("{home}{page}?token=");
    let lines = letters.iter().flat_map(|posted| posted.letter.text.lines());
    let link = lines.map(str::trim).find(|line| line.starts_with(&begin));
    link.unwrap_or_else(|| panic!("no letter leads to {page}")).strip_prefix(home).unwrap().to_owned()
}

/// Fills in the form of the page with these values and sends it.
async fn send(browser: &mut Agent, page: &Page, action: &str, typed: &[(&str, &str)]) -> Reply {
    let mut fields = page.form(action);
    for (name, value) in typed {
        assert!(fields.insert((*name).to_owned(), (*value).to_owned()).is_some(), "the form has no {name}");
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post_form(action, &fields).await
}

async fn ask(browser: &mut Agent, email: &str) -> Page {
    let page = open(browser, "/forgot-password").await;
    let reply = send(browser, &page, "/do/forgot-password", &[("email", email)]).await;
    open(browser, goes_to(&reply)).await
}

const FORM: [(&str, &str); 5] = [
    ("full_name", "Nora Quist"),
    ("username", "nora"),
    ("email", "nora@example.com"),
    ("date_of_birth", "1990-12-31"),
    ("password", NEW_PASSWORD),
];

/// The registration page as it comes back after this form.
async fn register(browser: &mut Agent, change: &[(&str, &str)]) -> Page {
    let page = open(browser, "/register").await;
    let mut typed = FORM.to_vec();
    for (name, value) in change {
        typed.retain(|(field, _)| field != name);
        typed.push((name, value));
    }
    let reply = send(browser, &page, "/do/register", &typed).await;
    assert_eq!(goes_to(&reply), "/register");
    open(browser, "/register").await
}

async fn invite(app: &TestApp) {
    let form = NewPersonForm {
        username: "ivy".into(),
        full_name: "Ivy Stone".into(),
        email: "ivy@example.com".into(),
        roles: vec!["STAFF".into()],
        ..NewPersonForm::default()
    };
    let permit = Operator::of_this_machine().permit(());
    let newcomer = form.parse_without_password().unwrap();
    app.backend.links.invite(&permit, newcomer, "Alice Ng", &Origin::operator()).await.unwrap();
}

server::both_engines! { routes;
    async fn auth_9b_from_the_sign_in_page_to_a_new_password(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        let page = open(&mut browser, "/login").await;
        assert_eq!(page.texts("a[href='/forgot-password']"), ["Forgot password?"]);
        let page = ask(&mut browser, "alice@example.com").await;
        assert!(page.says("If that email exists, a reset link has been sent"), "{}", page.words());
        let address = link(app, "/reset-password").await;
        let page = open(&mut browser, &address).await;
        assert_eq!((page.text("h1").as_str(), page.status), ("Choose a new password", 200));
        let form = page.form("/do/reset-password");
        assert_eq!(form["username"], "alice", "password managers do not learn whose password it is");
        let reply = send(&mut browser, &page, "/do/reset-password", &[("password", NEW_PASSWORD)]).await;
        assert_eq!(goes_to(&reply), "/login");
        assert!(open(&mut browser, "/login").await.says("Your password was changed. Sign in with it."));
        assert!(!browser.cookies.contains_key("session_token"), "the link has signed somebody in");
        assert_eq!(goes_to(&sign_in(&mut browser, &[("identifier", "alice"), ("password", NEW_PASSWORD)]).await), "/");
    }

    async fn a3_every_address_reads_alike(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut answers = Vec::new();
        for email in ["alice@example.com", "nobody@example.com"] {
            let mut browser = app.anyone();
            let page = open(&mut browser, "/forgot-password").await;
            let sent = send(&mut browser, &page, "/do/forgot-password", &[("email", email)]).await;
            let names: Vec<String> = sent.headers.keys().map(ToString::to_string).collect();
            let page = open(&mut browser, "/forgot-password").await;
            answers.push((sent.status, names, sent.body, page.words()));
        }
        assert_eq!(answers[0], answers[1]);
    }

    async fn auth_10a_what_is_no_address_comes_back_with_words(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let long = "x".repeat(100_000);
        for wrong in ["alice", "", "a\0@example.com", "<script>@example.com", &long] {
            let page = ask(&mut app.anyone(), wrong).await;
            assert_eq!(page.texts("#email-error"), ["Please enter a valid email address"]);
            assert_eq!(page.attributes("#email", "aria-invalid"), ["true"]);
            assert!(!page.html.html().contains("<script>@"));
        }
        assert_eq!(ask(&mut app.anyone(), "alice").await.form("/do/forgot-password")["email"], "alice");
    }

    async fn a11_looking_uses_no_link_up_and_sending_does(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        ask(&mut app.anyone(), "alice@example.com").await;
        let address = link(app, "/reset-password").await;
        let (audited, linked) = (app.count("select count(*) from audit").await, app.count("select count(*) from links").await);
        for _ in 0..10 {
            assert_eq!(app.anyone().get(&address).await.status, 200);
            let request = app.anyone().request("HEAD", &address).body(axum::body::Body::empty()).unwrap();
            assert_eq!(app.anyone().send(request).await.status, 200);
        }
        assert_eq!(app.count("select count(*) from audit").await, audited);
        assert_eq!(app.count("select count(*) from links").await, linked);
        let mut browser = app.anyone();
        let page = open(&mut browser, &address).await;
        send(&mut browser, &page, "/do/reset-password", &[("password", NEW_PASSWORD)]).await;
        // The form once more, from a tab that was left open.
        let reply = send(&mut browser, &page, "/do/reset-password", &[("password", "another walk in the hills")]).await;
        let page = open(&mut browser, goes_to(&reply)).await;
        assert_eq!((page.status, page.text("h1").as_str()), (410, "This link no longer works"));
        assert_eq!(page.attributes("main a[href='/forgot-password']", "href").len(), 1, "it offers no new link");
    }

    async fn a11_a_link_that_leads_nowhere_has_a_page_that_helps(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let long = "x".repeat(20_000);
        for page in ["/reset-password", "/verify-email", "/accept-invitation"] {
            for token in ["", "?token=", "?token=nonsense", "?token=%00%FF", "?token=a&token=b", "?x=1", &format!("?token={long}")] {
                let reply = app.anyone().get(&format!("{page}{token}")).await;
                assert_eq!(reply.status, 410, "{page}{token:.20}");
                assert_eq!(Page::of(&reply).text("h1"), "This link no longer works");
            }
        }
        for (action, page) in [("/do/reset-password", "/reset-password?token="), ("/do/verify-email", "/verify-email?token="), ("/do/accept-invitation", "/accept-invitation?token=")] {
            for token in ["", "nonsense", "\r\nSet-Cookie: a=b", "//evil.example", &long] {
                let reply = app.anyone().post_form(action, &[("token", token), ("password", NEW_PASSWORD)]).await;
                assert!(goes_to(&reply).starts_with(page), "{action}: {}", goes_to(&reply));
                assert!(goes_to(&reply).len() < 400, "an address without end");
            }
        }
    }

    async fn a11_a_token_stays_out_of_the_referrer(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        invite(app).await;
        for address in ["/reset-password?token=x", "/verify-email?token=x", &link(app, "/accept-invitation").await] {
            let reply = app.anyone().get(address).await;
            assert_eq!(reply.header("referrer-policy"), "strict-origin", "{address}");
            assert_eq!(reply.header("cache-control"), "no-store");
        }
        assert_eq!(app.anyone().get("/login").await.header("referrer-policy"), "strict-origin-when-cross-origin");
    }

    async fn a10_registering_verifying_and_signing_in(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        assert_eq!(open(&mut browser, "/login").await.texts("a[href='/register']"), ["Create an account"]);
        let page = register(&mut browser, &[]).await;
        assert!(page.says("We have sent a letter to nora@example.com"), "{}", page.words());
        let page = open(&mut browser, &link(app, "/verify-email").await).await;
        assert!(page.says("Somebody registered as nora with the address nora@example.com"), "{}", page.words());
        let reply = send(&mut browser, &page, "/do/verify-email", &[]).await;
        assert_eq!(goes_to(&reply), "/login");
        assert!(open(&mut browser, "/login").await.says("Your e-mail address is verified. Sign in with your password."));
        assert_eq!(goes_to(&sign_in(&mut browser, &[("identifier", "nora"), ("password", NEW_PASSWORD)]).await), "/");
        assert_eq!(goes_to(&browser.get("/register").await), "/");
    }

    async fn auth_10e_signing_in_before_says_what_to_do(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        register(&mut browser, &[]).await;
        app.do_jobs().await;
        sign_in(&mut browser, &[("identifier", "nora@example.com"), ("password", NEW_PASSWORD)]).await;
        let page = open(&mut browser, "/login").await;
        assert_eq!(page.text("[data-error-summary]"), "Please verify your email address. We've sent a new verification link to nora@example.com.");
    }

    async fn a3_a_known_address_registers_like_any_other(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let known = register(&mut app.anyone(), &[("email", "alice@example.com")]).await.words();
        let fresh = register(&mut app.anyone(), &[]).await.words();
        assert_eq!(known.replace("alice@example.com", "nora@example.com"), fresh);
    }

    async fn a10_wrong_fields_come_back_and_neither_password_nor_date_does(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let page = register(&mut app.anyone(), &[("username", "Alice")]).await;
        assert_eq!(page.texts("#username-error"), ["Username already exists"]);
        let form = page.form("/do/register");
        assert_eq!((form["full_name"].as_str(), form["email"].as_str(), form["date_of_birth"].as_str(), form["password"].as_str()), ("Nora Quist", "nora@example.com", "", ""));
        let page = register(&mut app.anyone(), &[("date_of_birth", "2020-01-01")]).await;
        assert_eq!(page.texts("#date_of_birth-error"), ["You must be at least 13 years old to have an account"]);
        let empty: Vec<(&str, &str)> = FORM.iter().map(|(name, _)| (*name, "")).collect();
        let page = register(&mut app.anyone(), &empty).await;
        assert_eq!(page.attributes("[data-error-summary] a", "href").len(), 5, "{}", page.words());
        let stored = app.texts("select data from visits").await.join("");
        assert!(!stored.contains("mountains") && !stored.contains("2020-01-01") && !stored.contains("1990-12-31"), "{stored}");
        for (field, value) in [("username", "\0"), ("full_name", "\u{202E}"), ("email", "<b>@x"), ("date_of_birth", "x"), ("password", "\0")] {
            let page = register(&mut app.anyone(), &[(field, value)]).await;
            assert_eq!((page.status, page.attributes("[aria-invalid]", "id")), (200, vec![field.to_owned()]));
        }
        assert_eq!(app.count("select count(*) from people").await, 1);
    }

    async fn u1_an_invitation_is_accepted_on_its_page(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        invite(app).await;
        let address = link(app, "/accept-invitation").await;
        let mut browser = app.anyone();
        let page = open(&mut browser, &address).await;
        assert!(page.says("Welcome, Ivy") && page.says("Your username is ivy"), "{}", page.words());
        let reply = send(&mut browser, &page, "/do/accept-invitation", &[("password", "short")]).await;
        let page = open(&mut browser, goes_to(&reply)).await;
        assert!(page.texts("#password-error")[0].contains("Use at least 8 characters"));
        let reply = send(&mut browser, &page, "/do/accept-invitation", &[("password", NEW_PASSWORD)]).await;
        assert_eq!(goes_to(&reply), "/login");
        assert_eq!(goes_to(&sign_in(&mut browser, &[("identifier", "ivy"), ("password", NEW_PASSWORD)]).await), "/");
        assert_eq!(open(&mut browser, &address).await.status, 410);
    }

    async fn a6_a_link_in_a_letter_opens_the_page_for_who_is_signed_in(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut inside = app.browser_of("alice").await;
        // From elsewhere the browser keeps the cookie back.
        let mut arriving = app.anyone();
        arriving.headers.push(("sec-fetch-site".into(), "cross-site".into()));
        for address in ["/people?search=zo%C3%AB&sort=-username", "/account", "/"] {
            let reply = arriving.get(address).await;
            let page = Page::of(&reply);
            assert_eq!((page.status, page.text("h1").as_str()), (200, "One moment"));
            assert_eq!(page.attributes("meta[http-equiv=refresh]", "content"), [format!("0;url={address}")]);
            assert_eq!(page.attributes("main a", "href"), [address]);
            assert_eq!(reply.header("set-cookie"), "");
            assert_eq!(inside.get(address).await.status, 200, "what we open ourselves comes with the cookie");
        }
    }

    async fn a6_nobody_is_led_around_in_a_circle(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for site in ["same-origin", "same-site", "none", "nonsense", ""] {
            let mut visitor = app.anyone();
            visitor.headers.push(("sec-fetch-site".into(), site.into()));
            assert_eq!(goes_to(&visitor.get("/people").await), "/login?next=%2Fpeople", "{site:?}");
        }
        let mut stale = app.anyone();
        stale.headers.extend([("sec-fetch-site".into(), "cross-site".into()), ("cookie".into(), "session_token=nonsense".into())]);
        assert_eq!(goes_to(&stale.get("/people").await), "/login?next=%2Fpeople", "a cookie that came and is no good");
        let mut visitor = app.anyone();
        visitor.headers.push(("sec-fetch-site".into(), "cross-site".into()));
        assert_eq!(open(&mut visitor, "/login").await.text("h1"), "Sign in");
        assert_eq!(visitor.get("//evil.example/people").await.status, 404);
        assert_eq!(app.anyone().get("/people").await.status, 303, "a client that is no browser");
        assert_eq!(app.browser_of("alice").await.get("/people").await.status, 200);
    }
}

#[tokio::test]
async fn a10_where_registration_is_closed_there_is_no_page_and_no_way_to_it() {
    use server::config::RegistrationMode::{Closed, Invitation};
    for mode in [Closed, Invitation] {
        let app = TestApp::configured(Engine::Sqlite, |config| config.registration.mode = mode, routes).await;
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        assert!(open(&mut browser, "/login").await.texts("a[href='/register']").is_empty());
        assert_eq!(browser.get("/register").await.status, 404);
        let reply = browser.post_form("/do/register", &FORM).await;
        assert_eq!(goes_to(&reply), "/register");
        assert_eq!(app.count("select count(*) from people").await, 1);
        app.finish().await;
    }
}

#[tokio::test]
async fn a11_a_second_browser_that_is_signed_in_is_signed_out_by_a_reset() {
    let app = TestApp::new(Engine::Sqlite, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let mut inside = app.browser_of("alice").await;
    ask(&mut app.anyone(), "alice@example.com").await;
    let mut browser = app.anyone();
    let page = open(&mut browser, &link(&app, "/reset-password").await).await;
    send(&mut browser, &page, "/do/reset-password", &[("password", NEW_PASSWORD)]).await;
    assert_eq!(goes_to(&inside.get("/people").await), "/login?next=%2Fpeople");
    let refused = sign_in(&mut browser, &[("identifier", "alice"), ("password", PASSWORD)]).await;
    assert!(goes_to(&refused).starts_with("/login"));
    app.finish().await;
}
