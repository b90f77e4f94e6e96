//! Where a sign-in leads: the page that was asked for first, the code that is due, or back with what was wrong.

use crate::{
    flash::Flash,
    page::{Visit, sign_in_address},
};
use domain::{FieldErrors, second_factor::Method};
use server::{
    Error,
    http::{cookies, intake::encode},
    identity::{Challenge, Changed, Purpose, SignedIn, Step},
};

/// Goes where the password leads.
pub async fn go_on(visit: &Visit, step: Step, next: &str) {
    match step {
        Step::SignedIn(signed_in) => arrive(visit, &signed_in, next).await,
        Step::Code(challenge) => ask_for_code(visit, challenge, next).await,
        Step::SetUp(challenge) => {
            if let Err(error) = visit.backend.identity.begin_set_up(&challenge.token, visit.origin()).await {
                error.log();
            }
            wait(visit, &challenge);
            visit.go_to(&set_up_address(next));
        }
    }
}

/// Where codes are sent, the first one leaves without being asked for.
async fn ask_for_code(visit: &Visit, challenge: Challenge, next: &str) {
    let first = challenge.methods.first().copied();
    if let Some(method @ (Method::Email | Method::Sms)) = first {
        let identity = &visit.backend.identity;
        let sent =
            identity.send_sign_in_code(&challenge.token, Purpose::Session, method, visit.origin()).await;
        // One may be on its way still; the page says so and lets another one be asked for.
        if let Err(error) = sent {
            error.log();
        }
    }
    wait(visit, &challenge);
    visit.go_to(&verify_address(first.map_or("", Method::code), next));
}

fn wait(visit: &Visit, challenge: &Challenge) {
    let cookie = cookies::set_pending_sign_in(&challenge.token, challenge.lasts, &visit.backend.config);
    visit.set_cookie(cookie);
}

/// Lets somebody in.
pub async fn arrive(visit: &Visit, signed_in: &SignedIn, next: &str) {
    take_in(visit, signed_in);
    // The dashboard greets by itself.
    if next != "/" {
        visit.leave_flash(Flash::good(welcome(signed_in))).await;
    }
    visit.go_to(next);
}

/// Lets somebody in who has set up a first factor: past their recovery codes, which are shown once.
pub async fn arrive_with_codes(visit: &Visit, changed: &Changed, next: &str) {
    take_in(visit, &changed.signed_in);
    let factors = &visit.backend.second_factors;
    match changed.codes.as_ref().map(|codes| factors.wrap_codes(&changed.signed_in.actor, codes)) {
        Some(Ok(wrapped)) => {
            visit.leave_flash(Flash::good(welcome(&changed.signed_in)).with("codes", &wrapped)).await;
            visit.go_to(&codes_address(next));
        }
        _ => visit.go_to(next),
    }
}

fn take_in(visit: &Visit, signed_in: &SignedIn) {
    let config = &visit.backend.config;
    visit.set_cookie(cookies::set(&signed_in.token, signed_in.lasts, config));
    if visit.pending_sign_in().is_some() {
        visit.set_cookie(cookies::clear_pending_sign_in(config));
    }
    if let (Some(device), Some(lasts)) = (&signed_in.device, config.security.remembers_devices_for()) {
        visit.set_cookie(cookies::set_remembered_device(device, lasts, config));
    }
}

fn welcome(signed_in: &SignedIn) -> String {
    format!("Welcome back, {}!", signed_in.actor.full_name().first_name())
}

/// Goes back to the form with what was wrong, or to the first step where the sign-in is over.
pub async fn hold_up(visit: &Visit, error: &Error, form: &str, next: &str) {
    error.log();
    match error {
        // Where the database is away, a message could not be kept either.
        Error::Unavailable { .. } => visit.go_to("/login?busy=1"),
        Error::TooManyCodes | Error::SignInOver | Error::Suspended | Error::InvalidCredentials { .. } => {
            visit.set_cookie(cookies::clear_pending_sign_in(&visit.backend.config));
            visit.leave_flash(Flash::of_error(error)).await;
            visit.go_to(&sign_in_address(next));
        }
        _ => {
            visit.leave_flash(of_code(error)).await;
            visit.go_to(form);
        }
    }
}

/// What was wrong with a code stands at its field.
pub fn of_code(error: &Error) -> Flash {
    match error {
        Error::WrongCode => {
            Flash { errors: FieldErrors::one("code", error.told().message), ..Flash::default() }
        }
        other => Flash::of_error(other),
    }
}

pub fn verify_address(method: &str, next: &str) -> String {
    with_next(&format!("/verify?method={}", encode(method)), next)
}

pub fn set_up_address(next: &str) -> String {
    with_next("/verify/set-up", next)
}

/// The field for a code that was sent to set codes by e-mail up.
pub fn set_up_code_address(next: &str) -> String {
    with_next("/verify/set-up?method=email", next)
}

pub fn codes_address(next: &str) -> String {
    with_next("/account/second-factor/codes", next)
}

/// The address with the page to go to afterwards, unless that is the dashboard.
pub fn with_next(address: &str, next: &str) -> String {
    let join = if address.contains('?') { '&' } else { '?' };
    if next == "/" { address.to_owned() } else { format!("{address}{join}next={}", encode(next)) }
}
