//! The forms behind the two letters of another e-mail address. Opening a page uses no link up; sending its form does.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// The new address agrees.
#[server(prefix = "/do", endpoint = "confirm-email")]
pub async fn confirm_email(#[server(default)] token: String) -> Result<(), ServerFnError> {
    use super::actions::answer;
    use crate::page::Visit;
    use server::links::Side;

    let visit = Visit::current();
    let agreed = visit.backend.links.agree_to_email_change(Side::New, &token, visit.origin()).await;
    let words = agreed.as_ref().map(server::links::Agreed::words).unwrap_or_default();
    answer(&visit, "/confirm-email", &token, agreed.map(|_| ()), words).await;
    Ok(())
}

/// The present address agrees, or stops it. Only a press on the button that approves approves.
#[server(prefix = "/do", endpoint = "approve-email")]
pub async fn approve_email(
    #[server(default)] token: String,
    #[server(default)] decision: String,
) -> Result<(), ServerFnError> {
    use super::actions::answer;
    use crate::page::Visit;
    use server::links::{Agreed, Side};

    let visit = Visit::current();
    let links = &visit.backend.links;
    let (outcome, words) = if decision == "approve" {
        let agreed = links.agree_to_email_change(Side::Present, &token, visit.origin()).await;
        let words = agreed.as_ref().map(Agreed::words).unwrap_or_default();
        (agreed.map(|_| ()), words)
    } else {
        (links.stop_email_change(&token, visit.origin()).await, Agreed::STOPPED)
    };
    answer(&visit, "/approve-email", &token, outcome, words).await;
    Ok(())
}
