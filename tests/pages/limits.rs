//! Forms of pages have a limit too where nobody is signed in, and those that cost a hash for everybody.

use crate::support::{Page, sign_in};
use countersign::serve::routes;
use server::testing::{Engine, TestApp, TestProvider};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_a_stranger_sends_so_many_forms_and_is_then_asked_to_wait() {
    let app = TestApp::configured(Engine::Sqlite, |config| config.limits.forms_per_minute = 3, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let mut alice = app.browser_of("alice").await;
    let mut stranger = app.anyone();
    for left in ["1", "0"] {
        let reply = sign_in(&mut stranger, &[("identifier", ""), ("password", "")]).await;
        assert_eq!((reply.status, reply.header("ratelimit-remaining")), (303, left));
    }
    let kept = app.count("select count(*) from visits").await;
    let refused = sign_in(&mut stranger, &[("identifier", ""), ("password", "")]).await;
    assert_eq!(refused.header("retry-after"), "60");
    let page = Page::of(&refused);
    assert_eq!((page.status, page.text("h1").as_str()), (429, "A little slower, please"));
    assert_eq!(app.count("select count(*) from visits").await, kept, "a refused form still left something");
    // Whoever is signed in is not counted among strangers.
    assert_eq!(alice.post_form("/do/sign-out", &[]).await.status, 303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_forms_that_cost_a_hash_are_counted_for_who_is_signed_in_as_well() {
    let app = TestApp::configured(Engine::Sqlite, |config| config.limits.forms_per_minute = 3, routes).await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    let mut alice = app.browser_of("alice").await;
    for _ in 0..2 {
        let reply = alice
            .post_form(
                "/do/change-password",
                &[("current_password", "wrong"), ("password", "a walk in the mountains")],
            )
            .await;
        assert_eq!(reply.status, 303, "{}", reply.body);
    }
    let before = app.backend.passwords.computed();
    for form in ["/do/change-password", "/do/confirm", "/do/sign-in", "/do/register"] {
        assert_eq!(alice.post_form(form, &[("password", "wrong")]).await.status, 429, "{form}");
    }
    assert_eq!(app.backend.passwords.computed(), before);
    assert_eq!(alice.post_form("/do/update-profile", &[("full_name", "Alice Ng")]).await.status, 303);
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t5_pages_that_strangers_open_leave_so_many_messages_and_no_more() {
    let app = TestApp::configured(
        Engine::Sqlite,
        |config| {
            TestProvider::set_up(config);
            config.limits.forms_per_minute = 3;
        },
        routes,
    )
    .await;
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    for _ in 0..10 {
        let mut stranger = app.anyone();
        stranger.cookies.insert("pending_sign_in".into(), "x".into());
        let reply = stranger.get("/verify").await;
        assert_eq!((reply.status, reply.header("location")), (303, "/login"), "{}", reply.body);
        for page in ["/sign-in/acme/finish?state=x", "/sign-in/acme"] {
            let reply = app.anyone().get(page).await;
            assert!([303, 429].contains(&reply.status), "{page}: {} {}", reply.status, reply.body);
        }
    }
    assert!(app.count("select count(*) from visits").await <= 3, "strangers fill the table of visits");
    app.finish().await;
}

server::both_engines! { routes;
    async fn a13_what_was_typed_stands_in_the_database_sealed(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut stranger = app.anyone();
        sign_in(&mut stranger, &[("identifier", "my-secret-by-mistake"), ("password", "wrong")]).await;
        assert_eq!(app.count("select count(*) from visits").await, 1);
        let kept = app.texts("select data from visits").await;
        assert!(!kept[0].contains("my-secret") && !kept[0].contains("flash"), "{kept:?}");
        let page = Page::of(&stranger.get("/login").await);
        assert!(page.says("Incorrect email or password"), "what was left is not found again");
    }
}
