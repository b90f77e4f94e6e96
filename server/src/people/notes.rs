//! Notes: what those who look after accounts write down about somebody, for each other.

use super::{Change, ChangeKind, People, store};
use crate::{
    Error, Origin, Result,
    events::Event,
    origin::Doer,
    permit::{AddNote, Notes, Permit, Visible},
};
use domain::{FieldErrors, NoteId, PersonId, note::NoteText};

pub use store::notes::Note;

impl People {
    /// The notes about a person, the newest first.
    pub async fn notes(&self, _visible: &Visible<Notes>, person: PersonId) -> Result<Vec<Note>> {
        store::notes::of(&self.ground.db, person).await
    }

    /// Adds a note. Notes are neither changed nor removed: what was known when is worth knowing.
    pub async fn add_note(&self, permit: &Permit<AddNote>, text: &str, origin: &Origin) -> Result<NoteId> {
        let text = NoteText::parse(text).map_err(|words| FieldErrors::one("text", words))?;
        let person = *permit.resource();
        let mut tx = self.ground.begin(origin).await?;
        if store::changes::hold(&mut tx, person).await?.is_none() {
            return Err(Error::NotFound("User not found"));
        }
        let note = NoteId::new(tx.new_id());
        let author = match &origin.doer {
            Doer::Person { id, .. } | Doer::Key { id, .. } => Some(*id),
            Doer::Anonymous | Doer::Operator | Doer::Program => None,
        };
        store::notes::insert(&mut tx, note, person, author, &text).await?;
        let change = Change { person, kind: ChangeKind::NoteAdded { note } };
        tx.record(Event::Person(change)).await?.commit().await?;
        Ok(note)
    }
}
