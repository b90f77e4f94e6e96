//! Parting one's account from a provider, as a form.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Where the form stands.
const PAGE: &str = "/account/password";

/// Parts one's own account from a provider.
#[server(prefix = "/do", endpoint = "part-provider")]
pub async fn part_provider(#[server(default)] issuer: String) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};

    let visit = Visit::current();
    let providers = &visit.backend.providers;
    let outcome = async { providers.part(visit.actor()?, &issuer, visit.origin()).await };
    match outcome.await {
        Ok(()) => {
            let words = format!("{} no longer signs you in here.", providers.name_of(&issuer));
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to(PAGE);
        }
        Err(error) => visit.refuse(&error, PAGE).await,
    }
    Ok(())
}
