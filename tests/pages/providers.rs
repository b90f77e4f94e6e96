//! Signing in with a provider as a browser without scripts does it: the button, the way there, the way back past a page that
//! goes on by itself, and every refusal in words.

use crate::support::{goes_to, open};
use countersign::serve::routes;
use serde_json::{Value, json};
use server::{
    config::{Config, Limits},
    testing::{Agent, Fault, PASSWORD, Reply, Signed, TestApp, TestProvider},
};

const UNTRUSTED: &str = "The answer of Acme could not be trusted, so you are not signed in. Please try again; if it fails again, \
                         tell whoever looks after Countersign.";
const NOT_BEGUN: &str =
    "This sign-in took too long, was used before, or began in another browser. Please begin again.";
const AWAY: &str =
    "Acme does not answer right now. Try again in a few moments, or sign in with your password.";

fn with_acme(config: &mut Config) {
    TestProvider::set_up(config);
}

fn with_two(config: &mut Config) {
    let acme = TestProvider::set_up(config).settings();
    config.oidc.insert(
        "second".into(),
        server::config::oidc::Provider { name: "Zweite <b>GmbH</b>".into(), ..acme },
    );
}

fn with_narrow_limits(config: &mut Config) {
    TestProvider::set_up(config);
    config.limits = Limits { forms_per_minute: 3, ..config.limits };
}

fn alice() -> Value {
    json!({ "sub": "alice-at-acme", "email": "alice@example.com", "email_verified": true, "name": "Alice Ng" })
}

/// Where the provider sends the browser back to, after somebody has signed in there.
fn sign_in_there(app: &TestApp, begun: &Reply, claims: &Value) -> String {
    let parameters = TestProvider::of(app).sign_in(goes_to(begun), app.clock.now(), claims, Signed::Rs256);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("/sign-in/acme/callback?{query}")
}

/// The address that the page goes on to by itself, and that its link leads to.
async fn goes_on_to(browser: &mut Agent, way_back: &str) -> String {
    let reply = browser.get(way_back).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let page = crate::support::Page::of(&reply);
    let refresh = page.attributes("head meta[http-equiv=refresh]", "content");
    let address = refresh[0].strip_prefix("0; url=").expect("the page does not go on").to_owned();
    assert_eq!(page.attributes("main a:not(.skip-link)", "href"), [address.as_str()]);
    assert_eq!(page.text("h1"), "Signing you in");
    assert!(address.starts_with("/sign-in/acme/finish?"), "{address}");
    address
}

/// The whole way, from the button on.
async fn walk(app: &TestApp, browser: &mut Agent, button: &str, claims: &Value) -> Reply {
    let begun = browser.get(button).await;
    let way_back = sign_in_there(app, &begun, claims);
    let address = goes_on_to(browser, &way_back).await;
    browser.get(&address).await
}

/// What the sign-in page says after an answer that sends the browser back there.
async fn said(browser: &mut Agent, reply: &Reply) -> String {
    let back = goes_to(reply).to_owned();
    assert!(back.starts_with("/login"), "{back}");
    open(browser, &back).await.text("[data-error-summary]")
}

/// The page of one's password and of the providers beside it.
const PASSWORD_PAGE: &str = "/account/password";

/// Sends the form that parts the account from a provider, and opens the page it leads to.
async fn part(browser: &mut Agent, issuer: &str) -> crate::support::Page {
    let reply = browser.post_form("/do/part-provider", &[("issuer", issuer)]).await;
    let next = goes_to(&reply).to_owned();
    open(browser, &next).await
}

server::both_engines! { routes, with_acme;
    async fn a12_one_parts_ones_account_from_a_provider(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        assert_eq!(open(&mut app.browser_of("alice").await, PASSWORD_PAGE).await.texts("#providers"), [""; 0]);
        walk(app, &mut browser, "/sign-in/acme", &alice()).await;
        let page = open(&mut browser, PASSWORD_PAGE).await;
        assert!(page.says("Acme Connected just now, last used just now"), "{}", page.words());
        assert_eq!(page.text("#providers dialog h2"), "Disconnect Acme?");
        assert_eq!(page.attributes("#providers button[commandfor='part-0']", "command")[0], "show-modal");
        let issuer = page.form("/do/part-provider")["issuer"].clone();

        app.clock.advance(server::proof::FRESH);
        let reply = browser.post_form("/do/part-provider", &[("issuer", &issuer)]).await;
        assert_eq!(goes_to(&reply), "/confirm?next=%2Faccount%2Fpassword");
        assert_eq!(app.count("select count(*) from provider_links").await, 1, "parted without a fresh proof");
        let reply = browser.post_form("/do/confirm", &[("password", PASSWORD), ("next", PASSWORD_PAGE)]).await;
        assert_eq!(goes_to(&reply), PASSWORD_PAGE);
        let page = part(&mut browser, &issuer).await;
        assert_eq!(page.texts("[data-toast] p"), ["Acme no longer signs you in here."]);
        assert_eq!(page.texts("#providers"), [""; 0]);
        assert_eq!(app.count("select count(*) from provider_links").await, 0);
        let page = open(&mut browser, "/account/events").await;
        assert!(page.says("You removed a way to sign in"), "{}", page.words());
        assert!(part(&mut browser, &issuer).await.says("Your account is not connected to this provider"));
    }

    async fn a12_nobody_parts_the_account_of_another(app) {
        for name in ["alice", "bruno"] {
            app.add(name, "Somebody Else", &["STAFF"]).await;
        }
        walk(app, &mut app.anyone(), "/sign-in/acme", &alice()).await;
        let issuer = TestProvider::of(app).issuer().to_owned();
        let mut bruno = app.browser_of("bruno").await;
        assert!(!open(&mut bruno, PASSWORD_PAGE).await.says("Acme"));
        for issuer in [&issuer, "", "https://elsewhere.example", "' or 1=1 --"] {
            assert!(part(&mut bruno, issuer).await.says("Your account is not connected to this provider"), "{issuer}");
        }
        assert_eq!(goes_to(&app.anyone().post_form("/do/part-provider", &[("issuer", &issuer)]).await), "/login?next=%2Faccount%2Fpassword");
        assert_eq!(app.count("select count(*) from provider_links").await, 1);
    }

    async fn a12_without_a_password_the_provider_stays_and_one_is_told_what_to_do(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.change("update people set password_hash = null").await;
        let mut browser = app.anyone();
        walk(app, &mut browser, "/sign-in/acme", &alice()).await;
        let page = open(&mut browser, PASSWORD_PAGE).await;
        assert!(page.says("You have no password") && page.says("Choose a password first: this is your way in."), "{}", page.words());
        assert_eq!(page.attributes("#choose-password a", "href"), ["/forgot-password"]);
        assert_eq!(page.texts("form[action='/do/part-provider']"), [""; 0]);
        let refused = part(&mut browser, TestProvider::of(app).issuer()).await;
        assert!(refused.says("Choose a password first: without one this is the only way in"), "{}", refused.words());
        assert_eq!(app.count("select count(*) from provider_links").await, 1);
        // There is no password to confirm with either.
        app.clock.advance(server::proof::FRESH);
        let page = open(&mut browser, "/confirm?next=%2Faccount%2Fpassword").await;
        assert!(page.says("You have no password to show. Sign out and in again as you always do"), "{}", page.words());
        assert_eq!(page.texts("form[action='/do/confirm']"), [""; 0]);
        assert_eq!(goes_to(&browser.post_form("/do/sign-out", &[]).await), "/login");
    }

    async fn a12_the_button_leads_to_the_provider_and_back_to_the_page_asked_for_first(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        let login = goes_to(&browser.get("/people?search=a").await).to_owned();
        let page = open(&mut browser, &login).await;
        let buttons = page.attributes("ul[aria-label='Other ways to sign in'] a", "href");
        assert_eq!(page.texts("ul[aria-label='Other ways to sign in'] a"), ["Continue with Acme"]);
        assert_eq!(buttons, ["/sign-in/acme?next=%2Fpeople%3Fsearch%3Da"]);

        let arrived = walk(app, &mut browser, &buttons[0], &alice()).await;
        assert_eq!(goes_to(&arrived), "/people?search=a");
        let page = open(&mut browser, "/people?search=a").await;
        assert_eq!(page.status, 200);
        assert!(page.says("Welcome back, Alice!"), "{}", page.words());
    }

    async fn a12_what_the_browser_keeps_meanwhile_goes_to_the_way_back_alone(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        let begun = browser.get("/sign-in/acme").await;
        let kept = begun.header("set-cookie");
        assert!(kept.starts_with("provider_sign_in=") && kept.len() > 60, "{kept}");
        for word in ["; Max-Age=600", "; Path=/sign-in", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(kept.contains(word), "{word} is not in {kept}");
        }
        assert_eq!(begun.header("cache-control"), "no-store");
        let way_back = sign_in_there(app, &begun, &alice());
        let returned = browser.get(&way_back).await;
        assert_eq!(returned.headers.get_all("set-cookie").iter().count(), 0, "somebody was signed in by a foreign request");
        assert_eq!(app.count("select count(*) from sessions").await, 0);
        let address = goes_on_to(&mut browser, &way_back).await;
        let arrived = browser.get(&address).await;
        let session = arrived.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
        let session = session.filter(|line| line.starts_with("session_token=")).collect::<Vec<_>>();
        assert!(session.len() == 1 && session[0].contains("; SameSite=Strict"), "{session:?}");
    }

    async fn a12_an_answer_that_comes_twice_or_to_another_browser_lets_nobody_in(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        let begun = browser.get("/sign-in/acme").await;
        let way_back = sign_in_there(app, &begun, &alice());
        let mut victim = app.anyone();
        let address = goes_on_to(&mut victim, &way_back).await;
        let refused = victim.get(&address).await;
        assert_eq!(said(&mut victim, &refused).await, NOT_BEGUN);
        assert!(!victim.cookies.contains_key("session_token"));
        assert_eq!(goes_to(&browser.get(&address).await), "/");
        browser.cookies.remove("session_token");
        let refused = browser.get(&address).await;
        assert_eq!(said(&mut browser, &refused).await, NOT_BEGUN);
    }

    async fn a12_every_refusal_is_said_on_the_sign_in_page_which_keeps_the_way(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add("sam", "Sam Okoro", &["STAFF"]).await;
        app.change("update people set status = 'suspended' where username = 'sam'").await;
        let with = |name: &str, value: Value| {
            let mut claims = alice();
            claims[name] = value;
            claims
        };
        for (claims, words) in [
            (with("nonce", json!("another")), UNTRUSTED),
            (with("email_verified", json!(false)), "Acme vouches for no e-mail address of yours, so your account here cannot be found. Confirm your address there first."),
            (with("email", json!("nobody@example.com")), "No account here has the e-mail address that Acme gave. Ask whoever looks after Countersign for one."),
            (with("email", json!("sam@example.com")), "Your account has been suspended. Contact support for assistance."),
        ] {
            let mut browser = app.anyone();
            let refused = walk(app, &mut browser, "/sign-in/acme?next=/people", &claims).await;
            assert_eq!(goes_to(&refused), "/login?next=%2Fpeople", "{claims}");
            assert_eq!(said(&mut browser, &refused).await, words);
            assert!(!browser.cookies.contains_key("session_token"));
        }
        let mut browser = app.anyone();
        let begun = browser.get("/sign-in/acme").await;
        let state = url::Url::parse(goes_to(&begun)).unwrap().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let address = goes_on_to(&mut browser, &format!("/sign-in/acme/callback?error=access_denied&error_description=%3Cscript%3E&state={state}")).await;
        assert!(!address.contains("script"), "{address}");
        let refused = browser.get(&address).await;
        assert_eq!(said(&mut browser, &refused).await, "Acme did not sign you in. You can try again, or sign in another way.");
    }

    async fn a12_a_provider_that_is_away_is_said_before_anybody_goes_there(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        TestProvider::of(app).fail("document", Some(Fault::Status(500)));
        let mut browser = app.anyone();
        let refused = browser.get("/sign-in/acme?next=/people").await;
        assert_eq!(goes_to(&refused), "/login?next=%2Fpeople");
        assert_eq!(said(&mut browser, &refused).await, AWAY);
    }

    async fn a12_the_way_leads_to_our_own_pages_alone(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for next in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "", "%2Fx%0d%0aSet-Cookie%3A%20a%3Db"] {
            let arrived = walk(app, &mut app.anyone(), &format!("/sign-in/acme?next={next}"), &alice()).await;
            assert_eq!(goes_to(&arrived), "/", "{next}");
        }
    }

    async fn a12_the_page_between_repeats_nothing_that_could_break_out(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let query = "code=%22%3E%3Cscript%3E&state=%27%3B%22&iss=javascript%3Ax&more=%3Cb%3E&code=second";
        let mut browser = app.anyone();
        let reply = browser.get(&format!("/sign-in/acme/callback?{query}")).await;
        assert!(!reply.body.contains("<script>") && !reply.body.contains("<b>"), "{}", reply.body);
        let address = goes_on_to(&mut browser, &format!("/sign-in/acme/callback?{query}")).await;
        assert_eq!(address, "/sign-in/acme/finish?code=%22%3E%3Cscript%3E&state=%27%3B%22&iss=javascript%3Ax");
        let long = "x".repeat(20_000);
        let reply = browser.get(&format!("/sign-in/acme/finish?code={long}&state={long}")).await;
        assert_eq!(said(&mut browser, &reply).await, NOT_BEGUN);
        for page in ["", "/callback", "/finish"] {
            assert_eq!(browser.get(&format!("/sign-in/nobody{page}?state=x")).await.status, 404, "{page}");
        }
    }

    async fn a12_signing_in_begins_on_our_own_page(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        for (site, expected) in [("cross-site", "/login?next=%2Fpeople"), ("same-site", "/login?next=%2Fpeople"), ("same-origin", "http"), ("none", "http")] {
            let mut browser = app.anyone();
            browser.headers.push(("sec-fetch-site".into(), site.into()));
            let reply = browser.get("/sign-in/acme?next=/people").await;
            assert!(goes_to(&reply).starts_with(expected), "{site}: {}", goes_to(&reply));
        }
        let mut browser = app.browser_of("alice").await;
        assert_eq!(goes_to(&browser.get("/sign-in/acme?next=/people").await), "/people");
        assert_eq!(app.count("select count(*) from provider_attempts").await, 2);
    }

    async fn a12_without_a_second_factor_nobody_gets_past_the_provider(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.change("insert into code_factors (person_id, method, enrolled_at) select id, 'email', 0 from people").await;
        let mut browser = app.anyone();
        let arrived = walk(app, &mut browser, "/sign-in/acme?next=/people", &alice()).await;
        assert!(goes_to(&arrived).starts_with("/verify"), "{}", goes_to(&arrived));
        assert!(!browser.cookies.contains_key("session_token"));
        assert_eq!(app.count("select count(*) from sessions").await, 0);
    }
}

server::both_engines! { routes, with_two;
    async fn a12_every_provider_has_its_button_whatever_it_is_called(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let page = open(&mut app.anyone(), "/login").await;
        assert_eq!(
            page.texts("ul[aria-label='Other ways to sign in'] a"),
            ["Continue with Acme", "Continue with Zweite <b>GmbH</b>"]
        );
        assert_eq!(page.attributes("ul[aria-label='Other ways to sign in'] a", "href"), ["/sign-in/acme", "/sign-in/second"]);
        // An answer to one is no answer to the other, although both are the same company.
        let mut browser = app.anyone();
        let begun = browser.get("/sign-in/acme").await;
        let way_back = sign_in_there(app, &begun, &alice()).replace("/acme/callback", "/second/finish");
        let refused = browser.get(&way_back).await;
        assert_eq!(said(&mut browser, &refused).await, NOT_BEGUN);
    }
}

server::both_engines! { routes, with_narrow_limits;
    async fn a12_nobody_begins_without_end(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let mut browser = app.anyone();
        for _ in 0..3 {
            assert!(goes_to(&browser.get("/sign-in/acme").await).starts_with("http"));
        }
        let refused = browser.get("/sign-in/acme").await;
        let page = crate::support::Page::of(&refused);
        assert_eq!((page.status, page.text("h1").as_str()), (429, "A little slower, please"));
        assert_eq!(app.count("select count(*) from visits").await, 0, "a refused page still left something");
        assert_eq!(app.count("select count(*) from provider_attempts").await, 3);
    }
}

server::both_engines! { routes;
    async fn a12_without_a_provider_there_is_no_other_way(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        let page = open(&mut app.anyone(), "/login").await;
        assert_eq!(page.attributes("a", "href").iter().filter(|href| href.contains("/sign-in")).count(), 0);
        assert!(!page.words().contains("or Continue"));
        assert_eq!(app.anyone().get("/sign-in/acme").await.status, 404);
    }
}
