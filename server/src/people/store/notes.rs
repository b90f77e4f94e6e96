//! Notes in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{NoteId, PersonId, Timestamp, note::NoteText, person::FullName};

/// A note, with the name of whoever wrote it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Note {
    pub id: NoteId,
    pub text: NoteText,
    /// Nothing where no person wrote it, or they are gone.
    pub author: Option<FullName>,
    pub created_at: Timestamp,
}

pub(in crate::people) async fn of(db: &Db, person: PersonId) -> Result<Vec<Note>> {
    fetch_all!(
        db,
        Note,
        "select n.id, n.text, author.full_name as author, n.created_at
         from person_notes n left join people author on author.id = n.author_id
         where n.person_id = $1 order by n.created_at desc, n.id desc limit 200",
        person,
    )
}

pub(in crate::people) async fn insert(
    tx: &mut Tx<Open>,
    id: NoteId,
    person: PersonId,
    author: Option<PersonId>,
    text: &NoteText,
) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "insert into person_notes (id, person_id, author_id, text, created_at) values ($1, $2, $3, $4, $5)",
        id,
        person,
        author,
        text,
        at,
    )?;
    Ok(())
}
