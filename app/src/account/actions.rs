//! What one changes about one's own account, as forms that work with and without scripts.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Under this name a key that was just made travels, sealed, to the page that shows it.
pub const NEW_KEY: &str = "new_key";

/// Goes on to a page, with a message or with what was wrong.
#[cfg(feature = "ssr")]
async fn go_on(visit: &crate::page::Visit, to: &str, outcome: Result<crate::flash::Flash, server::Error>) {
    use server::Error::{TokenExpired, Unauthenticated};

    match outcome {
        Ok(flash) => visit.leave_flash(flash).await,
        Err(Unauthenticated | TokenExpired) => return visit.go_to(&crate::page::sign_in_address(to)),
        Err(error) => {
            error.log();
            visit.leave_flash(crate::flash::Flash::of_error(&error)).await;
        }
    }
    visit.go_to(to);
}

/// Changes one's full name.
#[server(prefix = "/do", endpoint = "update-profile")]
pub async fn update_profile(
    #[server(default)] full_name: String,
    #[server(default)] version: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::{people::ProfileForm, permit::UpdateSelf};

    let visit = Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let permit = actor.permit::<UpdateSelf>(actor.id())?;
        // A version that is no number is none that ever was.
        let form =
            ProfileForm { full_name: Some(full_name.clone()), version: version.parse().unwrap_or_default() };
        visit.backend.people.update_self(&permit, form, &actor.at(visit.origin())).await?;
        Ok(Flash::good("Your name is changed."))
    };
    match outcome.await {
        Err(error @ server::Error::Invalid(_)) => {
            let flash = Flash::of_error(&error).with("full_name", &full_name);
            go_on(&visit, "/account", Ok(flash)).await;
        }
        outcome => go_on(&visit, "/account", outcome).await,
    }
    Ok(())
}

/// Changes one's password and goes on in a new session.
#[server(prefix = "/do", endpoint = "change-password")]
pub async fn change_password(
    #[server(default)] current_password: String,
    #[server(default)] password: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::{http::cookies, identity::PasswordChange};

    let visit = Visit::current();
    let outcome = async {
        let change = PasswordChange { current: current_password, new: password };
        let signed_in =
            visit.backend.identity.change_password(visit.actor()?, change, visit.origin()).await?;
        visit.set_cookie(cookies::set(&signed_in.token, signed_in.lasts, &visit.backend.config));
        Ok(Flash::good("Your password is changed. You are signed out everywhere else."))
    };
    go_on(&visit, "/account/password", outcome.await).await;
    Ok(())
}

/// Ends one of one's other sessions.
#[server(prefix = "/do", endpoint = "end-session")]
pub async fn end_session(#[server(default)] session: String) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};

    let visit = Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let session =
            session.parse().map_err(|_| server::Error::NotFound("This session has ended already"))?;
        visit.backend.identity.end_session(actor, session, visit.origin()).await?;
        Ok(Flash::good("The session is ended."))
    };
    go_on(&visit, "/account/sessions", outcome.await).await;
    Ok(())
}

/// Ends all of one's sessions but this one.
#[server(prefix = "/do", endpoint = "end-other-sessions")]
pub async fn end_other_sessions() -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};

    let visit = Visit::current();
    let outcome = async {
        visit.backend.identity.end_other_sessions(visit.actor()?, visit.origin()).await?;
        Ok(Flash::good("You are signed out everywhere else."))
    };
    go_on(&visit, "/account/sessions", outcome.await).await;
    Ok(())
}

/// Ends all of one's sessions and goes to the sign-in page.
#[server(prefix = "/do", endpoint = "sign-out-everywhere")]
pub async fn sign_out_everywhere() -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::http::cookies;

    let visit = Visit::current();
    let outcome = async {
        visit.backend.identity.sign_out_everywhere(visit.actor()?, visit.origin()).await?;
        visit.set_cookie(cookies::clear(&visit.backend.config));
        Ok(Flash::good("You are signed out everywhere."))
    };
    match outcome.await {
        Ok(flash) => go_on(&visit, "/login", Ok(flash)).await,
        Err(error) => go_on(&visit, "/account/sessions", Err(error)).await,
    }
    Ok(())
}

/// Makes an API key, which the next page shows once.
#[server(prefix = "/do", endpoint = "make-api-key")]
pub async fn make_api_key(
    #[server(default)] name: String,
    #[server(default)] scopes: Vec<String>,
    #[server(default)] expires_in_days: String,
) -> Result<(), ServerFnError> {
    use crate::{
        flash::Flash,
        page::{Visit, confirm_address},
    };
    use server::{Error, api_keys::NewKeyForm};

    let visit = Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let days = match expires_in_days.as_str() {
            "" => None,
            days => Some(days.parse().map_err(|_| {
                Error::Invalid(domain::FieldErrors::one("expires_in_days", "Choose one from the list"))
            })?),
        };
        let form = NewKeyForm { name: name.clone(), scopes: scopes.clone(), days };
        let (_, secret) = visit.backend.api_keys.make(actor, form, visit.origin()).await?;
        let sealed = visit.backend.api_keys.wrap(actor, &secret)?;
        Ok(Flash::good("The key is made.").with(NEW_KEY, &sealed))
    };
    let with_typed = |flash: Flash| {
        flash.with("name", &name).with_list("scopes", &scopes).with("expires_in_days", &expires_in_days)
    };
    match outcome.await {
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            go_on(&visit, "/account/api-keys", Ok(with_typed(Flash::of_error(&error)))).await;
        }
        Err(Error::StepUp(_)) => {
            visit.leave_flash(with_typed(Flash::default()).waiting_for("/account/api-keys")).await;
            visit.go_to(&confirm_address("/account/api-keys"));
        }
        outcome => go_on(&visit, "/account/api-keys", outcome).await,
    }
    Ok(())
}

/// Revokes an API key.
#[server(prefix = "/do", endpoint = "revoke-api-key")]
pub async fn revoke_api_key(#[server(default)] key: String) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};

    let visit = Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let key = key
            .parse()
            .map_err(|_| server::Error::NotFound("There is no such key, or it was revoked already"))?;
        visit.backend.api_keys.revoke(actor, key, visit.origin()).await?;
        Ok(Flash::good("The key is revoked."))
    };
    go_on(&visit, "/account/api-keys", outcome.await).await;
    Ok(())
}
