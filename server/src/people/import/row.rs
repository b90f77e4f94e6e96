//! A row of a file: each cell is parsed as a form's field would be, and what is wrong with it is said by column.

use super::{
    columns::{Column, Columns},
    shortened,
};
use crate::{
    csv::{self, Flaw, Record},
    identity::Passwords,
    people::NewPersonForm,
    roles::Role,
};
use domain::{
    RoleCode,
    password::{NewPassword, Owner},
    person::{EmailAddress, FullName, PersonStatus, Username},
};

/// A hash of Argon2 with everything there is in it has some 200 characters.
const LONGEST_HASH: usize = 512;

/// Somebody as a row has them. What a cell leaves empty is nothing.
#[derive(Debug)]
pub(super) struct Wanted {
    pub number: u64,
    pub username: Username,
    pub full_name: Option<FullName>,
    pub email: Option<EmailAddress>,
    pub roles: Option<Vec<RoleCode>>,
    pub status: Option<PersonStatus>,
    pub secret: Secret,
}

/// By what somebody is to sign in.
#[derive(Debug)]
pub(super) enum Secret {
    None,
    /// Hashed elsewhere.
    Hash(String),
    Password(NewPassword),
}

/// What is wrong with a cell, or with a row where there is no column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    pub number: u64,
    pub column: &'static str,
    /// The beginning of what stands there; of a password, nothing.
    pub value: String,
    pub words: String,
}

impl RowError {
    pub(super) fn of_row(number: u64, words: impl Into<String>) -> Self {
        Self { number, column: "", value: String::new(), words: words.into() }
    }

    pub(super) fn of_cell(number: u64, column: Column, value: &str, words: impl Into<String>) -> Self {
        let value = if column.is_secret() { String::new() } else { shortened(value) };
        Self { number, column: column.name(), value, words: words.into() }
    }
}

/// What rows are read with.
pub(super) struct Rules {
    pub passwords: Passwords,
    pub roles: Vec<Role>,
}

impl Rules {
    /// Somebody, or everything that is wrong with the row.
    pub(super) fn read(&self, columns: &Columns, record: &Record) -> Result<Wanted, Vec<RowError>> {
        let number = record.number;
        if let Some(flaw) = record.flaw {
            return Err(vec![RowError::of_row(number, words_of(flaw))]);
        }
        if record.len() != columns.count {
            let words =
                format!("This row has {} cells, and the first row has {}", record.len(), columns.count);
            return Err(vec![RowError::of_row(number, words)]);
        }
        let mut cells = Cells { columns, record, errors: Vec::new() };
        let username = cells.parse(Column::Username, Username::parse);
        let full_name = cells.parse(Column::FullName, FullName::parse);
        let email = cells.parse(Column::Email, EmailAddress::parse);
        let roles = cells.parse(Column::Roles, |text| self.read_roles(text));
        let status = cells.parse(Column::Status, read_status);
        let secret = self.read_secret(&mut cells, username.as_ref(), email.as_ref());
        let mut errors = cells.errors;
        match username {
            Some(username) if errors.is_empty() => {
                Ok(Wanted { number, username, full_name, email, roles, status, secret })
            }
            _ => {
                if errors.is_empty() {
                    errors.push(RowError::of_cell(number, Column::Username, "", "Enter a username"));
                }
                Err(errors)
            }
        }
    }

    fn read_roles(&self, text: &str) -> Result<Vec<RoleCode>, String> {
        let mut roles = Vec::new();
        for word in text.split([' ', ',', ';', '|', '\n', '\r', '\t']).filter(|word| !word.is_empty()) {
            let code = RoleCode::parse(word)?;
            if self.roles.iter().all(|role| role.code != code) {
                return Err(format!("There is no role {code}"));
            }
            if roles.contains(&code) {
                return Err(format!("The role {code} stands there twice"));
            }
            roles.push(code);
        }
        Ok(roles)
    }

    fn read_secret(
        &self,
        cells: &mut Cells<'_>,
        username: Option<&Username>,
        email: Option<&EmailAddress>,
    ) -> Secret {
        let owner = Owner::new(username.map_or("", Username::as_str), email.map_or("", EmailAddress::as_str));
        let hash = cells.parse(Column::PasswordHash, |text| {
            if text.len() > LONGEST_HASH {
                return Err("This is too long for a hash");
            }
            self.passwords.accept_hash(text).map(|()| text.to_owned())
        });
        let password = cells.parse(Column::Password, |text| {
            self.passwords.accept(text, &owner).map_err(|broken| broken.to_string())
        });
        match (hash, password) {
            (Some(_), Some(_)) => {
                let words = "Give a password or a hash, not both";
                cells.errors.push(RowError::of_cell(cells.record.number, Column::PasswordHash, "", words));
                Secret::None
            }
            (Some(hash), None) => Secret::Hash(hash),
            (None, Some(password)) => Secret::Password(password),
            (None, None) => Secret::None,
        }
    }
}

fn read_status(text: &str) -> Result<PersonStatus, &'static str> {
    let code = text.to_lowercase();
    let status = PersonStatus::ALL.into_iter().find(|status| status.code() == code);
    status.ok_or("Choose active, suspended or invited")
}

/// The cells of one row, and what was wrong with those that were looked at.
struct Cells<'a> {
    columns: &'a Columns,
    record: &'a Record,
    errors: Vec<RowError>,
}

impl Cells<'_> {
    /// The value of a cell that is there and not empty; what is wrong with it is remembered.
    fn parse<T, E: Into<String>>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let cell = self.record.cell(self.columns.place(column)?)?;
        let number = self.record.number;
        let Ok(text) = std::str::from_utf8(cell) else {
            let shown = String::from_utf8_lossy(cell);
            let words = "This is not UTF-8 text. Save the file as “CSV UTF-8”.";
            self.errors.push(RowError::of_cell(number, column, &shown, words));
            return None;
        };
        if text.contains('\0') {
            self.errors.push(RowError::of_cell(number, column, text, "Remove the NUL character"));
            return None;
        }
        // What an export made harmless is as it was; a password is taken as it stands.
        let text = if column.is_secret() { text.into() } else { csv::undone(text) };
        let text = if column == Column::Password { &*text } else { text.trim() };
        if text.is_empty() {
            return None;
        }
        parse(text).map_err(|words| self.errors.push(RowError::of_cell(number, column, text, words))).ok()
    }
}

const fn words_of(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::OpenQuote => "A quote is opened here and never closed, so everything behind it is one cell",
        Flaw::AfterQuote => {
            "Something stands behind a closing quote. Quotes within a cell are written twice."
        }
        Flaw::CellTooLong => "A cell is longer than anything that could be in it",
        Flaw::TooManyCells => "This row has more cells than any table of people",
    }
}

/// What is missing from a row about somebody who is new, as a form would say it.
pub(super) fn missing(wanted: &Wanted) -> Vec<RowError> {
    let form = NewPersonForm {
        username: wanted.username.to_string(),
        full_name: wanted.full_name.as_ref().map(ToString::to_string).unwrap_or_default(),
        email: wanted.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        roles: wanted.roles.iter().flatten().map(ToString::to_string).collect(),
        password: String::new(),
    };
    let Err(errors) = form.parse_without_password() else { return Vec::new() };
    let columns = errors.iter().filter_map(|error| {
        let column = Column::ALL.into_iter().find(|column| column.name() == error.field)?;
        Some(RowError::of_cell(wanted.number, column, "", error.message.clone()))
    });
    columns.collect()
}
