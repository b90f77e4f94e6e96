//! Rows on their way from the file into the store: parsed, counted, and none about somebody of whom another row speaks.

use super::{
    Column, Counts,
    columns::Columns,
    row::{RowError, Rules, Wanted},
};
use crate::{Result, csv::Record, identity::Passwords, roles::Role};
use domain::FieldErrors;
use std::collections::HashMap;

/// So many rows are judged and kept together.
const BATCH: usize = 1_000;

const NOT_TEXT: &str =
    "This is no CSV file in UTF-8. In a spreadsheet, save it as “CSV UTF-8” and try again.";

pub(super) struct Intake {
    rules: Rules,
    most: u32,
    columns: Option<Columns>,
    rows: Vec<Wanted>,
    errors: Vec<RowError>,
    /// In which row each name and each address stood first.
    usernames: HashMap<Box<str>, u64>,
    emails: HashMap<Box<str>, u64>,
    pub counts: Counts,
}

impl Intake {
    pub(super) fn new(passwords: Passwords, roles: Vec<Role>, most: u32) -> Self {
        Self {
            rules: Rules { passwords, roles },
            most,
            columns: None,
            rows: Vec::new(),
            errors: Vec::new(),
            usernames: HashMap::new(),
            emails: HashMap::new(),
            counts: Counts::default(),
        }
    }

    pub(super) const fn is_full(&self) -> bool {
        self.rows.len() + self.errors.len() >= BATCH
    }

    /// What has come together since the last time.
    pub(super) fn hand_over(&mut self) -> (Vec<Wanted>, Vec<RowError>) {
        (std::mem::take(&mut self.rows), std::mem::take(&mut self.errors))
    }

    /// The columns that nothing is done with.
    pub(super) fn ignored(&self) -> String {
        self.columns.as_ref().map(|columns| columns.ignored.join(", ")).unwrap_or_default()
    }

    /// Takes the next row: the first one names the columns.
    pub(super) fn take(&mut self, record: &Record) -> Result<()> {
        let Some(columns) = &self.columns else {
            let is_text =
                (0..record.len()).all(|place| record.cell(place).is_some_and(|cell| !cell.contains(&0)));
            let columns = if is_text { Columns::of(record) } else { Err(NOT_TEXT.to_owned()) };
            self.columns = Some(columns.map_err(|words| FieldErrors::one("file", words))?);
            return Ok(());
        };
        self.counts.people += 1;
        if self.counts.people > i64::from(self.most) {
            let words = format!("A file may have {} people. Split this one and import the parts.", self.most);
            return Err(FieldErrors::one("file", words).into());
        }
        match self.rules.read(columns, record).and_then(|row| self.only_once(row)) {
            Ok(row) => self.rows.push(row),
            Err(errors) => {
                self.counts.wrong += 1;
                self.errors.extend(errors);
            }
        }
        Ok(())
    }

    /// Two rows cannot be about one person, nor about one address.
    fn only_once(&mut self, row: Wanted) -> Result<Wanted, Vec<RowError>> {
        let mut errors = Vec::new();
        let mut check = |seen: &mut HashMap<Box<str>, u64>, column, value: &str, what: &str| {
            let first = *seen.entry(value.into()).or_insert(row.number);
            if first != row.number {
                let words = format!("{what} stands in row {first} already");
                errors.push(RowError::of_cell(row.number, column, value, words));
            }
        };
        check(&mut self.usernames, Column::Username, row.username.as_str(), "This username");
        if let Some(email) = &row.email {
            check(&mut self.emails, Column::Email, email.as_str(), "This e-mail address");
        }
        if errors.is_empty() { Ok(row) } else { Err(errors) }
    }
}
