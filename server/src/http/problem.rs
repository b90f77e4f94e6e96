//! An error as a JSON answer of the REST API.

use crate::{Error, Result};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::FieldErrors;
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::ToSchema;

/// How every error of the API looks. `fields` is there where single fields were wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemBody {
    /// A word for programs: `malformed`, `unauthenticated`, `token_expired`, `invalid_credentials`, `forbidden`, `foreign_form`, `suspended`,
    /// `not_found`, `method_not_allowed`, `timed_out`, `conflict`, `too_large`, `validation_error`, `account_locked`,
    /// `too_many_requests`, `too_many_failures`, `internal`, `unavailable` or `busy`.
    #[schema(example = "validation_error")]
    pub error: String,
    /// A sentence for people.
    #[schema(example = "Some fields need another look")]
    pub message: String,
    /// What is wrong with each field or parameter, by its name; left out where none is to blame.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(example = json!({ "limit": "Ask for 1 to 200 rows" }))]
    pub fields: BTreeMap<String, String>,
    /// What to quote when asking for help; also the header `X-Request-Id`.
    #[schema(example = "0198c0de5a7b7c3e9f10a2b3c4d5e6f7")]
    pub request_id: String,
}

/// What T-4 has the API say to the wrong role, where pages speak of administrators.
const WRONG_ROLE: &str = "Forbidden: insufficient role";

/// An error on its way out of a REST handler.
#[derive(Debug)]
pub struct Problem {
    error: Arc<Error>,
    /// Other words than the table's, where clients of an address know their own.
    words: Option<&'static str>,
    /// Another status than the table's, for the same reason.
    status: Option<StatusCode>,
}

impl Problem {
    pub fn worded(error: Error, words: &'static str) -> Self {
        Self { words: Some(words), ..error.into() }
    }

    /// As the short addresses tell it: there a wrong field is a bad request.
    pub fn at_short_address(self) -> Self {
        let status = matches!(*self.error, Error::Invalid(_)).then_some(StatusCode::BAD_REQUEST);
        Self { status: status.or(self.status), ..self }
    }

    /// The body of the answer.
    pub fn body(&self, request_id: &str) -> ProblemBody {
        let told = self.error.told();
        ProblemBody {
            error: told.code.to_owned(),
            message: self.words.map_or(told.message, str::to_owned),
            fields: if let Error::Invalid(errors) = &*self.error { by_name(errors) } else { BTreeMap::new() },
            request_id: request_id.to_owned(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Arc::new(error).into()
    }
}

impl From<Arc<Error>> for Problem {
    fn from(error: Arc<Error>) -> Self {
        let words = matches!(*error, Error::WrongRole).then_some(WRONG_ROLE);
        Self { error, words, status: None }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.error.log();
        let told = self.error.told();
        let table = StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let status = self.status.unwrap_or(table);
        let body = self.body(&super::caller::current_request_id());
        let mut response = (status, Json(body)).into_response();
        if let Some(wait) = told.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

fn by_name(errors: &FieldErrors) -> BTreeMap<String, String> {
    errors.iter().map(|error| (error.field.clone(), error.message.clone())).collect()
}

/// What a REST handler returns.
pub type Answer<T> = Result<T, Problem>;
