//! Letters in the store, for the page for development. They stand in the outbox, where they wait and stay.

use super::Written;
use crate::{Result, db::Db, outbox::Job};
use domain::Timestamp;

/// A letter that was put into the outbox, and what became of it.
#[derive(Debug, Clone)]
pub struct Posted {
    pub at: Timestamp,
    pub state: String,
    pub to: String,
    pub letter: Written,
}

#[derive(sqlx::FromRow)]
struct Row {
    created_at: Timestamp,
    state: String,
    payload: String,
}

/// The newest letters.
pub async fn newest(db: &Db, public_url: &str, limit: i64) -> Result<Vec<Posted>> {
    let rows = fetch_all!(
        db,
        Row,
        "select created_at, state, payload from outbox where kind = 'mail' order by created_at desc, id desc limit $1",
        limit
    )?;
    let posted = rows.into_iter().filter_map(|row| {
        let Job::Mail(letter) = serde_json::from_str(&row.payload).ok()?;
        let written = letter.write(public_url.trim_end_matches('/'));
        Some(Posted { at: row.created_at, state: row.state, to: letter.to().to_owned(), letter: written })
    });
    Ok(posted.collect())
}
