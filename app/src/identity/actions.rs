//! Signing in and out, as forms that work with and without scripts.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Signs in and goes to the page that was asked for first, or back to the form with what was wrong.
#[server(prefix = "/do", endpoint = "sign-in")]
pub async fn sign_in(
    #[server(default)] identifier: String,
    #[server(default)] password: String,
    #[server(default)] role: String,
    #[server(default)] remember: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, identity::arrival, page};
    use server::identity::{Credentials, Purpose};

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let wanted = match role.as_str() {
        "" => Ok(None),
        code => domain::RoleCode::parse(code).map(Some),
    };
    let remember = !remember.is_empty();
    let outcome = match wanted {
        Ok(role) => {
            let credentials = Credentials {
                identifier: identifier.clone(),
                password,
                role,
                remember,
                device: visit.remembered_device().map(str::to_owned),
            };
            visit.backend.identity.sign_in(credentials, Purpose::Session, visit.origin()).await
        }
        Err(words) => Err(server::Error::Invalid(domain::FieldErrors::one("role", words))),
    };
    match outcome {
        Ok(step) => arrival::go_on(&visit, step, next).await,
        // Where the database is away, a message could not be kept either.
        Err(error @ server::Error::Unavailable { .. }) => {
            error.log();
            visit.go_to("/login?busy=1");
        }
        Err(error) => {
            error.log();
            let remembered = if remember { "on" } else { "" };
            let flash = Flash::of_error(&error)
                .with("identifier", &identifier)
                .with("role", &role)
                .with("remember", remembered);
            visit.leave_flash(flash).await;
            visit.go_to(&page::sign_in_address(next));
        }
    }
    Ok(())
}

/// Signs out and goes to the sign-in page.
#[server(prefix = "/do", endpoint = "sign-out")]
pub async fn sign_out() -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page};
    use server::http::cookies;

    let visit = page::Visit::current();
    let outcome = match visit.actor() {
        Ok(actor) => visit.backend.identity.sign_out(actor, visit.origin()).await,
        // Nobody is signed in: that is what was asked for.
        Err(server::Error::Unauthenticated | server::Error::TokenExpired) => Ok(()),
        Err(error) => Err(error),
    };
    visit.set_cookie(cookies::clear(&visit.backend.config));
    match outcome {
        Ok(()) => {
            visit.leave_flash(Flash::good("You are signed out.")).await;
            visit.go_to("/login");
        }
        Err(error) => {
            error.log();
            visit.go_to("/login?busy=1");
        }
    }
    Ok(())
}

/// Goes on in another of one's roles, from its dashboard.
#[server(prefix = "/do", endpoint = "act-as")]
pub async fn act_as(#[server(default)] role: String) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page};
    use server::http::cookies;

    let visit = page::Visit::current();
    let outcome = async {
        let role = domain::RoleCode::parse(&role).map_err(|words| server::Error::Malformed(words.into()))?;
        visit.backend.identity.act_as(visit.actor()?, &role, visit.origin()).await
    };
    match outcome.await {
        Ok(signed_in) => {
            visit.set_cookie(cookies::set(&signed_in.token, signed_in.lasts, &visit.backend.config));
            visit.leave_flash(Flash::good(format!("You now act as {}.", signed_in.actor.role_name()))).await;
        }
        Err(error) => {
            error.log();
            visit.leave_flash(Flash::of_error(&error)).await;
        }
    }
    visit.go_to("/");
    Ok(())
}
