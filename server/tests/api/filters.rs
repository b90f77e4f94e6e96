//! The filters of the list of people: each by itself, together, and as the API tells of a person what it is filtered by.

use crate::support::{USERS, query, routes, usernames, walk};
use serde_json::json;
use server::testing::{Agent, TestApp};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// Six people who differ in what one filters by, made two days apart; the clock is stopped at 21 September 2026.
async fn crowd(app: &TestApp) -> Agent {
    for (username, roles) in [
        ("admin", &["USER_ADMIN"][..]),
        ("staff", &["STAFF"]),
        ("both", &["PIN", "STAFF"]),
        ("gone", &["STAFF"]),
        ("shut", &["PIN"]),
        ("new", &["PIN"]),
    ] {
        app.add(username, "Somebody", roles).await;
        app.clock.advance(DAY * 2);
    }
    for username in ["staff", "both"] {
        app.client_of(username).await;
    }
    app.change("update people set status = 'suspended' where username = 'gone'").await;
    app.change("update people set locked_until = 9000000000000000 where username in ('shut', 'gone')").await;
    app.change("update people set locked_until = 1 where username = 'staff'").await;
    app.change(
        "insert into app_factors (person_id, secret, last_step, enrolled_at) select id, '', 0, 0 from people where username = 'both'",
    )
    .await;
    app.change(
        "insert into code_factors (person_id, method, enrolled_at) select id, 'email', 0 from people where username in ('both', 'staff')",
    )
    .await;
    app.clock.advance(DAY * 40);
    app.client_of("admin").await
}

/// Who is found, by username; the order and the number of rows in a page make no difference.
async fn found(client: &mut Agent, filters: &[(&str, &str)]) -> String {
    let mut names: Vec<String> = Vec::new();
    for sort in ["created_at", "-full_name", "last_login_at", "-login_count", "status", "username", "-email"]
    {
        let mut parameters = filters.to_vec();
        parameters.extend([("sort", sort), ("limit", "2")]);
        let rows = walk(client, &parameters).await;
        let mut seen: Vec<String> =
            rows.iter().map(|row| row["username"].as_str().unwrap().to_owned()).collect();
        seen.sort();
        assert!(names.is_empty() || names == seen, "{filters:?} by {sort}: {seen:?} and {names:?}");
        names = seen;
    }
    let body = client.get(&query(USERS, filters)).await.json();
    assert_eq!(
        (&body["total"], &body["total_exact"]),
        (&json!(names.len()), &json!(true)),
        "the count of {filters:?}"
    );
    names.join(" ")
}

server::both_engines! { routes;
    async fn u5_the_roles_that_stand_with_an_account_are_those_it_has(app) {
        let mut client = crowd(app).await;
        let out_of_step = "select count(*) from people p where p.role_codes <> coalesce(
            (select string_agg(h.role_code, ',' order by h.position) from person_roles h where h.person_id = p.id), '')";
        let of_both = "select role_codes from people where username = 'both'";
        assert_eq!((app.count(out_of_step).await, app.texts(of_both).await), (0, vec!["PIN,STAFF".to_owned()]));
        let both = client.get(&query(USERS, &[("search", "both")])).await.json()["items"][0].clone();
        let change = json!({ "roles": ["STAFF", "CUSTOMER", "PIN"], "version": both["version"] });
        let page = format!("{USERS}/{}", both["id"].as_str().unwrap());
        assert_eq!(client.send_json("PUT", &page, &change).await.status, 200);
        assert_eq!((app.count(out_of_step).await, app.texts(of_both).await), (0, vec!["STAFF,CUSTOMER,PIN".to_owned()]));
        let sorted = client.get(&query(USERS, &[("sort", "role")])).await;
        assert_eq!(usernames(&sorted), ["shut", "new", "staff", "gone", "both", "admin"]);
        // Several at once, in one statement each.
        app.change("update person_roles set role_code = 'CSR_REP' where role_code = 'PIN'").await;
        app.change("delete from person_roles where role_code = 'STAFF'").await;
        app.change("insert into person_roles (person_id, role_code, position) select id, 'PIN', 9 from people where username <> 'admin'").await;
        assert_eq!(app.count(out_of_step).await, 0);
        assert_eq!(app.texts("select role_codes from people order by role_codes").await,
            ["CSR_REP,PIN", "CSR_REP,PIN", "CUSTOMER,CSR_REP,PIN", "PIN", "PIN", "USER_ADMIN"]);
        app.add_crowd(40).await;
        assert_eq!(app.count(out_of_step).await, 0);
    }

    async fn u5_each_filter_finds_those_it_speaks_of(app) {
        let mut client = crowd(app).await;
        for (name, value, expected) in [
            ("role", "STAFF", "both gone staff"),
            ("role", "staff", "both gone staff"),
            ("role", "PIN", "both new shut"),
            ("role", "CSR_REP", ""),
            ("role", "", "admin both gone new shut staff"),
            ("status", "active", "admin both new staff"),
            ("status", "suspended", "gone"),
            ("status", "locked", "shut"),
            ("status", "invited", ""),
            ("mfa", "any", "both staff"),
            ("mfa", "none", "admin gone new shut"),
            ("mfa", "totp", "both"),
            ("mfa", "email", "both staff"),
            ("mfa", "passkey", ""),
            ("last_login", "never", "gone new shut"),
            ("last_login", "within_30_days", "admin"),
            ("last_login", "not_for_30_days", "both gone new shut staff"),
            ("last_login", "within_60_days", "admin both staff"),
            ("created_from", "2026-09-27", "gone new shut"),
            ("created_to", "2026-09-26", "admin both staff"),
        ] {
            assert_eq!(found(&mut client, &[(name, value)]).await, expected, "{name}={value}");
        }
    }

    async fn u5_filters_go_together_with_each_other_and_with_a_search(app) {
        let mut client = crowd(app).await;
        for (filters, expected) in [
            (&[("role", "STAFF"), ("status", "active")][..], "both staff"),
            (&[("role", "STAFF"), ("mfa", "totp")], "both"),
            (&[("role", "PIN"), ("last_login", "never")], "new shut"),
            (&[("role", "PIN"), ("last_login", "never"), ("status", "locked")], "shut"),
            (&[("created_from", "2026-09-23"), ("created_to", "2026-09-25"), ("mfa", "any")], "both staff"),
            (&[("search", "sta"), ("role", "STAFF")], "staff"),
            (&[("search", "o"), ("status", "suspended")], "gone"),
            (&[("search", "example.com"), ("status", "active"), ("mfa", "none")], "admin new"),
            (&[("search", "nobody"), ("status", "active")], ""),
        ] {
            assert_eq!(found(&mut client, filters).await, expected, "{filters:?}");
        }
    }

    async fn u5_a_lock_that_is_over_is_no_lock(app) {
        crowd(app).await;
        app.clock.advance(Duration::from_secs(8_000_000_000));
        let mut client = app.client_of("admin").await;
        assert_eq!(found(&mut client, &[("status", "locked")]).await, "");
        assert_eq!(found(&mut client, &[("status", "active")]).await, "admin both new shut staff");
    }

    async fn u2_the_factors_of_a_person_are_told_and_follow_every_change(app) {
        let mut client = crowd(app).await;
        let mfa = async |client: &mut Agent, username: &str| {
            let body = client.get(&query(USERS, &[("search", username)])).await.json();
            let row = body["items"][0].clone();
            let one = client.get(&format!("{USERS}/{}", row["id"].as_str().unwrap())).await.json();
            assert_eq!(one["mfa"], row["mfa"], "the list and the person differ");
            row["mfa"].clone()
        };
        assert_eq!(mfa(&mut client, "both").await, json!(["totp", "email"]));
        assert_eq!(mfa(&mut client, "admin").await, json!([]));
        app.change("delete from app_factors").await;
        assert_eq!(mfa(&mut client, "both").await, json!(["email"]));
        app.change(
            "insert into passkeys (id, person_id, credential_id, name, credential, counter, created_at)
             select id, id, 'one', 'Key', '', 0, 0 from people where username = 'both'",
        )
        .await;
        assert_eq!(mfa(&mut client, "both").await, json!(["passkey", "email"]));
        app.change("delete from passkeys").await;
        app.change("delete from code_factors").await;
        assert_eq!(mfa(&mut client, "both").await, json!([]));
    }

    async fn u5b_without_parameters_nothing_is_filtered_out(app) {
        let mut client = crowd(app).await;
        assert_eq!(usernames(&client.get(USERS).await), ["admin", "staff", "both", "gone", "shut", "new"]);
    }

    async fn u5_a_large_company_is_filtered_as_it_is_counted(app) {
        app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        app.add_crowd(7_000).await;
        let mut client = app.client_of("alice").await;
        let count = async |condition: &str| app.count(&format!("select count(*) from people where {condition}")).await;
        let staff = "exists (select 1 from person_roles r where r.person_id = people.id and r.role_code = 'STAFF')";
        // More than are sorted at once: a page of the active ones is met while walking along the order.
        let questions = [
            (&[("status", "active")][..], count("status = 'active'").await),
            (&[("created_from", "2020-01-01")], count("username <> ''").await),
            (&[("status", "active"), ("role", "STAFF")], count(&format!("status = 'active' and {staff}")).await),
            (&[("status", "invited"), ("role", "STAFF")], count(&format!("status = 'invited' and {staff}")).await),
        ];
        for (filters, total) in questions {
            let body = client.get(&query(USERS, filters)).await.json();
            assert_eq!(body["total"], total, "{filters:?}");
            let rows = walk(&mut client, &[filters, &[("sort", "-username"), ("limit", "200")]].concat()).await;
            assert_eq!(rows.len() as i64, total, "{filters:?}");
        }
    }
}
