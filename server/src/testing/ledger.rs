//! A look behind the curtain: what stands in the database, and a row changed under the program's feet.

use super::TestApp;
use crate::db::{Db, Lane};
use sqlx::AssertSqlSafe;

/// The number that this statement answers.
pub async fn count(db: &Db, sql: &str) -> i64 {
    let sql = AssertSqlSafe(sql.to_owned());
    match db.lane() {
        Lane::Sqlite(on) => sqlx::query_scalar(sql).fetch_one(on).await,
        Lane::Postgres(on) => sqlx::query_scalar(sql).fetch_one(on).await,
    }
    .unwrap()
}

/// The texts that this statement answers, a row each; nothing where a row holds none.
pub async fn texts(db: &Db, sql: &str) -> Vec<String> {
    let sql = AssertSqlSafe(sql.to_owned());
    let rows: Vec<Option<String>> = match db.lane() {
        Lane::Sqlite(on) => sqlx::query_scalar(sql).fetch_all(on).await,
        Lane::Postgres(on) => sqlx::query_scalar(sql).fetch_all(on).await,
    }
    .unwrap();
    rows.into_iter().map(Option::unwrap_or_default).collect()
}

/// Changes rows past every service, as another program would; answers how many.
pub async fn change(db: &Db, sql: &str) -> u64 {
    let sql = AssertSqlSafe(sql.to_owned());
    match db {
        Db::Sqlite(pools) => sqlx::query(sql).execute(pools.writer()).await.map(|done| done.rows_affected()),
        Db::Postgres(pool) => sqlx::query(sql).execute(pool).await.map(|done| done.rows_affected()),
    }
    .unwrap()
}

impl TestApp {
    pub async fn count(&self, sql: &str) -> i64 {
        count(&self.backend.ground.db, sql).await
    }

    pub async fn texts(&self, sql: &str) -> Vec<String> {
        texts(&self.backend.ground.db, sql).await
    }

    /// Changes at least one row past every service.
    pub async fn change(&self, sql: &str) {
        assert!(change(&self.backend.ground.db, sql).await > 0, "nothing was changed by: {sql}");
    }
}
