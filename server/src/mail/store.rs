//! Letters in the store, for the page for development. They stand in the outbox, where they wait and stay.

use super::Written;
use crate::{Error, Result, db::Db, outbox::Job};
use domain::{JobId, Timestamp, at_rest::Private};

/// A letter that was put into the outbox, and what became of it.
#[derive(Debug, Clone)]
pub struct Posted {
    pub id: JobId,
    pub at: Timestamp,
    pub state: String,
    /// Why it has not left, where it has not.
    pub trouble: Option<String>,
    pub to: String,
    pub letter: Written,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: JobId,
    created_at: Timestamp,
    state: String,
    last_error: Option<Private>,
    payload: Private,
}

impl Row {
    /// Nothing where the job is none that this version knows.
    fn read(self, public_url: &str) -> Option<Posted> {
        let job: Job = serde_json::from_str(&self.payload.0).ok()?;
        let letter = job.letter()?;
        Some(Posted {
            id: self.id,
            at: self.created_at,
            state: self.state,
            trouble: self.last_error.map(String::from),
            to: letter.to().to_owned(),
            letter: letter.write(public_url),
        })
    }
}

/// The newest letters.
pub async fn newest(db: &Db, public_url: &str, limit: i64) -> Result<Vec<Posted>> {
    let rows = fetch_all!(
        db,
        Row,
        "select id, created_at, state, last_error, payload from outbox where kind = 'mail'
         order by created_at desc, id desc limit $1",
        limit
    )?;
    Ok(rows.into_iter().filter_map(|row| row.read(public_url)).collect())
}

/// One letter.
pub async fn find(db: &Db, public_url: &str, id: JobId) -> Result<Posted> {
    let row = fetch_optional!(
        db,
        Row,
        "select id, created_at, state, last_error, payload from outbox where kind = 'mail' and id = $1",
        id
    )?;
    row.and_then(|row| row.read(public_url)).ok_or(Error::NotFound("There is no such letter"))
}
