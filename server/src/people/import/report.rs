//! What was wrong with a file: the first of it for the page, all of it as a file.

use super::{GONE, Imports, Wrong, store};
use crate::{
    Result, csv,
    permit::{Imports as AllImports, Visible},
};
use axum::body::Bytes;
use domain::ImportId;
use futures::{Stream, stream};

/// So many are read at once.
const STRETCH: i64 = 2_000;
/// Before the first of all.
const BEGINNING: (i64, i64) = (0, -1);

impl Imports {
    /// The first wrong cells, in the order of the file.
    pub async fn first_errors(
        &self,
        _visible: &Visible<AllImports>,
        id: ImportId,
        limit: i64,
    ) -> Result<Vec<Wrong>> {
        store::rows::errors(&self.ground.db, id, BEGINNING, limit).await
    }

    /// All of them as CSV, a stretch at a time.
    pub async fn errors_as_csv(
        &self,
        _visible: &Visible<AllImports>,
        id: ImportId,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        store::find(&self.ground.db, id).await?.ok_or(GONE)?;
        let db = self.ground.db.clone();
        let mut head = Vec::new();
        csv::write::row(&mut head, ["row", "column", "value", "error"]);
        Ok(stream::try_unfold((db, Some(BEGINNING), head), move |(db, after, mut piece)| async move {
            let Some(after) = after else { return Ok(None) };
            let errors = store::rows::errors(&db, id, after, STRETCH).await?;
            for error in &errors {
                let number = error.number.to_string();
                csv::write::row(
                    &mut piece,
                    [number.as_str(), &error.column_name, &error.value.0, &error.words],
                );
            }
            let next = errors.last().map(|error| (error.number, error.place));
            Ok(Some((Bytes::from(piece), (db, next, Vec::new()))))
        }))
    }
}
