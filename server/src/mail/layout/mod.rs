//! The one look of all letters: the same words as plain text and as HTML.

mod html;
mod text;

use super::words::Words;

/// A letter with its words laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

pub(super) fn lay_out(words: &Words, public_url: &str) -> Written {
    Written {
        subject: words.subject.clone(),
        text: text::lay_out(words, public_url),
        html: html::lay_out(words, public_url),
    }
}
