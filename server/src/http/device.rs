//! The browser's mark: a cookie that says nothing but that this browser signed in here before, so that a sign-in from another
//! one can be told to the owner of the account.

use super::cookies;
use crate::{chance::Chance, config::Config};
use axum::{
    http::{Method, Request, header},
    response::Response,
};

/// As long as `Chance::token` makes them.
const LENGTH: usize = 43;

/// The mark of the browser that sends a form.
#[derive(Debug)]
pub struct Mark {
    pub value: String,
    is_new: bool,
}

impl Mark {
    /// The mark that the browser has, or one made for it. Only forms sign anybody in, so nothing else needs one.
    pub fn of<B>(request: &Request<B>, chance: &Chance) -> Option<Self> {
        let sends_form = request.method() == Method::POST && request.uri().path().starts_with("/do/");
        sends_form.then(|| match cookies::preference(request.headers(), cookies::MARK) {
            Some(value) if is_mark(value) => Self { value: value.to_owned(), is_new: false },
            _ => Self { value: chance.token(), is_new: true },
        })
    }

    /// Leaves a new mark with a browser that has just signed in.
    pub fn leave(&self, response: &mut Response, config: &Config) {
        let cookies_set = response.headers().get_all(header::SET_COOKIE);
        if self.is_new && cookies_set.iter().any(cookies::opens_session) {
            response.headers_mut().append(header::SET_COOKIE, cookies::set_mark(&self.value, config));
        }
    }
}

fn is_mark(value: &str) -> bool {
    value.len() == LENGTH && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
