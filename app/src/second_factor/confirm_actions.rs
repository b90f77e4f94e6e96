//! Confirming that it is still you, as forms.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Takes the password, or a code where there is a second factor, and goes on to the page that asked for it.
#[server(prefix = "/do", endpoint = "confirm")]
pub async fn confirm(
    #[server(default)] password: String,
    #[server(default)] method: String,
    #[server(default)] code: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use super::confirm::address;
    use crate::{flash::Flash, identity::arrival::of_code, page};
    use domain::second_factor::Method;
    use server::{Error, http::cookies, identity::Shown};

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let outcome = async {
        let shown = match Method::from_code(&method) {
            Some(method) => Shown::Code(method, code),
            None => Shown::Password(password),
        };
        visit.backend.identity.step_up(visit.actor()?, shown, visit.origin()).await
    };
    match outcome.await {
        Ok(signed_in) => {
            visit.set_cookie(cookies::set(&signed_in.token, signed_in.lasts, &visit.backend.config));
            let typed = visit.take_flash().await.typed();
            if !typed.values.is_empty() {
                let words = "Confirmed. Nothing is sent yet: what you typed stands in the form.";
                visit.leave_flash(Flash { good: Some(words.to_owned()), ..typed }).await;
            }
            visit.go_to(next);
        }
        Err(error @ (Error::Unauthenticated | Error::TokenExpired)) => visit.refuse(&error, next).await,
        Err(error) => {
            error.log();
            let flash = match error {
                Error::InvalidCredentials { left } => wrong_password(left),
                error => of_code(&error),
            };
            leave_flash(&visit, flash).await;
            visit.go_to(&address(&method, next));
        }
    }
    Ok(())
}

/// Leaves something to be said here, together with what was typed on the page that asked.
#[cfg(feature = "ssr")]
async fn leave_flash(visit: &crate::page::Visit, flash: crate::flash::Flash) {
    let typed = visit.take_flash().await.typed();
    visit
        .leave_flash(crate::flash::Flash { values: typed.values, waits_for: typed.waits_for, ..flash })
        .await;
}

/// Whoever confirms has typed no name, so it is the password that was wrong.
#[cfg(feature = "ssr")]
fn wrong_password(left: Option<u32>) -> crate::flash::Flash {
    let left = left.map(|left| format!(" You have {left} attempts remaining before temporary lockout."));
    let words = format!("That is not your password.{}", left.unwrap_or_default());
    crate::flash::Flash {
        errors: domain::FieldErrors::one("password", words),
        ..crate::flash::Flash::default()
    }
}

/// Sends a code to confirm with.
#[server(prefix = "/do", endpoint = "send-confirmation")]
pub async fn send_confirmation(
    #[server(default)] method: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use super::confirm::address;
    use crate::{flash::Flash, page};
    use domain::second_factor::Method;
    use server::Error;

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let outcome = async {
        let actor = visit.actor()?;
        let wanted = Method::from_code(&method).ok_or(Error::NotFound("There is no such way to confirm"))?;
        visit.backend.identity.send_step_up_code(actor, wanted, visit.origin()).await
    };
    let form = address(&method, next);
    match outcome.await {
        Ok(sent) => {
            leave_flash(&visit, Flash::good(format!("A code is on its way to {}.", sent.to))).await;
            visit.go_to(&form);
        }
        Err(error @ (Error::Unauthenticated | Error::TokenExpired)) => visit.refuse(&error, &form).await,
        Err(error) => {
            error.log();
            leave_flash(&visit, Flash::of_error(&error)).await;
            visit.go_to(&form);
        }
    }
    Ok(())
}
