//! Filters as SCIM writes them (RFC 7644, 3.4.2.2): `userName sw "m" and not (active eq false)`; and the paths of a PATCH, which
//! hold one: `emails[type eq "work"].value`.

mod entry;
mod reader;
#[cfg(test)]
mod tests;

pub use entry::fulfils;

/// So long a filter may be.
pub const LONGEST: usize = 2_000;
/// So many comparisons it may hold.
const MOST_TESTS: usize = 50;
/// So deep its parentheses may go.
const DEEPEST: usize = 10;

#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Present(Attribute),
    Test(Attribute, Operator, Literal),
    /// One of the attribute's values fulfils all of it.
    Among(Attribute, Box<Filter>),
}

/// An attribute by its name and the name of a part of it, both in small letters and without the address of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub name: String,
    pub part: Option<String>,
}

/// Where a PATCH changes something.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub name: String,
    /// Which of several values.
    pub among: Option<Filter>,
    pub part: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Contains,
    Begins,
    Ends,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Text(String),
    Flag(bool),
    Number(f64),
    Null,
}

/// Why a filter or a path cannot be read.
pub type Wrong = &'static str;

impl Filter {
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        reader::filter(text)
    }
}

impl Path {
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        reader::path(text)
    }
}

impl Attribute {
    /// As `name`, `name.part`, or with the address of the schema before it.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        reader::attribute(text)
    }

    /// The name and the part, to be matched.
    pub fn names(&self) -> (&str, &str) {
        (&self.name, self.part.as_deref().unwrap_or_default())
    }
}
