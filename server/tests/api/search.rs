//! Searching people: any part of a name, username or address, in any case, with or without accents, taken literally.

use crate::support::{USERS, query, routes, usernames, wrong_field};
use server::testing::{Agent, TestApp};

const PEOPLE: [(&str, &str); 8] = [
    ("admin", "Root Keeper"),
    ("zoe", "Zoë Quinn"),
    ("per", "Per Ångström"),
    ("pat.obrien", "Pat O'Brien"),
    ("percy", "Percy 50% Off"),
    ("under_score", "Una Derscore"),
    ("jim", "Jim \"Quo\\te\" Ray"),
    ("strasse", "Hans Straße"),
];

async fn crowd(app: &TestApp) -> Agent {
    for (username, full_name) in PEOPLE {
        app.add(username, full_name, &["USER_ADMIN"]).await;
    }
    app.client_of("admin").await
}

async fn found(client: &mut Agent, search: &str) -> Vec<String> {
    let reply = client.get(&query(USERS, &[("search", search)])).await;
    let mut names = usernames(&reply);
    names.sort();
    assert_eq!(reply.json()["total"], names.len(), "the count of {search:?}");
    names
}

server::both_engines! { routes;
    async fn u5_a_part_of_a_word_finds_it_in_any_case_and_accent(app) {
        let mut client = crowd(app).await;
        for search in ["zoë", "ZOE", "oe qu", "  zoe   quinn ", "QUINN", "zoe@example", "Zoe Quinn zoe"] {
            assert_eq!(found(&mut client, search).await, ["zoe"], "{search:?}");
        }
        for search in ["ångström", "angstrom", "NGSTR", "ÅNGSTRÖM"] {
            assert_eq!(found(&mut client, search).await, ["per"], "{search:?}");
        }
        assert_eq!(found(&mut client, "STRASSE").await, ["strasse"]);
        assert_eq!(found(&mut client, "straße").await, ["strasse"]);
    }

    async fn u5_one_or_two_letters_are_enough(app) {
        let mut client = crowd(app).await;
        assert_eq!(found(&mut client, "q").await, ["jim", "zoe"]);
        assert_eq!(found(&mut client, "UI").await, ["zoe"]);
        assert_eq!(found(&mut client, "xy").await, [""; 0]);
    }

    async fn u5_signs_stand_for_themselves(app) {
        let mut client = crowd(app).await;
        for (search, expected) in [
            ("%", "percy"), ("50%", "percy"), ("0% O", "percy"), ("_", "under_score"), ("r_s", "under_score"), ("o'b", "pat.obrien"),
            ("'", "pat.obrien"), ("\"", "jim"), ("\"quo", "jim"), ("\\", "jim"), ("o\\te", "jim"), ("quo\\te\"", "jim"),
        ] {
            assert_eq!(found(&mut client, search).await, [expected], "{search:?}");
        }
        for search in ["%%", "zo_", "z%e", "* or", "zoe OR per", "NEAR(zoe per)", "-zoe", "^zoe", "search_text:zoe", "'; drop table people"] {
            assert_eq!(found(&mut client, search).await, [""; 0], "{search:?}");
        }
    }

    async fn u5_an_empty_search_shows_all(app) {
        let mut client = crowd(app).await;
        for search in ["", " ", "\t \n", "\u{0}"] {
            assert_eq!(found(&mut client, search).await.len(), PEOPLE.len(), "{search:?}");
        }
    }

    async fn u5_a_search_has_a_longest_text(app) {
        let mut client = crowd(app).await;
        assert_eq!(found(&mut client, &"a".repeat(100)).await, [""; 0]);
        wrong_field(&client.get(&query(USERS, &[("search", &"a".repeat(101))])).await, "search");
        wrong_field(&client.get(&query(USERS, &[("search", &"é".repeat(101))])).await, "search");
    }

    async fn u5_a_search_is_leafed_through_in_its_order(app) {
        let mut client = crowd(app).await;
        for search in ["@example.com", "e"] {
            let all = found(&mut client, search).await;
            for sort in ["username", "-username"] {
                let rows = crate::support::walk(&mut client, &[("search", search), ("sort", sort), ("limit", "2")]).await;
                let mut names: Vec<&str> = rows.iter().map(|row| row["username"].as_str().unwrap()).collect();
                if sort.starts_with('-') {
                    names.reverse();
                }
                assert_eq!(names, all, "{search:?} by {sort}");
            }
        }
    }
}
