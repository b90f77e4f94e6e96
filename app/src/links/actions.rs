//! The forms behind the links. Opening a page uses no link up; sending its form does.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Sends a reset link to this address if it has an account; says the same in any case.
#[server(prefix = "/do", endpoint = "forgot-password")]
pub async fn ask_for_reset(#[server(default)] email: String) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::links::Links;

    let visit = Visit::current();
    let flash = match visit.backend.links.ask_for_reset(&email, visit.origin()).await {
        Ok(()) => Flash::good(Links::RESET_ASKED),
        Err(error) => {
            error.log();
            Flash::of_error(&error).with("email", &email)
        }
    };
    visit.leave_flash(flash).await;
    visit.go_to("/forgot-password");
    Ok(())
}

/// Gives the account of the link another password and goes to the sign-in page, or back with what was wrong.
#[server(prefix = "/do", endpoint = "reset-password")]
pub async fn reset_password(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), ServerFnError> {
    use crate::page::Visit;

    let visit = Visit::current();
    let outcome = visit.backend.links.reset_password(&token, &password, visit.origin()).await;
    answer(&visit, "/reset-password", &token, outcome, "Your password was changed. Sign in with it.").await;
    Ok(())
}

/// Takes the account of the invitation and goes to the sign-in page, or back with what was wrong.
#[server(prefix = "/do", endpoint = "accept-invitation")]
pub async fn accept_invitation(
    #[server(default)] token: String,
    #[server(default)] password: String,
) -> Result<(), ServerFnError> {
    use crate::page::Visit;

    let visit = Visit::current();
    let outcome = visit.backend.links.accept_invitation(&token, &password, visit.origin()).await;
    answer(&visit, "/accept-invitation", &token, outcome, "Your account is ready. Sign in with it.").await;
    Ok(())
}

/// Verifies the address that the link went to.
#[server(prefix = "/do", endpoint = "verify-email")]
pub async fn verify_address(#[server(default)] token: String) -> Result<(), ServerFnError> {
    use crate::page::Visit;

    let visit = Visit::current();
    let outcome = visit.backend.links.verify_address(&token, visit.origin()).await;
    answer(
        &visit,
        "/verify-email",
        &token,
        outcome,
        "Your e-mail address is verified. Sign in with your password.",
    )
    .await;
    Ok(())
}

/// Registers somebody; says the same whether the address has an account already or not.
#[server(prefix = "/do", endpoint = "register")]
pub async fn register(
    #[server(default)] username: String,
    #[server(default)] full_name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] date_of_birth: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::links::RegistrationForm;

    let visit = Visit::current();
    let form = RegistrationForm {
        username: username.clone(),
        full_name: full_name.clone(),
        email: email.clone(),
        password,
        date_of_birth,
    };
    let flash = match visit.backend.links.register(form, visit.origin()).await {
        Ok(()) => Flash::good("Check your mail").with("email", email.trim()),
        Err(error) => {
            error.log();
            let flash = match &error {
                server::Error::Conflict(words) => {
                    Flash { errors: domain::FieldErrors::one("username", *words), ..Flash::default() }
                }
                other => Flash::of_error(other),
            };
            flash.with("username", &username).with("full_name", &full_name).with("email", &email)
        }
    };
    visit.leave_flash(flash).await;
    visit.go_to("/register");
    Ok(())
}

/// On to the sign-in page, or back to the page of the link, which says by itself that a link no longer works.
pub(super) async fn answer(
    visit: &crate::page::Visit,
    page: &str,
    token: &str,
    outcome: server::Result<()>,
    done: &str,
) {
    use crate::flash::Flash;

    let error = match outcome {
        Ok(()) => {
            visit.leave_flash(Flash::good(done)).await;
            visit.go_to("/login");
            return;
        }
        Err(error) => error,
    };
    error.log();
    if !matches!(error, server::Error::LinkGone) {
        visit.leave_flash(Flash::of_error(&error)).await;
    }
    // More than any token has is not worth carrying.
    let token: String = token.chars().take(64).collect();
    visit.go_to(&format!("{page}?token={}", server::http::intake::encode(&token)));
}
