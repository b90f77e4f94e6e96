//! Erasing somebody, as a form.

use crate::{flash::Flash, page::Visit, people::read_id};
use leptos::{prelude::*, server_fn::error::ServerFnError};
use server::privacy::{self, EraseForm};

/// Erases somebody. Their page then says so.
#[server(prefix = "/do", endpoint = "erase-person")]
pub async fn erase_person(
    #[server(default)] person: String,
    #[server(default)] username: String,
    #[server(default)] version: String,
) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<privacy::ErasePerson>(id)?;
        // A version that is no number is none that ever was.
        let form = EraseForm { username, version: Some(version.parse().unwrap_or_default()) };
        visit.backend.privacy.erase(&permit, &form, &actor.at(visit.origin())).await?;
        Ok(id)
    };
    match outcome.await {
        Ok(id) => {
            visit.leave_flash(Flash::good("The person is erased.")).await;
            visit.go_to(&format!("/people/{id}"));
        }
        Err(error) => {
            let page =
                read_id(&person).map_or_else(|_| "/people".to_owned(), |id| format!("/people/{id}/erase"));
            visit.refuse(&error, &page).await;
        }
    }
    Ok(())
}
