//! What people change about themselves: their full name. The username stays; another e-mail address is a matter of `links`,
//! since both addresses have to agree.

use super::{People, store};
use crate::{
    Error, Origin, Result,
    events::Event,
    permit::{Permit, UpdateSelf},
};
use domain::{FieldErrors, person::FullName};

const CHANGED_MEANWHILE: &str =
    "Your account was changed in the meantime. Look at it as it is now, then try again.";

/// One's own details as they were typed.
#[derive(Debug, Clone, Default)]
pub struct ProfileForm {
    /// Nothing where it stays as it is.
    pub full_name: Option<String>,
    /// The version that was looked at.
    pub version: i64,
}

impl People {
    /// Changes what was typed; a second change of the same version overwrites nothing.
    pub async fn update_self(
        &self,
        permit: &Permit<UpdateSelf>,
        form: ProfileForm,
        origin: &Origin,
    ) -> Result<()> {
        let now = self.ground.clock.now();
        let person = store::find(&self.ground.db, *permit.resource(), now).await?;
        let person = person.ok_or(Error::NotFound("User not found"))?;
        let full_name = form.full_name.map(|name| FullName::parse(&name)).transpose();
        let full_name = full_name.map_err(|words| FieldErrors::one("full_name", words))?;
        let Some(full_name) = full_name.filter(|name| *name != person.full_name) else {
            return Err(Error::Malformed("No fields to update".into()));
        };
        let mut tx = self.ground.begin(origin).await?;
        if !store::rename(&mut tx, permit, &person, &full_name, form.version).await? {
            return Err(Error::Conflict(CHANGED_MEANWHILE));
        }
        let event = Event::ProfileChanged { person: person.id, before: person.full_name, after: full_name };
        tx.record(event).await?.commit().await
    }
}
