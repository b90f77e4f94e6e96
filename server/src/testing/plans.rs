//! How SQLite goes about a statement where very many people are there, without anybody being there.

use super::Engine;
use crate::db::Pools;
use sqlx::AssertSqlSafe;

/// What `analyze` counts in a house with a million people: rows, and how many of them one value finds. As it looks at a part of
/// them alone, it takes the number of those who never signed in, who are nearly all, for a small one.
const MANY: &str = "insert into sqlite_stat1 (tbl, idx, stat) values
    ('people', 'people_id', '1000000 1'),
    ('people', 'people_by_status', '1000000 1500 1'),
    ('people', 'people_by_status_and_last_login', '1000000 1500 1500 1'),
    ('people', 'people_by_login_count', '1000000 90 1'),
    ('people', 'people_by_roles', '1000000 120000 1'),
    ('person_roles', 'person_roles_by_role', '1000000 1500 1'),
    ('person_roles', 'sqlite_autoindex_person_roles_1', '1000000 1 1'),
    ('roles', 'sqlite_autoindex_roles_1', '8 1'),
    ('role_permissions', 'sqlite_autoindex_role_permissions_1', '80 10 1')";

/// The steps of a statement, as `explain query plan` tells them.
pub async fn steps_among_many(statement: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let db = Engine::Sqlite.open(folder.path()).await;
    let Pools::Sqlite(pools) = db.pools() else { unreachable!() };
    for preparation in ["analyze", "delete from sqlite_stat1", MANY, "analyze sqlite_schema"] {
        sqlx::query(AssertSqlSafe(preparation)).execute(pools.writer()).await.unwrap();
    }
    let explained = AssertSqlSafe(format!("explain query plan {statement}"));
    let steps: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(explained).fetch_all(pools.writer()).await.unwrap();
    steps.into_iter().map(|(.., step)| step).collect()
}
