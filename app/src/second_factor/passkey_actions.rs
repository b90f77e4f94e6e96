//! Passkeys, as forms: what the browser is asked, signing in with its answer, and one's own keys.

use leptos::{prelude::*, server_fn::error::ServerFnError};

#[cfg(feature = "ssr")]
use super::own_actions::{PAGE, go_on_with, take_in};

/// What the browser is to ask the authenticator, as JSON in a text for `passkeys.js`: `ceremony` and `options`, or why not
/// (`refused`), or where to go first (`to`).
#[server(prefix = "/do", endpoint = "passkey-prompt")]
pub async fn passkey_prompt(
    #[server(default)] occasion: String,
    #[server(default)] name: String,
) -> Result<String, ServerFnError> {
    use crate::page;
    use domain::second_factor::PasskeyName;
    use serde_json::json;
    use server::{
        Error,
        identity::Purpose,
        limits::{Bucket, Limits},
    };

    let visit = page::Visit::current();
    let (identity, origin) = (&visit.backend.identity, visit.origin());
    let outcome = async {
        match occasion.as_str() {
            "sign-in" => {
                visit.backend.limits.count(Bucket::Form, &Limits::client(origin)).await.check()?;
                identity.ask_anyone_for_passkey(origin).await
            }
            "verify" => {
                let token = visit.pending_sign_in().ok_or(Error::SignInOver)?;
                identity.ask_for_passkey(token, Purpose::Session, origin).await
            }
            "first" => {
                PasskeyName::parse(&name).map_err(|words| Error::Malformed(words.into()))?;
                let token = visit.pending_sign_in().ok_or(Error::SignInOver)?;
                identity.begin_passkey_set_up(token, origin).await
            }
            "confirm" => identity.ask_for_own_passkey(visit.actor()?, origin).await,
            "add" => {
                // Before the device makes one that would then not be kept.
                PasskeyName::parse(&name).map_err(|words| Error::Malformed(words.into()))?;
                visit.backend.second_factors.begin_passkey(visit.actor()?, origin).await
            }
            _ => Err(Error::NotFound("There is nothing to ask a passkey for")),
        }
    };
    let told = match outcome.await {
        Ok(prompt) => json!(prompt),
        Err(error) => match page::first_to(&error, PAGE) {
            Some(first) => json!({ "to": first }),
            None => {
                error.log();
                json!({ "refused": error.told().message })
            }
        },
    };
    Ok(told.to_string())
}

/// Signs in with a passkey alone and goes to the page that was asked for first.
#[server(prefix = "/do", endpoint = "sign-in-with-passkey")]
pub async fn sign_in_with_passkey(
    #[server(default)] answer: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use crate::{identity::arrival, page};
    use server::identity::Purpose;

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let identity = &visit.backend.identity;
    match identity.sign_in_with_passkey(&answer, false, Purpose::Session, visit.origin()).await {
        Ok(signed_in) => arrival::arrive(&visit, &signed_in, next).await,
        Err(error) => arrival::hold_up(&visit, &error, &page::sign_in_address(next), next).await,
    }
    Ok(())
}

/// Keeps the passkey that the browser has made.
#[server(prefix = "/do", endpoint = "add-passkey")]
pub async fn add_passkey(
    #[server(default)] name: String,
    #[server(default)] answer: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, identity::arrival::with_next, page};
    use domain::{FieldErrors, second_factor::PasskeyName};
    use server::Error;

    let visit = page::Visit::current();
    let next = page::own_path(&next).unwrap_or("/");
    let outcome = async {
        let actor = visit.actor()?;
        let parsed = PasskeyName::parse(&name);
        let parsed = parsed.map_err(|words| Error::Invalid(FieldErrors::one("passkey_name", words)))?;
        visit.backend.identity.add_passkey(actor, parsed, &answer, visit.origin()).await
    };
    match outcome.await {
        Ok(changed) => go_on_with(&visit, &changed, "Your passkey is set up.", next).await,
        Err(error @ (Error::Invalid(_) | Error::PasskeyRefused)) => {
            error.log();
            visit.leave_flash(Flash::of_error(&error).with("passkey_name", &name)).await;
            visit.go_to(&with_next(PAGE, next));
        }
        Err(error) => visit.refuse(&error, &with_next(PAGE, next)).await,
    }
    Ok(())
}

/// Calls a passkey something else.
#[server(prefix = "/do", endpoint = "rename-passkey")]
pub async fn rename_passkey(
    #[server(default)] passkey: String,
    #[server(default)] name: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page};
    use domain::{FieldErrors, second_factor::PasskeyName};
    use server::Error;

    let visit = page::Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let id = passkey.parse().map_err(|_| Error::NotFound("There is no such passkey"))?;
        let field = format!("rename-{passkey}");
        let parsed = PasskeyName::parse(&name);
        let parsed = parsed.map_err(|words| Error::Invalid(FieldErrors::one(&field, words)))?;
        visit.backend.second_factors.rename_passkey(actor, id, parsed, visit.origin()).await
    };
    match outcome.await {
        Ok(()) => {
            visit.leave_flash(Flash::good("It has its new name.")).await;
            visit.go_to(PAGE);
        }
        Err(error) => visit.refuse(&error, PAGE).await,
    }
    Ok(())
}

/// Removes a passkey.
#[server(prefix = "/do", endpoint = "remove-passkey")]
pub async fn remove_passkey(#[server(default)] passkey: String) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page};

    let visit = page::Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let id = passkey.parse().map_err(|_| server::Error::NotFound("There is no such passkey"))?;
        visit.backend.identity.remove_passkey(actor, id, visit.origin()).await
    };
    match outcome.await {
        Ok(signed_in) => {
            take_in(&visit, &signed_in);
            let words = "It is removed. You were signed out on other devices.";
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to(PAGE);
        }
        Err(error) => visit.refuse(&error, PAGE).await,
    }
    Ok(())
}
