//! Files that come in: how large one may be at which address, and the form that carries one.

use crate::{Backend, Error, Result, config};
use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::Request,
    http::{Method, header},
};
use domain::FieldErrors;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use multer::{Field, Multipart};
use std::{
    collections::HashMap,
    io::Read,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// What stands around a file in its form, the other fields with it.
const AROUND: usize = 64 * 1024;
/// The other fields of a form are few and short.
const MOST_FIELDS: usize = 16;
const LONGEST_FIELD: usize = 1024;
const PIECE: usize = 64 * 1024;
/// All that may come before a file: it is searched anew with each piece.
const MOST_BEFORE: usize = 32 * 1024;
const FIRST_PIECE: usize = 8 * 1024;
/// A form that has not come to its file after so long never will.
const FIRST_PATIENCE: Duration = Duration::from_secs(30);
/// A file that is still on its way after so long is not waited for.
pub const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// The addresses that take a file of people.
pub const IMPORT_FORM: &str = "/do/upload-people";
const IMPORT_API: &str = "/api/v1/users/import";

/// How much a request may carry, where it is a file and may be more than others.
pub fn largest(backend: &Backend, method: &Method, path: &str) -> Option<usize> {
    let takes_a_file = *method == Method::POST && matches!(path, IMPORT_FORM | IMPORT_API);
    takes_a_file.then(|| backend.config.imports.largest_file() + AROUND)
}

/// A form with a file, which comes last: what was typed, and the file as it comes in.
pub struct Upload {
    values: HashMap<String, String>,
    pub file_name: String,
    file: Field<'static>,
}

impl Upload {
    /// Reads up to the file.
    pub async fn of(request: Request, rules: config::Imports) -> Result<Self> {
        tokio::time::timeout(FIRST_PATIENCE, Self::begin(request, rules))
            .await
            .map_err(|_| Error::TimedOut)?
    }

    async fn begin(request: Request, rules: config::Imports) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok()).ok_or_else(unreadable)?;
        let has_begun = Arc::new(AtomicBool::new(false));
        let body = Bounded::new(request.into_body(), rules, has_begun.clone());
        let mut form = Multipart::new(stream::try_unfold(body, Bounded::next), boundary);
        let mut values = HashMap::new();
        for _ in 0..MOST_FIELDS {
            let Some(field) = form.next_field().await.map_err(|error| refused(error, unreadable()))? else {
                break;
            };
            let name = field.name().unwrap_or_default().to_owned();
            if name != "file" {
                values.insert(name, typed(field).await?);
                continue;
            }
            let file_name = field.file_name().unwrap_or_default().to_owned();
            if file_name.is_empty() {
                break;
            }
            has_begun.store(true, Ordering::Relaxed);
            return Ok(Self { values, file_name, file: field });
        }
        Err(FieldErrors::one("file", "Choose a file").into())
    }

    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// The file, piece by piece.
    pub fn pieces(self) -> impl Stream<Item = Result<Bytes>> {
        self.file.map_err(|error| refused(error, cut_off()))
    }
}

/// The body of a form, as large as it may be. Whoever reads forms takes whatever is there before looking at any of it, so there
/// is one piece at a time.
struct Bounded {
    body: BodyDataStream,
    rest: Bytes,
    taken: usize,
    rules: config::Imports,
    /// The file is there; what came so far was in front of it.
    has_begun: Arc<AtomicBool>,
}

impl Bounded {
    fn new(body: Body, rules: config::Imports, has_begun: Arc<AtomicBool>) -> Self {
        Self { body: body.into_data_stream(), rest: Bytes::new(), taken: 0, rules, has_begun }
    }

    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        tokio::task::yield_now().await;
        if self.rest.is_empty() {
            match self.body.next().await {
                Some(piece) => self.rest = piece.map_err(|_| cut_off())?,
                None => return Ok(None),
            }
        }
        let has_begun = self.has_begun.load(Ordering::Relaxed);
        let length = if has_begun { self.rest.len() } else { self.rest.len().min(FIRST_PIECE) };
        self.taken += length;
        if !has_begun && self.taken > MOST_BEFORE {
            return Err(Error::FormTooLarge);
        }
        if self.taken > self.rules.largest_file() + AROUND {
            return Err(Error::FileTooLarge { mib: self.rules.largest_mib });
        }
        let piece = self.rest.split_to(length);
        Ok(Some((piece, self)))
    }
}

/// Why a form is not read on: an error of ours, which its body ended with, or else this one.
fn refused(error: multer::Error, otherwise: Error) -> Error {
    match error {
        multer::Error::StreamReadFailed(cause) => cause.downcast::<Error>().map_or(otherwise, |ours| *ours),
        _ => otherwise,
    }
}

/// A field that is no file.
async fn typed(mut field: Field<'static>) -> Result<String> {
    let mut value = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| refused(error, unreadable()))? {
        value.extend_from_slice(&piece);
        if value.len() > LONGEST_FIELD {
            return Err(unreadable());
        }
    }
    String::from_utf8(value).map_err(|_| unreadable())
}

/// The body as it comes, where it is the file itself.
pub fn pieces_of(body: Body) -> impl Stream<Item = Result<Bytes>> {
    body.into_data_stream().map_err(|_| cut_off())
}

/// A file of this machine, piece by piece.
pub fn pieces_of_file(file: std::fs::File) -> impl Stream<Item = Result<Bytes>> {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE];
        let length = file.read(&mut piece).map_err(anyhow::Error::from)?;
        piece.truncate(length);
        Ok((length > 0).then(|| (Bytes::from(piece), file)))
    })
}

/// Takes what is left of a file and does nothing with it, up to a bound.
pub async fn let_pass(mut pieces: Pin<&mut impl Stream<Item = Result<Bytes>>>, most: usize) {
    let mut passed = 0;
    while passed < most
        && let Some(Ok(piece)) = pieces.next().await
    {
        passed += piece.len();
    }
}

fn unreadable() -> Error {
    Error::Malformed("This form could not be read. Go back, reload the page and try again.".into())
}

fn cut_off() -> Error {
    Error::Malformed("The file was cut off on its way. Try again.".into())
}
