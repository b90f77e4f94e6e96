//! One's own second factors, as forms. Each wants a fresh proof; whoever has none is led past `/confirm` and back.

use leptos::{prelude::*, server_fn::error::ServerFnError};

#[cfg(feature = "ssr")]
use crate::identity::arrival::with_next;
#[cfg(feature = "ssr")]
use server::identity::{Changed, SignedIn};

#[cfg(feature = "ssr")]
pub const PAGE: &str = "/account/second-factor";
#[cfg(feature = "ssr")]
pub const APP_PAGE: &str = "/account/second-factor/app";
#[cfg(feature = "ssr")]
pub const CODE_PAGE: &str = "/account/second-factor/code";

/// Draws the secret of an authenticator app and shows it.
#[server(prefix = "/do", endpoint = "begin-app")]
pub async fn begin_app(#[server(default)] next: String) -> Result<(), ServerFnError> {
    let visit = crate::page::Visit::current();
    let next = crate::page::own_path(&next).unwrap_or("/");
    let outcome =
        async { visit.backend.second_factors.begin_enrolment(visit.actor()?, visit.origin()).await };
    match outcome.await {
        Ok(_) => visit.go_to(&with_next(APP_PAGE, next)),
        Err(error) => visit.refuse(&error, &with_next(PAGE, next)).await,
    }
    Ok(())
}

/// Turns the app on, with the code it shows.
#[server(prefix = "/do", endpoint = "confirm-app")]
pub async fn confirm_app(
    #[server(default)] code: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    let visit = crate::page::Visit::current();
    let next = crate::page::own_path(&next).unwrap_or("/");
    let outcome = async { visit.backend.identity.confirm_app(visit.actor()?, &code, visit.origin()).await };
    match outcome.await {
        Ok(changed) => go_on_with(&visit, &changed, "Your authenticator app is set up.", next).await,
        Err(error @ server::Error::Conflict(_)) => visit.refuse(&error, &with_next(PAGE, next)).await,
        Err(error) => visit.refuse(&error, &with_next(APP_PAGE, next)).await,
    }
    Ok(())
}

/// Sends a code to the address of the account or to a number, to set it up.
#[server(prefix = "/do", endpoint = "begin-codes")]
pub async fn begin_codes(
    #[server(default)] method: String,
    #[server(default)] phone: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use domain::{FieldErrors, phone::PhoneNumber};
    use server::{Error, second_factor::Channel};

    let visit = crate::page::Visit::current();
    let next = crate::page::own_path(&next).unwrap_or("/");
    let page = with_next(PAGE, next);
    let outcome = async {
        let actor = visit.actor()?;
        let channel = match method.as_str() {
            "email" => Channel::Email,
            "sms" => {
                let number = PhoneNumber::parse(&phone);
                Channel::Sms(number.map_err(|words| Error::Invalid(FieldErrors::one("phone", words)))?)
            }
            _ => return Err(Error::NotFound("There is no such way to confirm")),
        };
        visit.backend.second_factors.begin_code_enrolment(actor, channel, visit.origin()).await
    };
    match outcome.await {
        Ok(sent) => {
            visit
                .leave_flash(crate::flash::Flash::good(format!("A code is on its way to {}.", sent.to)))
                .await;
            visit.go_to(&with_next(&format!("{CODE_PAGE}?method={method}"), next));
        }
        Err(error @ Error::Invalid(_)) => {
            error.log();
            visit.leave_flash(crate::flash::Flash::of_error(&error).with("phone", &phone)).await;
            visit.go_to(&page);
        }
        Err(error) => visit.refuse(&error, &page).await,
    }
    Ok(())
}

/// Turns codes by e-mail or text message on, with the one that was sent.
#[server(prefix = "/do", endpoint = "confirm-codes")]
pub async fn confirm_codes(
    #[server(default)] method: String,
    #[server(default)] code: String,
    #[server(default)] next: String,
) -> Result<(), ServerFnError> {
    use domain::second_factor::Method;

    let visit = crate::page::Visit::current();
    let next = crate::page::own_path(&next).unwrap_or("/");
    let outcome = async {
        let actor = visit.actor()?;
        let wanted =
            Method::from_code(&method).filter(|method| matches!(method, Method::Email | Method::Sms));
        let method = wanted.ok_or(server::Error::NotFound("There is no such way to confirm"))?;
        visit.backend.identity.confirm_codes(actor, method, &code, visit.origin()).await
    };
    match outcome.await {
        Ok(changed) => go_on_with(&visit, &changed, "Codes can be sent to you from now on.", next).await,
        Err(error @ server::Error::Invalid(_)) => {
            visit.refuse(&error, &with_next(&format!("{CODE_PAGE}?method={method}"), next)).await;
        }
        Err(error) => visit.refuse(&error, &with_next(PAGE, next)).await,
    }
    Ok(())
}

/// Removes a factor.
#[server(prefix = "/do", endpoint = "remove-factor")]
pub async fn remove_factor(#[server(default)] method: String) -> Result<(), ServerFnError> {
    use domain::second_factor::Method;

    let visit = crate::page::Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let method =
            Method::from_code(&method).ok_or(server::Error::NotFound("There is no such way to confirm"))?;
        visit.backend.identity.remove_factor(actor, method, visit.origin()).await
    };
    match outcome.await {
        Ok(signed_in) => {
            take_in(&visit, &signed_in);
            let words = "It is removed. You were signed out on other devices.";
            visit.leave_flash(crate::flash::Flash::good(words)).await;
            visit.go_to(PAGE);
        }
        Err(error) => visit.refuse(&error, PAGE).await,
    }
    Ok(())
}

/// Makes new recovery codes and shows them.
#[server(prefix = "/do", endpoint = "new-recovery-codes")]
pub async fn new_recovery_codes() -> Result<(), ServerFnError> {
    let visit = crate::page::Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        let factors = &visit.backend.second_factors;
        let codes = factors.regenerate_recovery_codes(actor, visit.origin()).await?;
        factors.wrap_codes(actor, &codes)
    };
    match outcome.await {
        Ok(wrapped) => {
            visit.leave_flash(crate::flash::Flash::default().with("codes", &wrapped)).await;
            visit.go_to(&crate::identity::arrival::codes_address("/"));
        }
        Err(error) => visit.refuse(&error, PAGE).await,
    }
    Ok(())
}

/// Forgets a remembered device.
#[server(prefix = "/do", endpoint = "forget-device")]
pub async fn forget_device(#[server(default)] device: String) -> Result<(), ServerFnError> {
    let visit = crate::page::Visit::current();
    let outcome = async {
        let actor = visit.actor()?;
        visit.backend.identity.forget_device(actor, device.parse()?, visit.origin()).await
    };
    match outcome.await {
        Ok(()) => {
            let words = "That device is asked for a code again.";
            visit.leave_flash(crate::flash::Flash::good(words)).await;
            visit.go_to(PAGE);
        }
        Err(error) => visit.refuse(&error, PAGE).await,
    }
    Ok(())
}

/// Goes on in the session that the change led to: past the recovery codes where some were made.
#[cfg(feature = "ssr")]
pub(super) async fn go_on_with(visit: &crate::page::Visit, changed: &Changed, words: &str, next: &str) {
    use crate::{flash::Flash, identity::arrival::codes_address};

    take_in(visit, &changed.signed_in);
    let factors = &visit.backend.second_factors;
    let wrapped = changed.codes.as_ref().map(|codes| factors.wrap_codes(&changed.signed_in.actor, codes));
    match wrapped {
        Some(Ok(wrapped)) => {
            visit.leave_flash(Flash::good(words).with("codes", &wrapped)).await;
            visit.go_to(&codes_address(next));
        }
        _ => {
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to(if next == "/" { PAGE } else { next });
        }
    }
}

#[cfg(feature = "ssr")]
pub(super) fn take_in(visit: &crate::page::Visit, signed_in: &SignedIn) {
    use server::http::cookies;

    visit.set_cookie(cookies::set(&signed_in.token, signed_in.lasts, &visit.backend.config));
}
