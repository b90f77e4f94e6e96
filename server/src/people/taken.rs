//! What is taken: whether a username or an address is somebody's already, so that a form can say so while one types.

use super::{People, store};
use crate::{
    Result,
    permit::{People as AllPeople, Visible},
};
use domain::{
    PersonId,
    person::{EmailAddress, Username},
};

impl People {
    /// Whose username this is.
    pub async fn who_has_username(
        &self,
        visible: &Visible<AllPeople>,
        username: &Username,
    ) -> Result<Option<PersonId>> {
        let found = store::changes::by_username(&self.ground.db, username).await?;
        Ok(found.filter(|id| visible.includes(*id)))
    }

    /// Whose address this is.
    pub async fn who_has_email(
        &self,
        visible: &Visible<AllPeople>,
        email: &EmailAddress,
    ) -> Result<Option<PersonId>> {
        let found = store::changes::by_email(&self.ground.db, email).await?;
        Ok(found.filter(|id| visible.includes(*id)))
    }
}
