//! Erasing somebody, as a form.

use crate::{flash::Flash, page::Visit};
use domain::PersonId;
use leptos::{prelude::*, server_fn::error::ServerFnError};
use server::{
    Error,
    privacy::{self, EraseForm},
};

/// Erases somebody. Their page then says so.
#[server(prefix = "/do", endpoint = "erase-person")]
pub async fn erase_person(
    #[server(default)] person: String,
    #[server(default)] username: String,
    #[server(default)] version: String,
) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let id = person.parse::<PersonId>();
    let outcome = async {
        let actor = visit.actor()?;
        let id = id.map_err(|_| Error::NotFound("User not found"))?;
        let permit = actor.permit::<privacy::ErasePerson>(id)?;
        // A version that is no number is none that ever was.
        let form = EraseForm { username, version: Some(version.parse().unwrap_or_default()) };
        visit.backend.privacy.erase(&permit, &form, &actor.at(visit.origin())).await
    };
    match (outcome.await, id) {
        (Ok(_), Ok(id)) => {
            visit.leave_flash(Flash::good("The person is erased.")).await;
            visit.go_to(&format!("/people/{id}"));
        }
        (Err(error), Ok(id)) => visit.refuse(&error, &format!("/people/{id}/erase")).await,
        (Err(error), Err(_)) => visit.refuse(&error, "/people").await,
        (Ok(_), Err(_)) => visit.go_to("/people"),
    }
    Ok(())
}
