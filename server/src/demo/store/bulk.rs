//! Loading in bulk: the indexes of people are set aside and built anew at the end, in the same transaction. Sorting once
//! costs a fraction of finding a place for each row in each index.

use crate::{
    Result,
    db::{Lane, Open, Tx},
};
use sqlx::AssertSqlSafe;

/// What was set aside: the statements that bring it back.
pub(in crate::demo) struct SetAside(Vec<String>);

/// Takes the indexes, and what keeps the search in step, off the table.
pub(in crate::demo) async fn set_aside(tx: &mut Tx<Open>) -> Result<SetAside> {
    let (found, search): (Vec<(String, String, String)>, _) = match tx.lane() {
        Lane::Sqlite(on) => (
            sqlx::query_as(
                "select type, name, sql from sqlite_master
                 where tbl_name = 'people' and type in ('index', 'trigger') and sql is not null and name <> 'people_id'",
            )
            .fetch_all(on)
            .await?,
            Some("insert into people_search (people_search) values ('rebuild')"),
        ),
        Lane::Postgres(on) => {
            sqlx::query("set local statement_timeout = 0").execute(&mut *on).await?;
            let found = sqlx::query_as(
                "select 'index', cast(indexname as text), indexdef from pg_indexes
                 where schemaname = current_schema() and tablename = 'people' and indexname not in ('people_id', 'people_pkey')",
            );
            (found.fetch_all(on).await?, None)
        }
    };
    let mut statements = Vec::new();
    for (kind, name, sql) in found {
        execute!(tx, AssertSqlSafe(format!("drop {kind} {name}")))?;
        statements.push(sql);
    }
    statements.extend(search.map(str::to_owned));
    Ok(SetAside(statements))
}

impl SetAside {
    /// Builds it all anew from the rows that are there now.
    pub(in crate::demo) async fn bring_back(self, tx: &mut Tx<Open>) -> Result<()> {
        for statement in self.0 {
            execute!(tx, AssertSqlSafe(statement))?;
        }
        Ok(())
    }
}
