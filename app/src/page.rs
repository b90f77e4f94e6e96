//! Drawing a page: what every page knows of its request, and what happens when its content cannot be had.

use crate::{arrival, faces, flash::Flash, moments::Zone};
use axum::{
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use domain::preferences::Theme;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use server::{
    Actor, Backend, Error, Origin, Result,
    http::{caller::Caller, cookies, guard},
    limits::{Bucket, Limits},
};
use tower_sessions::Session;

/// A request for a page (or for a server function), with the back end that answers it.
#[derive(Clone)]
pub struct Visit {
    pub backend: Backend,
    caller: Caller,
    session: Option<Session>,
    response: ResponseOptions,
    pending_sign_in: Option<String>,
    remembered_device: Option<String>,
    /// Another site opened it, and the session's cookie may only have been kept back.
    without_cookie: bool,
    /// In which time zone times are told.
    zone: Zone,
    theme: Option<Theme>,
    /// The path and query that were asked for.
    pub address: String,
}

impl Visit {
    /// The visit of the request that is being answered.
    pub fn current() -> Self {
        let parts = expect_context::<Parts>();
        let caller = parts.extensions.get::<Caller>().cloned();
        let own = caller.as_ref().and_then(|caller| caller.actor().ok()?.time_zone());
        let zone = Zone::of(own, cookies::preference(&parts.headers, "time_zone"));
        let (own_theme, theme_in_browser) = themes(&parts);
        Self {
            zone,
            theme: own_theme.or(theme_in_browser),
            backend: expect_context(),
            // The door puts a caller into every request; a request without one was never let in.
            caller: caller.unwrap_or_else(Caller::nobody),
            session: parts.extensions.get::<Session>().cloned(),
            response: expect_context(),
            pending_sign_in: cookies::pending_sign_in(&parts.headers),
            remembered_device: cookies::remembered_device(&parts.headers),
            without_cookie: arrival::comes_without_cookie(&parts),
            address: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        }
    }

    /// The person, or `Unauthenticated`.
    pub fn actor(&self) -> Result<&Actor> {
        self.caller.actor()
    }

    pub const fn origin(&self) -> &Origin {
        &self.caller.origin
    }

    /// The theme that was chosen, with the account or in this browser.
    pub const fn theme(&self) -> Option<Theme> {
        self.theme
    }

    /// The token of a sign-in of this browser that waits for its second factor.
    pub fn pending_sign_in(&self) -> Option<&str> {
        self.pending_sign_in.as_deref()
    }

    /// The token by which this browser was remembered.
    pub fn remembered_device(&self) -> Option<&str> {
        self.remembered_device.as_deref()
    }

    pub fn request_id(&self) -> String {
        self.caller.request_id().to_owned()
    }

    /// A parameter of the query string.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.address.split_once('?').map_or("", |(_, query)| query);
        server::http::intake::parameter(query, name)
    }

    /// What the page before left to be said, once.
    pub async fn take_flash(&self) -> Flash {
        match &self.session {
            Some(session) => Flash::take(session).await,
            None => Flash::default(),
        }
    }

    pub async fn leave_flash(&self, flash: Flash) {
        if let Some(session) = &self.session {
            flash.leave(session).await;
        }
    }

    /// Counts a page that does or leaves something for whoever opens it, as forms of strangers are.
    pub async fn bound(&self) -> Result<()> {
        self.backend.limits.count(Bucket::Form, &Limits::client(self.origin())).await.check()
    }

    /// After a form that could not be done: back to its page with what was wrong, past `/confirm` where it has to be shown
    /// first that it is still them.
    pub async fn refuse(&self, error: &Error, back_to: &str) {
        error.log();
        if let Some(first) = first_to(error, back_to) {
            return self.go_to(&first);
        }
        self.leave_flash(Flash::of_error(error)).await;
        self.go_to(back_to);
    }

    /// Sends the browser on with a GET, after a form or to where it may be.
    pub fn go_to(&self, path: &str) {
        self.response.set_status(StatusCode::SEE_OTHER);
        if let Ok(value) = HeaderValue::from_str(path) {
            self.response.insert_header(header::LOCATION, value);
        }
    }

    /// For a page whose address holds a secret: not even our own files are told where they are asked for from.
    pub fn hide_address(&self) {
        self.response.insert_header(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    }

    /// The browser asks for the page anew after so many seconds, also without scripts.
    pub fn look_again_in(&self, seconds: u32) {
        self.response.insert_header(header::REFRESH, HeaderValue::from(seconds));
    }

    pub fn set_cookie(&self, cookie: HeaderValue) {
        self.response.append_header(header::SET_COOKIE, cookie);
    }

    pub fn set_status(&self, error: &Error) {
        let told = error.told();
        self.response
            .set_status(StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        if let Some(wait) = told.retry_after {
            self.response.insert_header(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
    }
}

/// The theme of the account, and the one that this browser keeps.
pub fn themes(parts: &Parts) -> (Option<Theme>, Option<Theme>) {
    let caller = parts.extensions.get::<Caller>();
    let own = caller.and_then(|caller| caller.actor().ok()?.theme());
    (own, cookies::preference(&parts.headers, "theme").and_then(Theme::from_code))
}

/// Draws a page from work that may fail: someone who is not signed in is led to the sign-in page and back again, any other
/// error becomes a page of its own, with its status.
pub fn draw<V, F>(work: impl FnOnce(Visit) -> F) -> impl IntoView
where
    V: IntoView + 'static,
    F: Future<Output = Result<V>> + Send + 'static,
{
    let visit = Visit::current();
    provide_context(visit.zone.clone());
    let failed = visit.clone();
    let work = work(visit);
    Suspend::new(async move {
        match work.await {
            Ok(view) => view.into_any(),
            Err(Error::Unauthenticated) if failed.without_cookie => {
                arrival::go_on(own_path(&failed.address).unwrap_or("/")).into_any()
            }
            Err(Error::Unauthenticated | Error::TokenExpired) => {
                failed.go_to(&sign_in_address(&failed.address));
                ().into_any()
            }
            Err(Error::StepUp(_)) => {
                failed.go_to(&confirm_address(&failed.address));
                ().into_any()
            }
            Err(error) => {
                error.log();
                failed.set_status(&error);
                faces::error_page(&error.told(), &failed.request_id()).into_any()
            }
        }
    })
}

/// The title of a page. The framework writes it out as it is, so what people are called is escaped here.
pub fn title(words: &str) -> impl IntoView + use<> {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    view! { <leptos_meta::Title text=format!("{words} · Countersign") /> }
}

/// The sign-in page, which leads back to this address afterwards.
pub fn sign_in_address(back_to: &str) -> String {
    if back_to == "/" {
        "/login".into()
    } else {
        format!("/login?next={}", server::http::intake::encode(back_to))
    }
}

/// The page that asks once more whether it is them, and leads back to this address.
pub fn confirm_address(back_to: &str) -> String {
    format!("/confirm?next={}", server::http::intake::encode(back_to))
}

/// Where one has to go first, where that is what the error asks for; from there one comes back to this address.
pub fn first_to(error: &Error, back_to: &str) -> Option<String> {
    match error {
        Error::Unauthenticated | Error::TokenExpired => Some(sign_in_address(back_to)),
        Error::StepUp(_) => Some(confirm_address(back_to)),
        _ => None,
    }
}

/// A file that a link of this page leads to. Whoever has to go elsewhere first comes back to the page and asks for it once more:
/// an address that only downloads would leave one nowhere.
pub fn file_of(page: &str, outcome: Result<Response>) -> Response {
    outcome.unwrap_or_else(|error| match first_to(&error, page) {
        Some(first) => Redirect::to(&first).into_response(),
        None => guard::fail(error),
    })
}

/// An address to go to after signing in, if it is one of our own: a path, not another site's in disguise.
pub fn own_path(next: &str) -> Option<&str> {
    let is_path = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/\\")
        && next.is_ascii()
        && !next.contains(|c: char| c.is_control());
    is_path.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a8_only_our_own_pages_are_gone_to_after_signing_in() {
        assert_eq!(own_path("/people?search=zoe"), Some("/people?search=zoe"));
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/x\r\nSet-Cookie: a=b",
        ] {
            assert_eq!(own_path(foreign), None, "{foreign:?}");
        }
    }

    #[test]
    fn the_sign_in_page_leads_back() {
        assert_eq!(sign_in_address("/"), "/login");
        assert_eq!(sign_in_address("/people?search=a b"), "/login?next=%2Fpeople%3Fsearch%3Da%20b");
    }
}
