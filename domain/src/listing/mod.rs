//! How one asks for a part of a long list: search, filters, order, and a cursor that says where the last page ended.

mod filters;

pub use filters::{Day, FactorFilter, PeopleFilters, SignInFilter};

use crate::{PersonId, folding::fold};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The columns that the list of people can be ordered by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PeopleColumn {
    #[default]
    Name,
    Username,
    Email,
    /// As it is stored: whoever is locked for a while stands with the active ones.
    Status,
    LastSignIn,
    SignIns,
    Created,
    /// By their codes: the first one, then the next.
    Role,
    SecondFactor,
}

impl PeopleColumn {
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Username,
        Self::Email,
        Self::Status,
        Self::LastSignIn,
        Self::SignIns,
        Self::Created,
        Self::Role,
        Self::SecondFactor,
    ];

    /// The word for it in addresses and in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "full_name",
            Self::Username => "username",
            Self::Email => "email",
            Self::Status => "status",
            Self::LastSignIn => "last_login_at",
            Self::SignIns => "login_count",
            Self::Created => "created_at",
            Self::Role => "role",
            Self::SecondFactor => "mfa",
        }
    }
}

/// An order: a column and its direction, written `full_name` or `-full_name`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PeopleOrder {
    pub column: PeopleColumn,
    pub descending: bool,
}

impl PeopleOrder {
    pub const BY_CREATION: Self = Self { column: PeopleColumn::Created, descending: false };

    /// What a click on a column's head asks for: that column, or the other direction if it is the column already.
    pub fn toggled(self, column: PeopleColumn) -> Self {
        use PeopleColumn::{Email, Name, Role, Username};
        let most_first = !matches!(column, Name | Username | Email | Role);
        Self { column, descending: if self.column == column { !self.descending } else { most_first } }
    }
}

impl fmt::Display for PeopleOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.descending { "-" } else { "" }, self.column.word())
    }
}

impl From<PeopleOrder> for String {
    fn from(order: PeopleOrder) -> Self {
        order.to_string()
    }
}

impl TryFrom<String> for PeopleOrder {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl Cursor {
    /// Whether the cursor can be used in this order and with these filters, and holds nothing that no column holds.
    pub fn fits(&self, order: PeopleOrder, filters: &PeopleFilters) -> bool {
        use PeopleColumn::{Created, Email, LastSignIn, Name, Role, SecondFactor, SignIns, Status, Username};
        let key_fits = match (&self.key, order.column) {
            (CursorKey::Number(_), LastSignIn | SignIns | Created | SecondFactor) => true,
            (CursorKey::Text(text), Name | Username | Email | Status | Role) => {
                !text.contains(char::is_control)
            }
            _ => false,
        };
        self.order == order && self.filters == *filters && key_fits
    }
}

impl FromStr for PeopleOrder {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
        PeopleColumn::ALL
            .into_iter()
            .find(|column| column.word() == word)
            .map(|column| Self { column, descending })
            .ok_or("Sort by full_name, username, email, role, status, mfa, last_login_at, login_count or created_at, with a minus for the other way round")
    }
}

/// What someone typed into the search box, folded and bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchText(String);

impl SearchText {
    pub const LONGEST: usize = 100;

    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        if raw.chars().count() > Self::LONGEST {
            return Err("Search for at most 100 characters");
        }
        Ok(Self(fold(&raw.replace(char::is_control, " "))))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How many rows a page may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u16);

impl PageSize {
    pub const LARGEST: u16 = 200;
    /// For going through a whole list, a stretch at a time.
    pub const STRETCH: Self = Self(1_000);

    pub fn parse(wanted: u32) -> Result<Self, &'static str> {
        match u16::try_from(wanted) {
            Ok(size @ 1..=Self::LARGEST) => Ok(Self(size)),
            _ => Err("Ask for 1 to 200 rows"),
        }
    }

    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(50)
    }
}

/// Where a page begins: just past this row, or just before it when one leafs back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The order that the list had: in another one the edge means nothing.
    pub order: PeopleOrder,
    /// The filters that the list had: in another list the edge may be nobody's.
    #[serde(default, skip_serializing_if = "PeopleFilters::is_empty")]
    pub filters: PeopleFilters,
    pub key: CursorKey,
    pub id: PersonId,
    pub backwards: bool,
}

/// The value that the list is ordered by, in the row at the edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CursorKey {
    Number(i64),
    Text(String),
}

/// A question to the list of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleQuery {
    pub search: SearchText,
    pub filters: PeopleFilters,
    pub order: PeopleOrder,
    pub cursor: Option<Cursor>,
    pub size: PageSize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u5_an_order_reads_as_it_is_written() {
        for text in ["full_name", "-last_login_at", "created_at"] {
            assert_eq!(text.parse::<PeopleOrder>().unwrap().to_string(), text);
        }
        assert!("password_hash".parse::<PeopleOrder>().is_err());
        assert!("--email".parse::<PeopleOrder>().is_err());
    }

    #[test]
    fn u5_a_second_click_on_a_column_turns_it_round() {
        let by_name = PeopleOrder::default();
        assert_eq!(by_name.toggled(PeopleColumn::Name).to_string(), "-full_name");
        assert_eq!(by_name.toggled(PeopleColumn::LastSignIn).to_string(), "-last_login_at");
    }

    #[test]
    fn u5_search_text_is_folded_and_bounded() {
        assert_eq!(SearchText::parse("  ZOË\u{0} q ").unwrap().as_str(), "zoe q");
        assert!(SearchText::parse(&"a".repeat(101)).is_err());
    }

    #[test]
    fn page_sizes_have_a_bound() {
        assert!(
            PageSize::parse(0).is_err() && PageSize::parse(201).is_err() && PageSize::parse(70_000).is_err()
        );
        assert_eq!(PageSize::parse(200).unwrap().get(), 200);
    }
}
