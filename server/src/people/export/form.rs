//! What a person looks like in a file: as a row of CSV, or as the JSON that the API has for them.

use crate::{Result, at_rest::AtRest, csv, roles::Role};
use anyhow::anyhow;
use domain::{
    person::search_text_of,
    second_factor::{Factors, Method},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{borrow::Cow, collections::HashMap, io::Write};

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `marked`: with the mark by which Excel knows that it is UTF-8.
    Csv {
        marked: bool,
    },
    Json,
}

impl Format {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Csv { .. } => "csv",
            Self::Json => "json",
        }
    }

    /// What the file is called.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Csv { .. } => "users.csv",
            Self::Json => "users.json",
        }
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv { .. } => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
        }
    }
}

const HEAD: [&str; 11] = [
    "id",
    "username",
    "full_name",
    "email",
    "roles",
    "status",
    "mfa",
    "last_login_at",
    "login_count",
    "created_at",
    "version",
];

/// A person as the store puts them into a line; nothing is copied that need not be.
#[derive(Deserialize)]
struct Line<'a> {
    id: &'a str,
    username: &'a str,
    #[serde(borrow)]
    full_name: Cow<'a, str>,
    #[serde(borrow)]
    email: Cow<'a, str>,
    roles: &'a str,
    status: &'a str,
    factors: Factors,
    last_login_at: i64,
    login_count: i64,
    created_at: i64,
    version: i64,
}

impl Line<'_> {
    /// Makes of what is encrypted what it is.
    fn read(&mut self, at_rest: &AtRest) -> Result<()> {
        for text in [&mut self.full_name, &mut self.email] {
            let told = at_rest.tell(text);
            *text = Cow::Owned(told.ok_or_else(|| anyhow!("a name or an address cannot be decrypted"))?);
        }
        Ok(())
    }

    fn holds(&self, search: &str) -> bool {
        search.is_empty() || search_text_of(self.username, &self.full_name, &self.email).contains(search)
    }
}

/// Writes people in one form.
pub(super) struct Form {
    format: Format,
    /// Of each role, by its code, what is told of it.
    roles: HashMap<String, Value>,
    at_rest: AtRest,
    /// What everybody in the file holds, for where the store cannot tell it for sure.
    search: String,
    begun: bool,
}

impl Form {
    pub(super) fn new(format: Format, roles: &[Role], at_rest: AtRest, search: String) -> Self {
        let told = |role: &Role| (role.code.to_string(), json!({ "code": role.code, "name": role.name }));
        Self { format, roles: roles.iter().map(told).collect(), at_rest, search, begun: false }
    }

    pub(super) const fn format(&self) -> Format {
        self.format
    }

    /// The people of these lines as a piece of the file; counts them.
    pub(super) fn write(&mut self, lines: &str, people: &mut u64) -> Result<Vec<u8>> {
        let mut piece = Vec::with_capacity(lines.len() * 2 + 256);
        let is_first = !std::mem::replace(&mut self.begun, true);
        if is_first {
            self.begin(&mut piece);
        }
        for line in lines.lines() {
            let mut person: Line<'_> = serde_json::from_str(line).map_err(anyhow::Error::from)?;
            if self.at_rest.is_on() {
                person.read(&self.at_rest)?;
                if !person.holds(&self.search) {
                    continue;
                }
            }
            match self.format {
                Format::Csv { .. } => write_row(&mut piece, &person).map_err(anyhow::Error::from)?,
                Format::Json => {
                    piece.extend_from_slice(if *people > 0 { b",\n" } else { b"\n" });
                    serde_json::to_writer(&mut piece, &self.told(&person)).map_err(anyhow::Error::from)?;
                }
            }
            *people += 1;
        }
        Ok(piece)
    }

    fn begin(&self, piece: &mut Vec<u8>) {
        match self.format {
            Format::Csv { marked } => {
                if marked {
                    piece.extend_from_slice(&csv::BYTE_ORDER_MARK);
                }
                csv::write::row(piece, HEAD);
            }
            Format::Json => piece.push(b'['),
        }
    }

    pub(super) fn end(&self, piece: &mut Vec<u8>) {
        if self.format == Format::Json {
            piece.extend_from_slice(b"\n]\n");
        }
    }

    fn told<'a>(&'a self, person: &'a Line<'a>) -> Told<'a> {
        let last = person.last_login_at;
        Told {
            id: id_of(person.id),
            username: person.username,
            full_name: &person.full_name,
            email: &person.email,
            roles: person.roles.split_whitespace().filter_map(|code| self.roles.get(code)).collect(),
            status: person.status,
            mfa: person.factors.methods().map(Method::code).collect(),
            last_login_at: (last != 0).then_some(Moment(last)),
            login_count: person.login_count,
            created_at: Moment(person.created_at),
            version: person.version,
        }
    }
}

/// A person in JSON, with the names that the API has for their fields.
#[derive(Serialize)]
struct Told<'a> {
    id: uuid::Uuid,
    username: &'a str,
    full_name: &'a str,
    email: &'a str,
    roles: Vec<&'a Value>,
    status: &'a str,
    mfa: Vec<&'static str>,
    last_login_at: Option<Moment>,
    login_count: i64,
    created_at: Moment,
    version: i64,
}

struct Moment(i64);

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&moment(self.0))
    }
}

fn write_row(out: &mut Vec<u8>, person: &Line<'_>) -> std::io::Result<()> {
    let mut id = uuid::Uuid::encode_buffer();
    out.extend_from_slice(id_of(person.id).hyphenated().encode_lower(&mut id).as_bytes());
    for text in [person.username, person.full_name.as_ref(), person.email.as_ref()] {
        out.push(b',');
        csv::write::text(out, text);
    }
    // Codes and numbers are ours: nothing in them is a formula or wants quotes.
    write!(out, ",{},{},", person.roles, person.status)?;
    for (position, method) in person.factors.methods().enumerate() {
        write!(out, "{}{}", if position > 0 { " " } else { "" }, method.code())?;
    }
    out.push(b',');
    if person.last_login_at != 0 {
        write!(out, "{}", moment(person.last_login_at))?;
    }
    write!(out, ",{},{},{}", person.login_count, moment(person.created_at), person.version)?;
    out.write_all(csv::write::END)
}

fn moment(microseconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(microseconds).unwrap_or_default()
}

fn id_of(hex: &str) -> uuid::Uuid {
    uuid::Uuid::parse_str(hex).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "[\"0198c0de00007000800000000000000a\",\"ada\",\"Ada \\\"The\\\" Lovelace\",\"ada@example.com\",\"STAFF PIN\",\"active\",0,0,0,1790000000000000,1]\n\
                         [\"0198c0de00007000800000000000000b\",\"eve\",\"=1+1\",\"+eve@example.com\",\"\",\"locked\",3,1790000000250000,3,1790000000000000,2]";

    fn written(format: Format) -> String {
        let roles = [Role { code: domain::RoleCode::parse("STAFF").unwrap(), name: "Staff".into() }];
        let mut form = Form::new(format, &roles, AtRest::default(), String::new());
        let mut people = 0;
        let mut file = form.write(LINES, &mut people).unwrap();
        file.extend(form.write("", &mut people).unwrap());
        form.end(&mut file);
        assert_eq!(people, 2);
        String::from_utf8(file).unwrap()
    }

    #[test]
    fn u6_rows_are_quoted_and_no_cell_is_a_formula() {
        let expected = "id,username,full_name,email,roles,status,mfa,last_login_at,login_count,created_at,version\r\n\
             0198c0de-0000-7000-8000-00000000000a,ada,\"Ada \"\"The\"\" Lovelace\",ada@example.com,STAFF PIN,active,,,0,2026-09-21T14:13:20Z,1\r\n\
             0198c0de-0000-7000-8000-00000000000b,eve,'=1+1,'+eve@example.com,,locked,passkey totp,2026-09-21T14:13:20.25Z,3,2026-09-21T14:13:20Z,2\r\n";
        assert_eq!(written(Format::Csv { marked: false }), expected);
        assert_eq!(written(Format::Csv { marked: true }), format!("\u{FEFF}{expected}"));
    }

    #[test]
    fn u6_json_has_the_fields_of_the_api() {
        let people: Value = serde_json::from_str(&written(Format::Json)).unwrap();
        assert_eq!(people[0]["roles"], json!([{ "code": "STAFF", "name": "Staff" }]));
        assert_eq!(people[0]["last_login_at"], Value::Null);
        assert_eq!((&people[0]["mfa"], &people[1]["mfa"]), (&json!([]), &json!(["passkey", "totp"])));
        assert_eq!(people[1]["last_login_at"], "2026-09-21T14:13:20.25Z");
        assert_eq!((&people[1]["full_name"], &people[1]["roles"]), (&"=1+1".into(), &json!([])));
    }
}
