//! The pages of roles, as a Super Admin's browser without scripts walks them.

use crate::support::{Page, goes_to, open};
use countersign::serve::routes;
use server::testing::{Agent, TestApp};

async fn root(app: &TestApp) -> Agent {
    app.add("root", "Root Admin", &["SUPER_ADMIN"]).await;
    app.browser_of("root").await
}

/// The ticks of the form on the page.
fn ticked(page: &Page) -> Vec<String> {
    page.attributes("input[type=checkbox][name^=permission][checked]", "value")
}

/// What the form of a role leads to, with these ticks and that name.
fn review(page: &Page, code: &str, name: &str, ticks: &[&str]) -> String {
    let mut fields = page.form(&format!("/roles/{code}/review"));
    fields.remove("permission");
    fields.insert("name".into(), name.into());
    fields.insert("dashboard".into(), "member".into());
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields.iter());
    ticks.iter().for_each(|tick| {
        query.append_pair("permission", tick);
    });
    format!("/roles/{code}/review?{}", query.finish())
}

async fn save(browser: &mut Agent, page: &Page) -> server::testing::Reply {
    let fields = page.form("/do/save-role");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
    browser.post_form("/do/save-role", &fields).await
}

server::both_engines! { routes;
    async fn r4_the_matrix_shows_every_role_and_every_permission(app) {
        let page = open(&mut root(app).await, "/roles").await;
        for role in domain::role::BUILT_IN {
            assert!(page.says(role.name), "{} is not there", role.name);
        }
        for permission in domain::Permission::ALL {
            assert!(page.says(permission.says()) && page.says(permission.code()), "{permission} is not there");
        }
        let cells = page.texts("tbody td").len();
        assert_eq!(cells, domain::role::BUILT_IN.len() * domain::Permission::ALL.len());
        assert_eq!(page.texts("tbody td .sr-only").iter().filter(|text| *text == "yes").count(), domain::role::BUILT_IN.iter().map(|role| role.permissions.len()).sum::<usize>());
    }

    async fn r4_a_change_is_shown_with_whom_it_reaches_before_it_is_saved(app) {
        let mut browser = root(app).await;
        app.add("carla", "Carla Diaz", &["CUSTOMER"]).await;
        app.add("dora", "Dora Lund", &["CUSTOMER"]).await;
        let mut carla = app.browser_of("carla").await;
        let form = open(&mut browser, "/roles/CUSTOMER").await;
        assert_eq!(ticked(&form), ["users.view_own", "users.update_own", "products.view", "orders.view_own", "chat.use"]);
        let page = open(&mut browser, &review(&form, "CUSTOMER", "Client", &["users.view_own", "products.view", "users.view"])).await;
        for words in [
            "May no longer change their own account", "May no longer see their own orders", "May no longer take part in conversations",
            "May now see every account", "Is called Client, not Customer", "2 people have this role", "1 person acts in it now", "Carla Diaz",
        ] {
            assert!(page.says(words), "{words} is not there: {}", page.words());
        }
        assert!(!page.says("May now see the catalogue") && !page.says("Dora Lund"));
        assert_eq!(carla.get("/people").await.status, 403, "it was saved before it was asked for");
        assert_eq!(goes_to(&save(&mut browser, &page).await), "/roles");
        assert!(open(&mut browser, "/roles").await.says("Client is changed. It acts on everybody's next request."));
        assert_eq!(carla.get("/people").await.status, 200);
    }

    async fn r4_the_second_editor_sees_what_the_first_changed_and_takes_nothing_back(app) {
        let mut browser = root(app).await;
        app.add("ines", "Ines Ferro", &["SUPER_ADMIN"]).await;
        let mut other = app.browser_of("ines").await;
        let form = open(&mut browser, "/roles/CUSTOMER").await;
        let mine = review(&form, "CUSTOMER", "Customer", &["users.view_own", "users.update_own", "products.view", "orders.view_own", "chat.use", "audit.view"]);
        let seen = open(&mut browser, &mine).await;
        let theirs = open(&mut other, &review(&form, "CUSTOMER", "Client", &["users.view_own", "users.update_own", "orders.view_own", "chat.use"])).await;
        assert_eq!(goes_to(&save(&mut other, &theirs).await), "/roles");

        let late = save(&mut browser, &seen).await;
        let page = open(&mut browser, goes_to(&late)).await;
        for words in ["Ines Ferro changed this role", "May no longer see the catalogue", "Is called Client, not Customer", "May now read the audit trail"] {
            assert!(page.says(words), "{words} is not there: {}", page.words());
        }
        assert_eq!(goes_to(&save(&mut browser, &page).await), "/roles");
        let after = open(&mut browser, "/roles/CUSTOMER").await;
        assert_eq!(ticked(&after), ["users.view_own", "users.update_own", "orders.view_own", "chat.use", "audit.view"]);
        assert_eq!(after.form("/roles/CUSTOMER/review")["name"], "Client");
    }

    async fn r4_a_form_that_cannot_be_is_shown_again_as_it_was_typed(app) {
        let mut browser = root(app).await;
        let form = open(&mut browser, "/roles/CUSTOMER").await;
        let page = open(&mut browser, &review(&form, "CUSTOMER", "a, b", &[])).await;
        assert_eq!(page.status, 422);
        assert!(page.says("Leave out commas and semicolons") && page.says("Choose at least one permission"));
        assert_eq!((page.form("/roles/CUSTOMER/review")["name"].as_str(), ticked(&page).len()), ("a, b", 0));
        let same = ticked(&form);
        let same: Vec<&str> = same.iter().map(String::as_str).collect();
        assert!(open(&mut browser, &review(&form, "CUSTOMER", "Customer", &same)).await.says("Nothing changes"));
        for (path, status) in [("/roles/NOBODY", 404), ("/roles/NOBODY/review", 404), ("/roles/%20/delete", 404), ("/roles/SUPER_ADMIN/review", 200)] {
            assert_eq!(browser.get(path).await.status, status, "{path}");
        }
    }

    async fn r4_own_roles_are_made_and_deleted_on_pages(app) {
        let mut browser = root(app).await;
        let page = open(&mut browser, "/roles/new?copy=STAFF").await;
        assert_eq!(ticked(&page).len(), domain::role::built_in("STAFF").unwrap().permissions.len());
        let limits = ["2 to 40 capital letters, digits and underscores, with a letter first", "At most 60 characters, without commas and semicolons", "Tick at least one"];
        assert!(limits.iter().all(|words| page.says(words)), "limits are told only after failing: {}", page.words());
        assert_eq!(page.attributes("input[name=code], input[name=name]", "aria-describedby"), ["code-hint", "name-hint"]);
        let wrong = [("code", "1st"), ("name", "Case worker"), ("dashboard", "approver"), ("permission[]", "chat.use"), ("copy", "STAFF")];
        let reply = browser.post_form("/do/make-role", &wrong).await;
        let page = open(&mut browser, goes_to(&reply)).await;
        assert!(page.says("begin with a letter"));
        assert_eq!((ticked(&page), page.form("/do/make-role")["name"].as_str()), (vec!["chat.use".to_owned()], "Case worker"));
        let right = [("code", "case_worker"), ("name", "Case worker"), ("dashboard", "approver"), ("permission[]", "chat.use"), ("permission[]", "users.view_own")];
        assert_eq!(goes_to(&browser.post_form("/do/make-role", &right).await), "/roles");
        assert!(open(&mut browser, "/roles").await.says("Case worker is made."));
        assert!(open(&mut app.anyone(), "/login").await.says("Case worker"));

        app.add("carla", "Carla Diaz", &["CASE_WORKER"]).await;
        let page = open(&mut browser, "/roles/CASE_WORKER/delete").await;
        assert!(page.says("1 person has this role"));
        let reply = browser.post_form("/do/delete-role", &[("code", "CASE_WORKER"), ("move_to", "")]).await;
        assert!(open(&mut browser, goes_to(&reply)).await.says("Say which role they get in its place"));
        let reply = browser.post_form("/do/delete-role", &[("code", "CASE_WORKER"), ("move_to", "STAFF")]).await;
        assert_eq!(goes_to(&reply), "/roles");
        let page = open(&mut browser, "/roles").await;
        assert!(page.says("One person got the other one.") && !page.says("CASE_WORKER"));
        assert!(!open(&mut app.anyone(), "/login").await.says("Case worker"));
        assert!(open(&mut browser, "/roles/STAFF/delete").await.says("This role came with Countersign"));
        assert!(open(&mut browser, "/").await.says("deleted the role “Case worker”"));
    }

    async fn r4_whoever_has_to_show_that_it_is_them_comes_back_to_what_they_save(app) {
        let mut browser = root(app).await;
        let form = open(&mut browser, "/roles/CUSTOMER").await;
        let address = review(&form, "CUSTOMER", "Client", &["users.view_own"]);
        app.clock.advance(std::time::Duration::from_secs(16 * 60));
        let reply = browser.get(&address).await;
        let confirm = goes_to(&reply).to_owned();
        assert!(confirm.starts_with("/confirm?next=%2Froles%2FCUSTOMER%2Freview"), "{confirm}");
        let page = open(&mut browser, &confirm).await;
        let next = page.form("/do/confirm")["next"].clone();
        let reply = browser.post_form("/do/confirm", &[("password", server::testing::PASSWORD), ("next", &next)]).await;
        let back = goes_to(&reply).to_owned();
        assert_eq!(back, address);
        assert!(open(&mut browser, &back).await.says("Is called Client, not Customer"));
    }
}
