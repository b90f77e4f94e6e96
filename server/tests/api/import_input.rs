//! What a file can have wrong with it: each of it is told by row and column, refused early where it is too much, and never
//! shows a password.

use crate::import_support::{IMPORT, admin, check};
use crate::support::{problem, query, routes, wrong_field};
use axum::body::Body;
use serde_json::json;
use server::testing::{Agent, TestApp};

const HEAD: &str = "username,full_name,email,roles,status,password,password_hash\n";

/// What is wrong with one row, as `column: words`, a line each.
async fn errors_of(client: &mut Agent, row: &[u8]) -> Vec<String> {
    let file = [HEAD.as_bytes(), row, b"\n"].concat();
    let reply = client.post_raw(IMPORT, "text/csv", file).await;
    assert_eq!(
        (reply.status, &reply.json()["wrong"]),
        (201, &json!(1)),
        "{:?}: {}",
        String::from_utf8_lossy(row),
        reply.body
    );
    let errors =
        client.get(&format!("{IMPORT}/{}/errors.csv", reply.json()["id"].as_str().unwrap())).await.body;
    let lines = errors.trim_end().split("\r\n").skip(1);
    lines
        .map(|line| line.strip_prefix("2,").unwrap_or_else(|| panic!("not of row 2: {line}")).to_owned())
        .collect()
}

async fn refused(app: &TestApp, client: &mut Agent, file: impl Into<Body>) -> String {
    let words = wrong_field(&client.post_raw(IMPORT, "text/csv", file).await, "file");
    assert_eq!(app.count("select count(*) from imports").await, 0, "something of it stayed");
    words
}

server::both_engines! { routes;
    async fn u6_every_wrong_cell_is_told_by_row_and_column(app) {
        let mut client = admin(app).await;
        for (row, expected) in [
            ("z,Zoë,zoe@example.com,PIN,,,", "username,z,Use at least 3 characters"),
            (",Zoë,zoe@example.com,PIN,,,", "username,,Enter a username"),
            ("zoe,,zoe@example.com,PIN,,,", "full_name,,Enter a full name"),
            ("zoe,Zo\u{202E}e,zoe@example.com,PIN,,,", "full_name,Zo\u{202E}e,Remove characters that cannot be seen"),
            ("zoe,Zoë,zoe@host,PIN,,,", "email,zoe@host,Please enter a valid email address"),
            ("zoe,Zoë,,PIN,,,", "email,,Please enter a valid email address"),
            ("zoe,Zoë,alice@example.com,PIN,,,", "email,alice@example.com,E-mail address already exists: it belongs to alice"),
            ("zoe,Zoë,zoe@example.com,,,,", "roles,,Choose at least one role"),
            ("zoe,Zoë,zoe@example.com,NOBODY,,,", "roles,NOBODY,There is no role NOBODY"),
            ("zoe,Zoë,zoe@example.com,PIN PIN,,,", "roles,PIN PIN,The role PIN stands there twice"),
            ("zoe,Zoë,zoe@example.com,PIN,gone,,", "status,gone,\"Choose active, suspended or invited\""),
            ("zoe,Zoë,zoe@example.com,PIN,locked,,", "status,locked,\"Somebody new can be active, suspended or invited\""),
            ("zoe,Zoë,zoe@example.com,PIN,invited,a quiet horse of mine,", "status,invited,\"Somebody who is invited chooses a password, so the file can give none\""),
            ("zoe,Zoë,zoe@example.com,PIN,,,plain text", "password_hash,,\"Give an Argon2 or bcrypt hash, which begins with $argon2 or $2b$\""),
            ("zoe,Zoë,zoe@example.com,PIN,,,$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "password_hash,,\"This hash cannot be read, or comparing with it would cost too much\""),
            ("zoe,Zoë,zoe@example.com", ",,\"This row has 3 cells, and the first row has 7\""),
            ("zoe,Zoë,zoe@example.com,PIN,,,,,,", ",,\"This row has 10 cells, and the first row has 7\""),
            ("zoe,\"Zoë\"x,zoe@example.com,PIN,,,", ",,Something stands behind a closing quote. Quotes within a cell are written twice."),
            ("zoe,\"Zoë,zoe@example.com,PIN,,,", ",,\"A quote is opened here and never closed, so everything behind it is one cell\""),
            ("zoe,Zo\u{0}ë,zoe@example.com,PIN,,,", "full_name,Zo ë,Remove the NUL character"),
        ] {
            assert_eq!(errors_of(&mut client, row.as_bytes()).await, [expected], "{row}");
        }
        assert_eq!(errors_of(&mut client, b"zoe,Zo\xEB,zoe@example.com,PIN,,,").await, ["full_name,Zo\u{FFFD},This is not UTF-8 text. Save the file as “CSV UTF-8”."]);
        let long = format!("zoe,{},zoe@example.com,PIN,,,", "x".repeat(100_000));
        assert_eq!(errors_of(&mut client, long.as_bytes()).await, [",,A cell is longer than anything that could be in it"]);
        let several = errors_of(&mut client, b"z,,zoe,NOBODY,gone,,").await;
        assert_eq!(several.len(), 4, "{several:?}");
    }

    async fn u6_a_password_is_never_shown(app) {
        let mut client = admin(app).await;
        for row in ["zoe,Zoë,zoe@example.com,PIN,,hunter2,", "zoe,Zoë,zoe@example.com,PIN,,password1,", "zoe,Zoë,zoe@example.com,PIN,,,$argon2id$hunter2"] {
            let errors = errors_of(&mut client, row.as_bytes()).await;
            assert!(errors.len() == 1 && errors[0].starts_with("password"), "{errors:?}");
            assert!(!errors[0].contains("hunter2") && !errors[0].contains("password1"), "{errors:?}");
        }
        assert_eq!(app.count("select count(*) from import_errors where value like '%hunter2%' or value like '%password1%'").await, 0);
    }

    async fn u6_two_rows_cannot_be_about_one_person_or_one_address(app) {
        let mut client = admin(app).await;
        let found = check(&mut client, "username,full_name,email,roles\nzoe,Zoë,zoe@example.com,PIN\n\nZOE,Zoë,zoe2@example.com,PIN\nben,Ben,Zoe@example.com,PIN\n").await;
        assert_eq!((&found["new"], &found["wrong"]), (&json!(1), &json!(2)));
        let errors = client.get(&format!("{IMPORT}/{}/errors.csv", found["id"].as_str().unwrap())).await.body;
        assert_eq!(errors, "row,column,value,error\r\n4,username,zoe,This username stands in row 2 already\r\n5,email,zoe@example.com,This e-mail address stands in row 2 already\r\n");
    }

    async fn u6_what_is_no_table_of_people_is_refused_whole(app) {
        let mut client = admin(app).await;
        for (file, words) in [
            (&b""[..], "There is nobody in this file"),
            (b"\n\n\n", "There is nobody in this file"),
            (b"username,full_name,email\n", "There is nobody in this file"),
            (b"{}", "Missing: username, full_name, email. It names: {}."),
            (b"usernam,full_name,email\nzoe,Zo,zoe@example.com\n", "Missing: username. It names: full_name, email, usernam."),
            (b"username,full_name,email,E-Mail\n", "The column email stands in the first row twice"),
            (b"\xFF\xFEu\0s\0e\0r\0n\0a\0m\0e\0", "This is no CSV file in UTF-8"),
            (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "This is no CSV file in UTF-8"),
            (b"user\xFFname,full_name,email\n", "The first row is not UTF-8 text"),
        ] {
            let told = refused(app, &mut client, file).await;
            assert!(told.contains(words), "{:?}: {told}", String::from_utf8_lossy(file));
        }
    }

    async fn u6_ten_thousand_bad_rows_do_no_harm(app) {
        let mut client = admin(app).await;
        let rows: String = (0..10_000).map(|row| format!("x,,{row},NOBODY\n")).collect();
        let found = check(&mut client, &format!("username,full_name,email,roles\n{rows}")).await;
        assert_eq!((&found["people"], &found["wrong"]), (&json!(10_000), &json!(10_000)));
        let errors = client.get(&format!("{IMPORT}/{}/errors.csv", found["id"].as_str().unwrap())).await.body;
        assert_eq!(errors.lines().count(), 1 + 3 * 10_000);
        assert_eq!(app.count("select count(*) from import_rows").await, 0);
    }

    async fn u6_what_is_chosen_is_one_of_what_there_is(app) {
        let mut client = admin(app).await;
        for name in ["existing", "without_password"] {
            wrong_field(&client.post_raw(&query(IMPORT, &[(name, "maybe")]), "text/csv", HEAD).await, name);
        }
        assert_eq!(problem(&client.post_raw(&query(IMPORT, &[("mode", "x")]), "text/csv", HEAD).await, 400).0, "malformed");
        for id in ["0198c0de-0000-7000-8000-000000000000", "nonsense"] {
            for path in ["", "/errors.csv"] {
                assert_eq!(problem(&client.get(&format!("{IMPORT}/{id}{path}")).await, 404).0, "not_found");
            }
            for path in ["/start", "/cancel"] {
                let reply = client.post_json(&format!("{IMPORT}/{id}{path}"), &json!({ "bad_rows": "skip" })).await;
                assert_eq!(problem(&reply, 404).0, "not_found");
            }
        }
    }
}

server::both_engines! { routes, |config: &mut server::config::Config| { config.imports.most_people = 100; config.imports.largest_mib = 1; };
    async fn u6_a_file_with_too_many_people_or_bytes_is_refused_early(app) {
        let mut client = admin(app).await;
        let rows: String = (0..101).map(|row| format!("import{row},A B,import{row}@example.com,PIN\n")).collect();
        let told = refused(app, &mut client, format!("username,full_name,email,roles\n{rows}")).await;
        assert!(told.starts_with("A file may have 100 people."), "{told}");
        // By what it says of itself, before a byte is read: a gigabyte.
        let announced = client.request("POST", IMPORT).header("content-length", (1_u64 << 30).to_string()).header("content-type", "text/csv");
        let reply = client.send(announced.body(Body::empty()).unwrap()).await;
        assert_eq!((problem(&reply, 413), reply.header("connection")), (("too_large".into(), "A file may have 1 MiB. Split this one and import the parts.".into()), "close"));
        // And as it comes in, when it says nothing: a quote that swallows everything behind it.
        let endless = futures::stream::iter((0..40).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 64 * 1024])));
        let opened = futures::stream::iter([Ok(b"username,full_name,email\n\"".to_vec())]);
        let request = client.request("POST", IMPORT).header("content-type", "text/csv");
        let reply = client.send(request.body(Body::from_stream(futures::StreamExt::chain(opened, endless))).unwrap()).await;
        assert_eq!(problem(&reply, 413).0, "too_large");
        assert_eq!(app.count("select count(*) from imports").await, 0);
    }
}
