//! The forms between password and session: a code, another way to get one, and giving up.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Takes the code and goes to the page that was asked for first, or back to the form with what was wrong.
#[server(prefix = "/do", endpoint = "verify")]
pub async fn verify(
    #[server(default)] method: String,
    #[server(default)] code: String,
    #[server(default)] remember_device: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use crate::{identity::arrival, page};
    use domain::second_factor::Method;
    use server::{Error, identity::Purpose};

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let outcome = match (visit.pending_sign_in(), Method::from_code(&method)) {
        (None, _) => Err(Error::SignInOver),
        (Some(_), None) => Err(Error::NotFound("There is no such way to confirm")),
        (Some(token), Some(method)) => {
            let remember = !remember_device.is_empty();
            let identity = &visit.backend.identity;
            identity.show_code(token, Purpose::Session, method, &code, remember, visit.origin()).await
        }
    };
    match outcome {
        Ok(signed_in) => arrival::arrive(&visit, &signed_in, next).await,
        Err(error) => arrival::hold_up(&visit, &error, &arrival::verify_address(&method, next), next).await,
    }
    Ok(())
}

/// Sends a code to the address or number that was set up, and goes to the form for it.
#[server(prefix = "/do", endpoint = "send-code")]
pub async fn send_code(
    #[server(default)] method: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, identity::arrival, page};
    use domain::second_factor::Method;
    use server::{Error, identity::Purpose};

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let outcome = match (visit.pending_sign_in(), Method::from_code(&method)) {
        (None, _) => Err(Error::SignInOver),
        (Some(_), None) => Err(Error::NotFound("There is no such way to confirm")),
        (Some(token), Some(method)) => {
            visit.backend.identity.send_sign_in_code(token, Purpose::Session, method, visit.origin()).await
        }
    };
    let form = arrival::verify_address(&method, next);
    match outcome {
        Ok(sent) => {
            visit.leave_flash(Flash::good(format!("A code is on its way to {}.", sent.to))).await;
            visit.go_to(&form);
        }
        Err(error) => arrival::hold_up(&visit, &error, &form, next).await,
    }
    Ok(())
}

/// Gives the sign-in up and goes back to its first page.
#[server(prefix = "/do", endpoint = "give-up")]
pub async fn give_up(#[server(default)] next: String) -> Result<(), ServerFnError> {
    use crate::page;
    use server::http::cookies;

    let visit = page::Visit::current();
    if let Some(token) = visit.pending_sign_in()
        && let Err(error) = visit.backend.identity.give_up(token, visit.origin()).await
    {
        error.log();
    }
    visit.set_cookie(cookies::clear_pending_sign_in(&visit.backend.config));
    visit.go_to(&page::sign_in_address(page::own_path(&next).unwrap_or("/")));
    Ok(())
}
