//! Who may see which page, send which form and have which file: a table of every page, every server function, every other route
//! of the shell and every role.

use countersign::serve::routes;
use domain::{Permission, role::BUILT_IN};
use server::testing::{Agent, PASSWORD, TestApp};
use std::{collections::BTreeSet, fs};

/// What each role is answered. A page, a server function or a file that is new fails the tests until it stands here. `in` is
/// the way to the sign-in page, `on` the way to the next page.
const TABLE: &str = "
    route             anonymous USER_ADMIN PIN CSR_REP PLATFORM_MGMT CUSTOMER STAFF ADMIN SUPER_ADMIN
    GET  /            in        200        200 200     200           200      200   200   200
    GET  /login       200       on         on  on      on            on       on    on    on
    GET  /sign-in/:provider          404 404 404 404 404 404 404 404 404
    GET  /sign-in/:provider/callback 404 404 404 404 404 404 404 404 404
    GET  /sign-in/:provider/finish   404 404 404 404 404 404 404 404 404
    GET  /verify      in        in         in  in      in            in       in    in    in
    GET  /verify/set-up in      in         in  in      in            in       in    in    in
    GET  /confirm     in        on         on  on      on            on       on    on    on
    GET  /account/second-factor in 200     200 200     200           200      200   200   200
    GET  /account/second-factor/app in on  on  on      on            on       on    on    on
    GET  /account/second-factor/code in on on  on      on            on       on    on    on
    GET  /account/second-factor/codes in on on on      on            on       on    on    on
    GET  /setup       404       404        404 404     404           404      404   404   404
    GET  /register    200       on         on  on      on            on       on    on    on
    GET  /verify-email 410      410        410 410     410           410      410   410   410
    GET  /accept-invitation 410 410        410 410     410           410      410   410   410
    GET  /forgot-password 200   200        200 200     200           200      200   200   200
    GET  /reset-password 410    410        410 410     410           410      410   410   410
    GET  /people      in        200        403 403     403           403      403   200   200
    GET  /people/import in      200        403 403     403           403      403   200   200
    GET  /people/import/:id in  404        403 403     403           403      403   404   404
    GET  /people/selected in    200        403 403     403           403      403   200   200
    GET  /people/new  in        200        403 403     403           403      403   200   200
    GET  /people/:id  in        200        404 404     404           404      404   200   200
    GET  /people/:id/edit in    200        403 403     403           403      403   200   200
    GET  /people/:id/signing-in in 200     403 403     403           403      403   200   200
    GET  /people/:id/history in 200        404 404     404           404      404   200   200
    GET  /people/:id/notes in   200        403 403     403           403      403   200   200
    GET  /people/:id/erase in   200        403 403     403           403      403   200   200
    GET  /roles       in        403        403 403     403           403      403   403   200
    GET  /roles/new   in        403        403 403     403           403      403   403   200
    GET  /roles/:code in        403        403 403     403           403      403   403   200
    GET  /roles/:code/review in 403        403 403     403           403      403   403   200
    GET  /roles/:code/delete in 403        403 403     403           403      403   403   200
    GET  /audit       in        200        403 403     403           403      403   200   200
    GET  /account     in        200        200 200     200           200      200   200   200
    GET  /account/email in      200        200 200     200           200      200   200   200
    GET  /account/preferences in 200       200 200     200           200      200   200   200
    GET  /confirm-email 410     410        410 410     410           410      410   410   410
    GET  /approve-email 410     410        410 410     410           410      410   410   410
    GET  /account/password in   200        200 200     200           200      200   200   200
    GET  /account/sessions in   200        200 200     200           200      200   200   200
    GET  /account/api-keys in   200        200 200     200           200      200   200   200
    GET  /account/data in       200        200 200     200           200      200   200   200
    GET  /account/events in     200        200 200     200           200      200   200   200
    GET  /api/docs    200       200        200 200     200           200      200   200   200
    GET  /ui          200       200        200 200     200           200      200   200   200
    GET  /mailbox     in        200        403 403     403           403      403   200   200
    GET  /audit/export/{file} in 200       403 403     403           403      403   200   200
    GET  /people/export/{file} in 200      403 403     403           403      403   200   200
    GET  /people/import/{id}/errors.csv in 404 403 403 403           403      403   404   404
    GET  /people/{id}/data.json in 200     403 403     403           403      403   200   200
    GET  /account/data.json in  200        200 200     200           200      200   200   200
    GET  /mailbox/letters/{id} 401 404     403 403     403           403      403   404   404
    POST /do/sign-in  on        on         on  on      on            on       on    on    on
    POST /do/passkey-prompt 302 302        302 302     302           302      302   302   302
    POST /do/sign-in-with-passkey in in    in  in      in            in       in    in    in
    POST /do/verify   in        in         in  in      in            in       in    in    in
    POST /do/send-code in       in         in  in      in            in       in    in    in
    POST /do/begin-first-factor in in      in  in      in            in       in    in    in
    POST /do/finish-first-factor in in     in  in      in            in       in    in    in
    POST /do/finish-first-passkey in in    in  in      in            in       in    in    in
    POST /do/begin-first-codes in in       in  in      in            in       in    in    in
    POST /do/finish-first-codes in in      in  in      in            in       in    in    in
    POST /do/give-up  in        in         in  in      in            in       in    in    in
    POST /do/confirm  in        on         on  on      on            on       on    on    on
    POST /do/send-confirmation in on       on  on      on            on       on    on    on
    POST /do/add-passkey in     on         on  on      on            on       on    on    on
    POST /do/rename-passkey in  on         on  on      on            on       on    on    on
    POST /do/remove-passkey in  on         on  on      on            on       on    on    on
    POST /do/begin-app in       on         on  on      on            on       on    on    on
    POST /do/confirm-app in     on         on  on      on            on       on    on    on
    POST /do/begin-codes in     on         on  on      on            on       on    on    on
    POST /do/confirm-codes in   on         on  on      on            on       on    on    on
    POST /do/remove-factor in   on         on  on      on            on       on    on    on
    POST /do/new-recovery-codes in on      on  on      on            on       on    on    on
    POST /do/forget-device in   on         on  on      on            on       on    on    on
    POST /do/verify-trail in    on         on  on      on            on       on    on    on
    POST /do/sign-out in        in         in  in      in            in       in    in    in
    POST /do/act-as   on        on         on  on      on            on       on    on    on
    POST /do/choose-people in   on         on  on      on            on       on    on    on
    POST /do/change-people in   on         on  on      on            on       on    on    on
    POST /do/choose-columns in  on         on  on      on            on       on    on    on
    POST /do/update-profile in  on         on  on      on            on       on    on    on
    POST /do/change-email in    on         on  on      on            on       on    on    on
    POST /do/withdraw-email-change in on   on  on      on            on       on    on    on
    POST /do/confirm-email on   on         on  on      on            on       on    on    on
    POST /do/approve-email on   on         on  on      on            on       on    on    on
    POST /do/save-preferences in on        on  on      on            on       on    on    on
    POST /do/save-theme in      on         on  on      on            on       on    on    on
    POST /do/change-password in on         on  on      on            on       on    on    on
    POST /do/end-session in     on         on  on      on            on       on    on    on
    POST /do/end-other-sessions in on      on  on      on            on       on    on    on
    POST /do/sign-out-everywhere in in     in  in      in            in       in    in    in
    POST /do/make-api-key in    on         on  on      on            on       on    on    on
    POST /do/revoke-api-key in  on         on  on      on            on       on    on    on
    POST /do/upload-people in   on         on  on      on            on       on    on    on
    POST /do/start-import in    on         on  on      on            on       on    on    on
    POST /do/cancel-import in   on         on  on      on            on       on    on    on
    POST /do/create-person in   on         on  on      on            on       on    on    on
    POST /do/update-person in   on         on  on      on            on       on    on    on
    POST /do/suspend-person in  on         on  on      on            on       on    on    on
    POST /do/restore-person in  on         on  on      on            on       on    on    on
    POST /do/unlock-person in   on         on  on      on            on       on    on    on
    POST /do/invite-again in    on         on  on      on            on       on    on    on
    POST /do/revoke-invitation in on       on  on      on            on       on    on    on
    POST /do/end-session-of in  on         on  on      on            on       on    on    on
    POST /do/end-sessions-of in on         on  on      on            on       on    on    on
    POST /do/revoke-api-key-of in on       on  on      on            on       on    on    on
    POST /do/reset-second-factors in on    on  on      on            on       on    on    on
    POST /do/require-second-factor in on   on  on      on            on       on    on    on
    POST /do/erase-person in    on         on  on      on            on       on    on    on
    POST /do/add-note in        on         on  on      on            on       on    on    on
    POST /do/make-role in       on         on  on      on            on       on    on    on
    POST /do/save-role in       on         on  on      on            on       on    on    on
    POST /do/delete-role in     on         on  on      on            on       on    on    on
    POST /do/part-provider in   on         on  on      on            on       on    on    on
    POST /do/set-up   on        on         on  on      on            on       on    on    on
    POST /do/register on        on         on  on      on            on       on    on    on
    POST /do/verify-email on    on         on  on      on            on       on    on    on
    POST /do/accept-invitation on on       on  on      on            on       on    on    on
    POST /do/forgot-password on on         on  on      on            on       on    on    on
    POST /do/reset-password on  on         on  on      on            on       on    on    on
";

/// Server functions that not everybody who has signed in may send, and the permission that each needs.
const FORMS_THAT_NEED: &[(&str, Permission)] = &[
    ("/do/suspend-person", Permission::UsersManage),
    ("/do/restore-person", Permission::UsersManage),
    ("/do/unlock-person", Permission::UsersManage),
    ("/do/invite-again", Permission::UsersManage),
    ("/do/revoke-invitation", Permission::UsersManage),
    ("/do/end-session-of", Permission::UsersManage),
    ("/do/end-sessions-of", Permission::UsersManage),
    ("/do/revoke-api-key-of", Permission::UsersManage),
    ("/do/reset-second-factors", Permission::UsersManage),
    ("/do/require-second-factor", Permission::UsersManage),
    ("/do/erase-person", Permission::UsersManage),
    ("/do/add-note", Permission::UsersManage),
    ("/do/update-person", Permission::UsersManage),
    ("/do/create-person", Permission::UsersManage),
    ("/do/choose-people", Permission::UsersManage),
    ("/do/change-people", Permission::UsersManage),
    ("/do/choose-columns", Permission::UsersView),
    ("/do/start-import", Permission::UsersManage),
    ("/do/cancel-import", Permission::UsersManage),
    ("/do/upload-people", Permission::UsersManage),
    ("/do/verify-trail", Permission::AuditView),
    ("/do/make-role", Permission::RolesManage),
    ("/do/save-role", Permission::RolesManage),
    ("/do/delete-role", Permission::RolesManage),
];

struct Row<'a> {
    method: &'a str,
    path: &'a str,
    expected: Vec<&'a str>,
}

fn rows() -> Vec<Row<'static>> {
    let lines = TABLE.lines().skip(2).filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            Row { method: words[0], path: words[1], expected: words[2..].to_vec() }
        })
        .collect()
}

fn roles() -> Vec<&'static str> {
    TABLE.lines().nth(1).unwrap().split_whitespace().skip(1).collect()
}

async fn ask(browser: &mut Agent, row: &Row<'_>, other: &str) -> String {
    let path = row.path.replace(":id", other).replace("{id}", other).replace(":code", "STAFF");
    let path = path.replace("/audit/export/{file}", "/audit/export/audit.csv");
    let path = path.replace("/people/export/{file}", "/people/export/users.csv");
    let reply = match row.method {
        "GET" => browser.get(&path).await,
        _ => {
            browser
                .post_form(&path, &[("identifier", "other"), ("password", PASSWORD), ("role", "PIN")])
                .await
        }
    };
    match (reply.status, reply.header("location")) {
        (303, to) if to.starts_with("/login") => "in".into(),
        (303, _) => "on".into(),
        (status, _) => status.to_string(),
    }
}

async fn browser_of(app: &TestApp, role: &str) -> Agent {
    if role == "anonymous" { app.anyone() } else { app.browser_of(&role.to_lowercase()).await }
}

server::both_engines! { routes, |config: &mut server::config::Config| config.limits.export_per_hour = 1_000;
    async fn r4_every_role_sees_the_pages_that_the_table_says(app) {
        let other = app.add("other", "Somebody Else", &["PIN"]).await.to_string();
        for (column, role) in roles().into_iter().enumerate() {
            if role != "anonymous" {
                app.add(&role.to_lowercase(), "Test Person", &[role]).await;
            }
            for row in rows() {
                let answer = ask(&mut browser_of(app, role).await, &row, &other).await;
                assert_eq!(answer, row.expected[column], "{} {} as {role}", row.method, row.path);
            }
        }
    }

    async fn r4_forms_that_need_a_permission_are_refused_to_roles_without_it(app) {
        let forms: Vec<&str> = rows().iter().filter(|row| row.method == "POST").map(|row| row.path).collect();
        let mut wrong = Vec::new();
        for role in BUILT_IN {
            let username = role.code.to_lowercase();
            app.add(&username, "Test Person", &[role.code]).await;
            for form in &forms {
                let needs = FORMS_THAT_NEED.iter().find(|(path, _)| path == form).map(|(_, permission)| *permission);
                let expected = needs.is_some_and(|permission| !role.permissions().contains(permission));
                let mut browser = app.browser_of(&username).await;
                let reply = browser.post_form(form, &[("code", "CREW"), ("name", "Crew")]).await;
                let next = if reply.status == 303 { browser.get(reply.header("location")).await.body } else { reply.body };
                if next.contains("Access denied") != expected {
                    wrong.push(format!("{form} as {}, which should {}be refused", role.code, if expected { "" } else { "not " }));
                }
            }
        }
        assert!(wrong.is_empty(), "look at FORMS_THAT_NEED:\n{}", wrong.join("\n"));
    }

    async fn r4_what_one_may_not_do_is_not_shown(app) {
        for role in BUILT_IN {
            app.add(&role.code.to_lowercase(), "Test Person", &[role.code]).await;
            let mut browser = app.browser_of(&role.code.to_lowercase()).await;
            let home = browser.get("/").await.body;
            for (place, permission) in [
                ("/people", Permission::UsersView), ("/mailbox", Permission::UsersView), ("/roles", Permission::RolesManage),
            ] {
                let may = role.permissions().contains(permission);
                assert_eq!(home.contains(&format!("href=\"{place}\"")), may, "the way to {place}, as {}", role.code);
            }
        }
    }
}

#[test]
fn the_table_has_a_column_for_every_built_in_role() {
    let expected: Vec<&str> =
        ["anonymous"].into_iter().chain(BUILT_IN.iter().map(|role| role.code)).collect();
    assert_eq!(roles(), expected);
    assert!(rows().iter().all(|row| row.expected.len() == expected.len()));
}

/// The texts between two marks, wherever they stand.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

/// What stands between a bracket that was just opened and the one that closes it.
fn until_closed(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    &text[..end.unwrap()]
}

/// The addresses in the shell that are neither pages nor server functions, such as files: those that are asked for in this way.
fn plain_routes(method: &str) -> BTreeSet<String> {
    let shell = fs::read_to_string("app/src/shell.rs").unwrap();
    let routes: Vec<&str> = shell.split(".route(").skip(1).map(until_closed).collect();
    for route in &routes {
        assert!(route.contains("get(") != route.contains("post("), "this test cannot read {route}");
    }
    let asked = routes.into_iter().filter(|route| route.contains(&format!("{method}(")));
    asked.map(|route| between(route, "\"", "\"")[0].to_owned()).collect()
}

#[test]
fn every_page_and_every_file_stands_in_the_table_and_the_other_way_round() {
    let shell = fs::read_to_string("app/src/shell.rs").unwrap();
    let routes: Vec<&str> = between(&shell, "<Route ", "/>");
    let of_route = |route: &str| {
        let word = between(route, "StaticSegment(\"", "\")").into_iter().map(|word| format!("/{word}"));
        let path = between(route, "path!(\"", "\")").into_iter().map(str::to_owned);
        word.chain(path).next().unwrap_or_else(|| panic!("a route whose path this test cannot read: {route}"))
    };
    let mut pages: BTreeSet<String> = routes.into_iter().map(of_route).collect();
    pages.extend(plain_routes("get"));
    let in_table: BTreeSet<String> =
        rows().iter().filter(|row| row.method == "GET").map(|row| row.path.to_owned()).collect();
    assert_eq!(in_table, pages);
}

#[test]
fn every_server_function_stands_in_the_table_and_the_other_way_round() {
    let mut functions = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from("app/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for attribute in between(&fs::read_to_string(&path).unwrap(), "#[server", "]") {
                let part = |name: &str| {
                    between(attribute, &format!("{name} = \""), "\"").first().copied().map(str::to_owned)
                };
                let Some((prefix, endpoint)) = part("prefix").zip(part("endpoint")) else {
                    // Attributes of arguments, such as #[server(default)], name no address.
                    assert_eq!(
                        attribute,
                        "(default)",
                        "a server function without an address of its own in {}",
                        path.display()
                    );
                    continue;
                };
                functions.insert(format!("{prefix}/{endpoint}"));
            }
        }
    }
    // What takes a file is no server function.
    functions.extend(plain_routes("post"));
    let in_table: BTreeSet<String> =
        rows().iter().filter(|row| row.method == "POST").map(|row| row.path.to_owned()).collect();
    assert_eq!(in_table, functions);
}
