//! A look behind the curtain: what stands in the database, and a row changed under the program's feet.

use super::TestApp;
use crate::db::{Db, Lane, Pools};
use domain::at_rest::Private;
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

/// The texts that this statement answers, a row each; nothing where a row holds none. Encrypted ones are told as they are read.
pub async fn texts(db: &Db, sql: &str) -> Vec<String> {
    let rows = fetch_all!(db, (Option<Private>,), AssertSqlSafe(sql.to_owned())).unwrap();
    rows.into_iter().map(|(text,)| text.unwrap_or_default().0).collect()
}

/// The same as they stand there.
pub async fn kept_texts(db: &Db, sql: &str) -> Vec<String> {
    let rows = fetch_all!(db, (Option<String>,), AssertSqlSafe(sql.to_owned())).unwrap();
    rows.into_iter().map(|(text,)| text.unwrap_or_default()).collect()
}

/// Changes rows past every service, as another program would; answers how many.
pub async fn change(db: &Db, sql: &str) -> u64 {
    try_to_change(db, sql).await.unwrap()
}

/// The same, for what may be refused: by a trigger, say.
pub async fn try_to_change(db: &Db, sql: &str) -> Result<u64, sqlx::Error> {
    let sql = AssertSqlSafe(sql.to_owned());
    match db.pools() {
        Pools::Sqlite(pools) => {
            sqlx::query(sql).execute(pools.writer()).await.map(|done| done.rows_affected())
        }
        Pools::Postgres(pool) => sqlx::query(sql).execute(pool).await.map(|done| done.rows_affected()),
    }
}

/// Takes away what keeps the trail from being changed, as somebody can who owns the database.
pub async fn unguard_the_trail(db: &Db) {
    let statements: &[&str] = match db.pools() {
        Pools::Sqlite(_) => &[
            "drop trigger audit_enters",
            "drop trigger audit_is_kept",
            "drop trigger audit_is_not_removed",
            "drop trigger audit_chain_goes_on",
            "drop trigger audit_chain_stays",
        ],
        Pools::Postgres(_) => {
            &["alter table audit disable trigger user", "alter table audit_chain disable trigger user"]
        }
    };
    for statement in statements {
        change(db, statement).await;
    }
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
