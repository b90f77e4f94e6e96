//! How personal texts are kept, as the store notes it, and the texts that stand outside of the people themselves.

use super::{AtRest, MARK, ring::Key};
use crate::{
    Result,
    db::{Db, Lane, Open, Pools, Tx},
};
use anyhow::anyhow;
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;

/// The one row there is.
const NUMBER: i64 = 1;
/// So many rows are written anew in one statement.
const BATCH: i64 = 1_000;
/// Texts that are kept encrypted besides those of people themselves.
pub(super) const TEXTS: [(&str, &str); 9] = [
    ("person_notes", "text"),
    ("links", "email"),
    ("email_changes", "new_email"),
    ("import_rows", "full_name"),
    ("import_rows", "email"),
    ("import_errors", "value"),
    ("outbox", "recipient"),
    ("outbox", "payload"),
    ("outbox", "last_error"),
];

/// How texts are kept, as the store says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// As they are, and always were.
    Plain,
    /// As they are; entries of the trail may be encrypted.
    PlainAgain,
    /// With the key of this name.
    Encrypted(String),
}

pub(super) async fn kept(db: &Db) -> Result<Kept> {
    let found: Option<(Option<String>,)> =
        fetch_optional!(db, (Option<String>,), "select key_id from at_rest where number = $1", NUMBER)?;
    Ok(match found {
        None => Kept::Plain,
        Some((None,)) => Kept::PlainAgain,
        Some((Some(key),)) => Kept::Encrypted(key),
    })
}

/// Writes down with which key texts are kept from now on.
pub(super) async fn note(tx: &mut Tx<Open>, key: Option<&Key>) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "insert into at_rest (number, key_id, changed_at) values ($1, $2, $3)
         on conflict (number) do update set key_id = excluded.key_id, changed_at = excluded.changed_at",
        NUMBER,
        key.map(Key::id),
        at,
    )?;
    Ok(())
}

/// Writes the texts of a column anew.
pub(super) async fn write_texts_anew(
    tx: &mut Tx<Open>,
    from: &AtRest,
    to: &AtRest,
    (table, column): (&str, &str),
) -> Result<()> {
    // What is done already: texts under the new key, or those that are not encrypted any more.
    let is_due = match to.key() {
        Some(key) => format!("{column} not like '{}%'", key.mark()),
        None => format!("{column} like '{MARK}%'"),
    };
    let (row, is_row) = match tx.lane() {
        Lane::Sqlite(_) => ("cast(rowid as text)", "rowid = cast($1 as integer)"),
        Lane::Postgres(_) => ("cast(ctid as text)", "ctid = cast($1 as tid)"),
    };
    let update = format!("update {table} set {column} = $2 where {is_row}");
    let due = format!("from {table} where {is_due}");
    let (count,) = fetch_one!(tx, (i64,), AssertSqlSafe(format!("select count(*) {due}")))?;
    // No more rounds than there are texts, whatever somebody has called themselves.
    for _ in 0..=count / BATCH {
        tx.keep_by(AtRest::default());
        let sql = format!("select {row}, {column} {due} limit {BATCH}");
        let found: Vec<(String, String)> = fetch_all!(tx, (String, String), AssertSqlSafe(sql))?;
        for (row, text) in found {
            let plain = from.tell(&text);
            let plain = plain.ok_or_else(|| anyhow!("a text in {table}.{column} cannot be decrypted"))?;
            execute!(tx, AssertSqlSafe(update.clone()), row, to.keep(&plain))?;
        }
    }
    Ok(())
}

/// Both engines keep rows as they were until their place is needed: the files are written anew without them.
pub(super) async fn leave_nothing_behind(pools: &Pools) -> anyhow::Result<()> {
    match pools {
        Pools::Sqlite(pools) => {
            sqlx::query("vacuum").execute(pools.writer()).await?;
            sqlx::query("pragma wal_checkpoint(truncate)").execute(pools.writer()).await?;
        }
        Pools::Postgres(pool) => {
            let tables = TEXTS.map(|(table, _)| table);
            let mut on = pool.acquire().await?;
            sqlx::query("set statement_timeout = 0").execute(&mut *on).await?;
            for table in BTreeSet::from(tables).into_iter().chain(["people"]) {
                sqlx::query(AssertSqlSafe(format!("vacuum (full, analyze) {table}")))
                    .execute(&mut *on)
                    .await?;
            }
            sqlx::query("reset statement_timeout").execute(&mut *on).await?;
        }
    }
    Ok(())
}
