//! A file as an answer: written out while it is read, and saved by the browser.

use crate::{Error, Result};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::Response,
};
use futures::{Stream, TryStreamExt};

/// The answer that is saved under this name.
pub fn saved<P: Into<Bytes> + 'static>(
    name: &'static str,
    kind: &'static str,
    pieces: impl Stream<Item = Result<P>> + Send + 'static,
) -> Response {
    // An error in the middle breaks the answer off, so that nobody takes a part for the whole.
    let mut response = Response::new(Body::from_stream(pieces.inspect_err(Error::log)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
