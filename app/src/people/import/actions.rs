//! Starting an import and cancelling it, as forms that work with and without scripts.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Lets a checked import be written.
#[server(prefix = "/do", endpoint = "start-import")]
pub async fn start_import(
    #[server(default)] import: String,
    #[server(default)] bad_rows: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::{Error, people::import::BadRows, permit::ImportPeople};

    let visit = Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let permit = actor.permit::<ImportPeople>(())?;
        let id = super::form::named(&import)?;
        let bad_rows = BadRows::parse(&bad_rows).map_err(|words| Error::Malformed(words.into()))?;
        visit.backend.imports.start(&permit, id, bad_rows, &actor.at(visit.origin())).await
    };
    let page = super::form::page_of(&import);
    match outcome.await {
        Ok(()) => {
            visit.leave_flash(Flash::good("The import is under way. You may leave this page.")).await;
            visit.go_to(&page);
        }
        Err(error) => visit.refuse(&error, &page).await,
    }
    Ok(())
}

/// Ends an import that has not ended by itself.
#[server(prefix = "/do", endpoint = "cancel-import")]
pub async fn cancel_import(#[server(default)] import: String) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::permit::ImportPeople;

    let visit = Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let permit = actor.permit::<ImportPeople>(())?;
        let id = super::form::named(&import)?;
        visit.backend.imports.cancel(&permit, id, &actor.at(visit.origin())).await
    };
    let page = super::form::page_of(&import);
    match outcome.await {
        Ok(()) => {
            visit.leave_flash(Flash::good("The import is cancelled.")).await;
            visit.go_to(&page);
        }
        Err(error) => visit.refuse(&error, &page).await,
    }
    Ok(())
}
