//! What one does on the page of the trail, as a form that works with and without scripts.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Has the chain proven. What comes of it stands on the page; a long chain is proven on in the background.
#[server(prefix = "/do", endpoint = "verify-trail")]
pub async fn verify_trail(#[server(default)] back_to: String) -> Result<(), ServerFnError> {
    use crate::page::{Visit, own_path};

    let visit = Visit::current();
    let back_to = own_path(&back_to).filter(|path| path.starts_with("/audit")).unwrap_or("/audit");
    let outcome = async {
        let actor = visit.actor()?;
        let visible = actor.sees_trail()?;
        visit.backend.audit.check(&visible, &actor.at(visit.origin())).await;
        Ok(())
    };
    match outcome.await {
        Ok(()) => visit.go_to(back_to),
        Err(error) => visit.refuse(&error, back_to).await,
    }
    Ok(())
}
