//! Bringing people in from a file, without any script: the form, what it would do, what is wrong, how far it is, what came of it.

use crate::support::{Page, goes_to, open};
use axum::body::Body;
use countersign::serve::routes;
use domain::role::BUILT_IN;
use futures::{StreamExt, stream};
use server::{
    permit::Operator,
    testing::{Agent, Reply, TestApp},
};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

const PLACE: &str = "/people/import";
const UPLOAD: &str = "/do/upload-people";

async fn admin(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.browser_of("alice").await
}

/// Sends the form as a browser does.
async fn upload(browser: &mut Agent, fields: &[(&str, &str)], file: Option<(&str, &str)>) -> Reply {
    const BOUNDARY: &str = "----a-boundary";
    let mut body = String::new();
    for (name, value) in fields {
        body +=
            &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    let (name, content) = file.unwrap_or(("", ""));
    body += &format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n"
    );
    browser.post_raw(UPLOAD, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await
}

const TABLE: &str = "username,full_name,email,roles\nzoe,Zoë Almeida,zoe@example.com,PIN\nben.o,Ben Okafor,ben@example.com,CSR_REP\n";

server::both_engines! { routes;
    async fn u6_a_file_is_checked_started_and_done(app) {
        let mut browser = admin(app).await;
        assert!(open(&mut browser, PLACE).await.says("No imports yet"));
        let reply = upload(&mut browser, &[("existing", "update"), ("without_password", "invite")], Some(("people.csv", TABLE))).await;
        let place = goes_to(&reply).to_owned();
        assert!(place.starts_with("/people/import/"), "{place}");
        let page = open(&mut browser, &place).await;
        assert_eq!(page.text("h1"), "people.csv");
        assert_eq!(page.texts("dl.overflow-hidden dd"), ["2", "0", "0", "0"]);
        assert!(page.says("Import 2 people at one moment") && page.says("Import in batches"), "{}", page.words());
        let id = page.form("/do/start-import")["import"].clone();
        assert_eq!(goes_to(&browser.post_form("/do/start-import", &[("import", &id), ("bad_rows", "refuse")]).await), place);
        let reply = browser.get(&place).await;
        assert_eq!(reply.header("refresh"), "2", "nothing looks again where no script runs");
        assert!(Page::of(&reply).says("Being written."));
        assert!(Page::of(&reply).says("nobody of this file stays") && !Page::of(&reply).says("Whoever is written already stays"));
        assert!(app.backend.imports.work_once().await.unwrap());
        let page = open(&mut browser, &place).await;
        assert!(page.says("2 people wait for their letter.") && page.says("Everybody is written already and stays."), "{}", page.words());
        while app.count("select count(*) from imports where state = 'inviting'").await > 0 {
            app.clock.advance(Duration::from_secs(1));
            app.backend.imports.work_once().await.unwrap();
        }
        let reply = browser.get(&place).await;
        assert!(!reply.headers.contains_key("refresh"));
        assert!(Page::of(&reply).says("Everybody is in") && Page::of(&reply).says("2 people made, 0 changed, 0 as they were, 0 left out."));
        assert!(open(&mut browser, PLACE).await.says("Done"));
        assert!(open(&mut browser, "/").await.says("Alice Ng imported people from a file"));
    }

    async fn u6_what_is_wrong_stands_on_the_page_and_all_of_it_in_a_file(app) {
        let mut browser = admin(app).await;
        let rows: String = (0..30).map(|row| format!("x,<b>{row}</b>,zoe{row}@example.com,NOBODY\n")).collect();
        let table = format!("{TABLE}{rows}");
        let place = goes_to(&upload(&mut browser, &[], Some(("<b>people</b>.csv", &table))).await).to_owned();
        let reply = browser.get(&place).await;
        assert!(!reply.body.contains("<b>"), "what was uploaded is markup");
        let page = Page::of(&reply);
        assert_eq!(page.texts("table[aria-label='What is wrong'] tbody tr").len(), 20);
        assert!(page.says("Row 4") && page.says("There is no role NOBODY") && page.says("Import 2 people and skip 30 wrong"));
        let all = page.attributes("a[href$='errors.csv']", "href").remove(0);
        assert_eq!(browser.get(&all).await.body.lines().count(), 61);
        let id = page.form("/do/cancel-import")["import"].clone();
        assert_eq!(goes_to(&browser.post_form("/do/cancel-import", &[("import", &id)]).await), place);
        assert!(open(&mut browser, &place).await.says("Nothing was written."));
        assert_eq!(app.count("select count(*) from people").await, 1);
    }

    async fn u6_a_file_that_is_none_leads_back_with_the_reason(app) {
        let mut browser = admin(app).await;
        for (file, words) in [
            (None, "Choose a file"),
            (Some(("people.csv", "")), "There is nobody in this file"),
            (Some(("people.csv", "a,b\n1,2\n")), "Missing: username, full_name, email."),
            (Some(("people.xlsx", "PK\u{3}\u{4}\u{0}")), "This is no CSV file in UTF-8"),
        ] {
            assert_eq!(goes_to(&upload(&mut browser, &[], file).await), PLACE);
            let page = open(&mut browser, PLACE).await;
            assert!(page.text("[data-error-summary]").contains(words), "{}", page.words());
            assert_eq!(page.attributes("input#file", "aria-invalid"), ["true"]);
        }
        assert_eq!(goes_to(&upload(&mut browser, &[("existing", "maybe")], Some(("people.csv", TABLE))).await), PLACE);
        let reply = browser.post_form(UPLOAD, &[("existing", "update")]).await;
        assert_eq!(goes_to(&reply), PLACE);
        assert!(open(&mut browser, PLACE).await.says("This form could not be read."));
        assert_eq!(app.count("select count(*) from imports").await, 0);
    }

    async fn u6_a_form_that_never_comes_to_its_file_is_not_read_to_its_end(app) {
        const MOST: usize = 8 * 1024 * 1024;
        let mut browser = admin(app).await;
        for begin in ["--b\r\nContent-Disposition: form-data; name=\"", "a preamble without a boundary"] {
            let taken = Arc::new(AtomicUsize::new(0));
            let counted = taken.clone();
            let endless = stream::repeat(vec![b'x'; 1024]).take(MOST / 1024);
            let pieces = stream::iter([begin.as_bytes().to_vec()]).chain(endless).map(move |piece| {
                counted.fetch_add(piece.len(), Ordering::Relaxed);
                Ok::<_, Infallible>(piece)
            });
            let request = browser.request("POST", UPLOAD).header("content-type", "multipart/form-data; boundary=b");
            let reply = browser.send(request.body(Body::from_stream(pieces)).unwrap()).await;
            assert_eq!((reply.status, reply.header("connection")), (413, "close"), "{}", reply.body);
            assert!(Page::of(&reply).says("There is more in front of the file than this form has."));
            assert!(taken.load(Ordering::Relaxed) < 64 * 1024, "{} bytes were read", taken.load(Ordering::Relaxed));
        }
        // A file may be larger than what may stand in front of it, though both come in one piece.
        let table = format!("{TABLE}{}", "\n".repeat(300_000));
        let reply = upload(&mut browser, &[("existing", "update")], Some(("people.csv", &table))).await;
        assert!(goes_to(&reply).starts_with("/people/import/"), "{}", reply.body);
    }

    async fn u6_without_a_place_no_form_is_read(app) {
        let mut browser = admin(app).await;
        let permit = Operator::of_this_machine().permit(());
        let places = [app.backend.imports.place(&permit).unwrap(), app.backend.imports.place(&permit).unwrap()];
        // Whoever reads it finds something else to say.
        assert_eq!(goes_to(&browser.post_form(UPLOAD, &[("existing", "update")]).await), PLACE);
        assert!(!open(&mut browser, PLACE).await.says("This form could not be read."));
        drop(places);
        assert_eq!(goes_to(&browser.post_form(UPLOAD, &[("existing", "update")]).await), PLACE);
        assert!(open(&mut browser, PLACE).await.says("This form could not be read."));
    }

    async fn u6_only_those_who_manage_accounts_bring_people_in(app) {
        for role in BUILT_IN {
            let name = role.code.to_lowercase();
            app.add(&name, "Test Person", &[role.code]).await;
            let mut browser = app.browser_of(&name).await;
            let may = role.permissions().contains(domain::Permission::UsersManage);
            assert_eq!(browser.get("/people").await.body.contains("href=\"/people/import\""), may, "{name}");
            upload(&mut browser, &[("existing", "leave")], Some(("people.csv", TABLE))).await;
        }
        let may = BUILT_IN.iter().filter(|role| role.permissions().contains(domain::Permission::UsersManage)).count();
        assert_eq!(app.count("select count(*) from imports").await, i64::try_from(may).unwrap());
        assert_eq!(goes_to(&upload(&mut app.anyone(), &[], Some(("people.csv", TABLE))).await), "/login?next=%2Fpeople%2Fimport");
    }

    async fn u6_whoever_has_to_confirm_is_asked_before_a_file_is_chosen(app) {
        let mut browser = admin(app).await;
        app.clock.advance(Duration::from_secs(16 * 60));
        let confirm = "/confirm?next=%2Fpeople%2Fimport";
        assert_eq!(goes_to(&browser.get(PLACE).await), confirm);
        assert_eq!(goes_to(&upload(&mut browser, &[], Some(("people.csv", TABLE))).await), confirm);
        assert_eq!(app.count("select count(*) from imports").await, 0);
    }

    async fn u6_an_import_that_is_not_there_is_a_page_that_says_so(app) {
        let mut browser = admin(app).await;
        for id in ["nothing", "0198c0de-0000-7000-8000-000000000000", "%FF"] {
            let page = open(&mut browser, &format!("{PLACE}/{id}")).await;
            assert!(page.status == 404 && (page.says("There is no such import") || page.says("no page")), "{id}: {}", page.words());
        }
        assert_eq!(browser.get(&format!("{PLACE}/nothing/errors.csv")).await.status, 404);
    }
}
