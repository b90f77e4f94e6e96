//! A flash: what one page leaves for the next one to say, kept on the server between the two.

use crate::ui::{ErrorSummary, FieldProblem};
use domain::FieldErrors;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tower_sessions::Session;

const KEY: &str = "flash";

/// A message, wrong fields and the values that were typed (never a password).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    pub good: Option<String>,
    pub bad: Option<String>,
    pub errors: FieldErrors,
    pub values: BTreeMap<String, String>,
    /// The page that the values are for, where it has to be shown first that it is still them.
    pub waits_for: Option<String>,
}

impl Flash {
    pub fn good(words: impl Into<String>) -> Self {
        Self { good: Some(words.into()), ..Self::default() }
    }

    /// What went wrong with a form: each wrong field where there are some, else the error's own words.
    pub fn of_error(error: &server::Error) -> Self {
        match error {
            server::Error::Invalid(errors) => Self { errors: errors.clone(), ..Self::default() },
            other => Self { bad: Some(other.told().message), ..Self::default() },
        }
    }

    /// Keeps a value for the form that is shown again.
    pub fn with(mut self, field: &str, value: &str) -> Self {
        // More than any of our fields takes is not worth carrying.
        self.values.insert(field.to_owned(), value.chars().take(300).collect());
        self
    }

    /// What was typed waits for this page while `/confirm` comes between.
    pub fn waiting_for(mut self, page: &str) -> Self {
        self.waits_for = Some(page.to_owned());
        self
    }

    /// What was typed alone, to be left once more.
    pub fn typed(&self) -> Self {
        Self { values: self.values.clone(), waits_for: self.waits_for.clone(), ..Self::default() }
    }

    /// As this page may use it: what was typed for another is forgotten.
    pub fn for_page(mut self, page: &str) -> Self {
        if self.waits_for.take().is_some_and(|other| other != page) {
            self.values.clear();
        }
        self
    }

    /// Keeps a text of several lines.
    pub fn with_text(mut self, field: &str, value: &str) -> Self {
        self.values.insert(field.to_owned(), value.chars().take(2_200).collect());
        self
    }

    /// Keeps a list of words that hold no comma.
    pub fn with_list(self, field: &str, words: &[String]) -> Self {
        let line = words.iter().take(64).map(|word| word.chars().take(40).collect()).collect::<Vec<String>>();
        let mut flash = self;
        flash.values.insert(field.to_owned(), line.join(","));
        flash
    }

    pub fn value(&self, field: &str) -> String {
        self.values.get(field).cloned().unwrap_or_default()
    }

    /// What was not accepted, for above the fields; nothing where all was well.
    pub fn summary(&self) -> Option<AnyView> {
        let problems: Vec<FieldProblem> =
            self.errors.iter().map(|error| FieldProblem::new(&error.field, &error.message)).collect();
        let title = match (&self.bad, problems.len()) {
            (None, 0) => return None,
            (Some(words), _) => words.clone(),
            (None, 1) => "One field needs another look".into(),
            (None, _) => "Some fields need another look".into(),
        };
        Some(view! { <ErrorSummary title text=None problems /> }.into_any())
    }

    pub(crate) async fn take(session: &Session) -> Self {
        session.remove(KEY).await.ok().flatten().unwrap_or_default()
    }

    pub(crate) async fn leave(self, session: &Session) {
        if let Err(error) = session.insert(KEY, self).await {
            tracing::error!(cause = %error, "a message for the next page could not be kept");
        }
    }
}
