//! Forms of pages have a limit too where nobody is signed in.

use crate::support::{Page, sign_in};
use countersign::serve::routes;
use server::testing::{Engine, TestApp};

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
