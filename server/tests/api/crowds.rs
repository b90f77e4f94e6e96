//! The list of people when there are many: every plan for a search finds everyone, page by page, in order.

use crate::support::{USERS, query, routes, walk};
use serde_json::Value;
use server::{
    db::Pools,
    testing::{Agent, TestApp},
};

/// More than a walk looks at in one go, and enough to be loaded in bulk.
const CROWD: u64 = 25_000;

async fn crowd(app: &TestApp) -> Agent {
    app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
    app.add_crowd(CROWD).await;
    // Somebody whom only a walk to the far end of the list meets.
    app.change("update people set search_text = 'zzzxq qx', name_key = 'zzzzz' where username = 'alice'")
        .await;
    // A text that stands at the beginning of very many names, and elsewhere in a few.
    app.change("update people set search_text = 'xiomara ' || search_text, name_key = 'xiomara ' || name_key where number % 5 = 0")
        .await;
    app.change("update people set search_text = search_text || ' xiomara' where number % 1000 = 1").await;
    app.client_of("alice").await
}

/// Everything that belongs to the table of people: indexes, and triggers that keep the search in step.
async fn belongings(app: &TestApp) -> Vec<String> {
    let sql = match app.backend.ground.db.pools() {
        Pools::Sqlite(_) => {
            "select type || ' ' || name || ' ' || coalesce(sql, '') from sqlite_master where tbl_name = 'people' order by 1"
        }
        Pools::Postgres(_) => "select indexdef from pg_indexes where tablename = 'people' order by 1",
    };
    app.texts(sql).await
}

/// Everyone whose text holds this, by a plain look at every row.
async fn everyone_with(app: &TestApp, text: &str) -> Vec<String> {
    app.texts(&format!("select username from people where search_text like '%{text}%' order by username"))
        .await
}

fn sorted_usernames(rows: &[Value]) -> Vec<String> {
    let mut names: Vec<String> =
        rows.iter().map(|row| row["username"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

server::both_engines! { routes;
    async fn u5_every_plan_finds_everyone(app) {
        let mut client = crowd(app).await;
        // Rare, common, and one or two letters, which no index holds; then everyone.
        let (by_name, backwards, newest) = ("full_name", "-full_name", "-created_at");
        for (search, sorts) in [
            ("bjorn", &[by_name, newest][..]), ("ann", &[by_name, backwards]), ("eri", &[by_name, newest]), ("qx", &[by_name, backwards, newest]),
            ("zzzxq", &[by_name]), ("nobody-at-all", &[by_name]), ("z", &[newest]), ("example", &[backwards]),
            ("xiomara", &[by_name, backwards, newest]),
        ] {
            let expected = everyone_with(app, search).await;
            for sort in sorts {
                let rows = walk(&mut client, &[("search", search), ("sort", sort), ("limit", "200")]).await;
                assert_eq!(rows.len(), expected.len(), "{search:?} by {sort}");
                assert_eq!(sorted_usernames(&rows), expected, "{search:?} by {sort}");
            }
        }
        counts_are_exact_or_say_that_they_are_not(app, &mut client).await;
    }

    async fn loading_in_bulk_leaves_every_index_in_place(app) {
        let before = belongings(app).await;
        assert!(before.len() > 6, "{before:?}");
        app.add_crowd(CROWD).await;
        assert_eq!(belongings(app).await, before);
    }
}

async fn counts_are_exact_or_say_that_they_are_not(app: &TestApp, client: &mut Agent) {
    for search in ["", "bjorn", "ann", "example", "qx", "z", "xiomara"] {
        let all = i64::try_from(everyone_with(app, search).await.len()).unwrap();
        let body = client.get(&query(USERS, &[("search", search), ("limit", "1")])).await.json();
        let (total, exact) = (body["total"].as_i64().unwrap(), body["total_exact"].as_bool().unwrap());
        assert!(
            if exact { total == all } else { total <= all },
            "{search:?}: {total} (exact: {exact}) of {all}"
        );
        assert!(total <= 10_000, "{search:?}: {total}");
    }
}
