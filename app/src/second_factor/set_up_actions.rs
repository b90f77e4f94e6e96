//! Setting up the first second factor between password and session, as forms: an app, a passkey, codes by e-mail.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Draws the secret of a first authenticator app and shows it.
#[server(prefix = "/do", endpoint = "begin-first-factor")]
pub async fn begin_first_factor(#[server(default)] next: String) -> Result<(), ServerFnError> {
    use crate::{identity::arrival, page};

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let form = arrival::set_up_address(next);
    let outcome = match visit.pending_sign_in() {
        None => Err(server::Error::SignInOver),
        Some(token) => visit.backend.identity.begin_set_up(token, visit.origin()).await,
    };
    match outcome {
        Ok(_) => visit.go_to(&form),
        Err(error) => arrival::hold_up(&visit, &error, &form, next).await,
    }
    Ok(())
}

/// Turns the first authenticator app on, lets its owner in and shows the recovery codes.
#[server(prefix = "/do", endpoint = "finish-first-factor")]
pub async fn finish_first_factor(
    #[server(default)] code: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use crate::{identity::arrival, page};

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let outcome = match visit.pending_sign_in() {
        None => Err(server::Error::SignInOver),
        Some(token) => visit.backend.identity.finish_set_up(token, &code, visit.origin()).await,
    };
    match outcome {
        Ok(changed) => arrival::arrive_with_codes(&visit, &changed, next).await,
        Err(error) => arrival::hold_up(&visit, &error, &arrival::set_up_address(next), next).await,
    }
    Ok(())
}

/// Keeps the passkey that the browser has made as the first factor and lets its owner in.
#[server(prefix = "/do", endpoint = "finish-first-passkey")]
pub async fn finish_first_passkey(
    #[server(default)] name: String,
    #[server(default)] answer: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, identity::arrival, page};
    use domain::{FieldErrors, second_factor::PasskeyName};
    use server::Error;

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let form = arrival::set_up_address(next);
    let outcome = async {
        let token = visit.pending_sign_in().ok_or(Error::SignInOver)?;
        let parsed = PasskeyName::parse(&name);
        let parsed = parsed.map_err(|words| Error::Invalid(FieldErrors::one("passkey_name", words)))?;
        visit.backend.identity.finish_passkey_set_up(token, parsed, &answer, visit.origin()).await
    };
    match outcome.await {
        Ok(changed) => arrival::arrive_with_codes(&visit, &changed, next).await,
        Err(error @ (Error::Invalid(_) | Error::PasskeyRefused)) => {
            error.log();
            visit.leave_flash(Flash::of_error(&error).with("passkey_name", &name)).await;
            visit.go_to(&form);
        }
        Err(error) => arrival::hold_up(&visit, &error, &form, next).await,
    }
    Ok(())
}

/// Sends a code to the address of the account, to set codes by e-mail up.
#[server(prefix = "/do", endpoint = "begin-first-codes")]
pub async fn begin_first_codes(#[server(default)] next: String) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, identity::arrival, page};

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let outcome = match visit.pending_sign_in() {
        None => Err(server::Error::SignInOver),
        Some(token) => visit.backend.identity.begin_codes_set_up(token, visit.origin()).await,
    };
    let form = arrival::set_up_code_address(next);
    match outcome {
        Ok(sent) => {
            visit.leave_flash(Flash::good(format!("A code is on its way to {}.", sent.to))).await;
            visit.go_to(&form);
        }
        // One that was sent just now is still good: the form for it is where they want to be.
        Err(error) => arrival::hold_up(&visit, &error, &form, next).await,
    }
    Ok(())
}

/// Turns codes by e-mail on with the one that was sent, and lets their owner in.
#[server(prefix = "/do", endpoint = "finish-first-codes")]
pub async fn finish_first_codes(
    #[server(default)] code: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use crate::{identity::arrival, page};

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let outcome = match visit.pending_sign_in() {
        None => Err(server::Error::SignInOver),
        Some(token) => visit.backend.identity.finish_codes_set_up(token, &code, visit.origin()).await,
    };
    match outcome {
        Ok(changed) => arrival::arrive_with_codes(&visit, &changed, next).await,
        Err(error) => arrival::hold_up(&visit, &error, &arrival::set_up_code_address(next), next).await,
    }
    Ok(())
}
