//! The indexes of people. Whoever writes very many people sets them aside and builds them anew at the end, in the same
//! transaction: sorting once costs a fraction of finding a place for each row in each index.

use crate::{
    Result,
    db::{Lane, Open, Tx},
};
use sqlx::AssertSqlSafe;

/// What was set aside: the statements that bring it back.
pub(crate) struct SetAside(Vec<String>);

/// Takes the indexes, and what keeps the search in step, off the table.
pub(crate) async fn set_aside(tx: &mut Tx<Open>) -> Result<SetAside> {
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
    pub(crate) async fn bring_back(self, tx: &mut Tx<Open>) -> Result<()> {
        for statement in self.0 {
            execute!(tx, AssertSqlSafe(statement))?;
        }
        Ok(())
    }
}

pub(crate) async fn drop_order_by_name(tx: &mut Tx<Open>) -> Result<()> {
    execute!(tx, "drop index people_by_name")?;
    Ok(())
}

/// Makes the index of the order by name. Where names are as they are it holds all that people are searched and filtered by, so that
/// a walk along it opens no row; an encrypted text would be too long for it, and nobody walks there.
pub(crate) async fn order_by_name(tx: &mut Tx<Open>, encrypted: bool) -> Result<()> {
    let columns = match tx.lane() {
        _ if encrypted => "(name_key, id)",
        Lane::Sqlite(_) => "(name_key, id, search_text, status, locked_until, factors, last_login_at)",
        Lane::Postgres(_) => {
            "(name_key, id) include (search_text, status, locked_until, factors, last_login_at)"
        }
    };
    execute!(tx, AssertSqlSafe(format!("create index people_by_name on people {columns}")))?;
    Ok(())
}
