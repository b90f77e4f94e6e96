//! Asking for another e-mail address, and taking that back.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Asks for another address; says the same whether it is somebody else's or not.
#[server(prefix = "/do", endpoint = "change-email")]
pub async fn change_email(#[server(default)] email: String) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::{Error, links::Links};

    const PAGE: &str = "/account/email";
    let visit = Visit::current();
    let outcome =
        async { visit.backend.links.ask_for_email_change(visit.actor()?, &email, visit.origin()).await };
    match outcome.await {
        Ok(()) => {
            visit.leave_flash(Flash::good(Links::EMAIL_CHANGE_ASKED)).await;
            visit.go_to("/account");
        }
        Err(error @ Error::Invalid(_)) => {
            visit.leave_flash(Flash::of_error(&error).with("email", &email)).await;
            visit.go_to(PAGE);
        }
        Err(error) => visit.refuse(&error, PAGE).await,
    }
    Ok(())
}

/// Takes back the change that waits.
#[server(prefix = "/do", endpoint = "withdraw-email-change")]
pub async fn withdraw_email_change() -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};

    let visit = Visit::current();
    let outcome = async { visit.backend.links.withdraw_email_change(visit.actor()?, visit.origin()).await };
    match outcome.await {
        Ok(()) => {
            visit.leave_flash(Flash::good("The change is stopped. Your address stays as it is.")).await;
            visit.go_to("/account");
        }
        Err(error) => visit.refuse(&error, "/account").await,
    }
    Ok(())
}
