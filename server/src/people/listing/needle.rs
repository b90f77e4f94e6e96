//! How a text is looked up in the trigram index of either engine: as it is, or by the terms that an encrypted store keeps in its
//! place.

use super::statement::Values;
use crate::db::{Db, Lane};

/// So much of a text is asked of the index. More letters cost more and tell hardly more: what is found is compared whole.
const LONGEST: usize = 12;
/// Shorter texts have no trigram, so only a walk can find them.
const SHORTEST: usize = 3;
/// So many terms are asked of the index.
const TERMS: usize = LONGEST - SHORTEST + 1;

/// What is looked for in the searched text of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Needle<'t> {
    /// A part of that text.
    Text(&'t str),
    /// All of these terms.
    Terms(Vec<String>),
}

impl<'t> Needle<'t> {
    pub(super) fn of(db: &Db, text: &'t str) -> Self {
        db.at_rest().terms(text).map_or(Self::Text(text), Self::Terms)
    }

    /// Too short for the index.
    pub(super) fn is_short(&self) -> bool {
        match self {
            Self::Text(text) => is_short(text),
            Self::Terms(terms) => terms.is_empty(),
        }
    }

    /// Whether the index alone knows who holds it.
    pub(super) fn is_known_to_the_index(&self) -> bool {
        match self {
            Self::Text(text) => telling(text) == *text,
            Self::Terms(terms) => terms.len() <= TERMS,
        }
    }

    /// For the index of SQLite.
    pub(super) fn phrase(&self) -> String {
        match self {
            Self::Text(text) => phrase(telling(text)),
            Self::Terms(terms) => {
                terms.iter().take(TERMS).map(|term| phrase(term)).collect::<Vec<_>>().join(" AND ")
            }
        }
    }

    /// A condition that the index of PostgreSQL answers, on this column.
    pub(super) fn is_like(&self, column: &str, values: &mut Values) -> String {
        match self {
            Self::Text(text) => format!("{column} like {}", values.text(pattern(telling(text)))),
            Self::Terms(terms) => {
                let terms = terms.iter().take(TERMS);
                let all = terms.map(|term| format!("{column} like {}", values.text(pattern(term))));
                all.collect::<Vec<_>>().join(" and ")
            }
        }
    }

    /// Whether a row holds it, on this column. Not `like`: PostgreSQL's planner would go to the index, whatever it was told to
    /// go along.
    pub(super) fn is_held(&self, db: &Db, column: &str, values: &mut Values) -> String {
        let position = if matches!(db.lane(), Lane::Sqlite(_)) { "instr" } else { "strpos" };
        let parts = match self {
            Self::Text(text) => vec![values.text(*text)],
            Self::Terms(terms) => terms.iter().map(|term| values.text(term.clone())).collect(),
        };
        let all = parts.into_iter().map(|part| format!("{position}({column}, {part}) > 0"));
        all.collect::<Vec<_>>().join(" and ")
    }
}

fn is_short(text: &str) -> bool {
    text.chars().count() < SHORTEST
}

/// The part of a text that the index is asked for: what stands before an at sign (behind it, many have the same), and not
/// too much of that.
fn telling(text: &str) -> &str {
    let name = text.split('@').next().filter(|name| !is_short(name)).unwrap_or(text);
    name.char_indices().nth(LONGEST).and_then(|(end, _)| name.get(..end)).unwrap_or(name)
}

/// For `like`: anything around the text, whose own `%`, `_` and `\` stand for themselves.
pub(super) fn pattern(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// For the index of SQLite: the text anywhere, unless it stands at the very beginning. It is a text as it is, no term.
pub(super) fn phrase_elsewhere(text: &str) -> String {
    let phrase = phrase(text);
    format!("{phrase} NOT ^{phrase}")
}

/// For the index of SQLite: the text as one phrase.
fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_asked_for_what_tells_most() {
        assert_eq!(telling("500321@people.example"), "500321");
        assert_eq!(telling("saoirse virtanen"), "saoirse virt");
        assert_eq!(telling("zoe"), "zoe");
        assert_eq!(telling("@people.example"), "@people.exam");
        assert_eq!(telling("ab@people"), "ab@people");
        assert_eq!(telling("日本語の名前を持つ人々の一覧"), "日本語の名前を持つ人々の");
    }

    #[test]
    fn what_is_typed_is_never_a_pattern() {
        assert_eq!(pattern(r"50%_\"), r"%50\%\_\\%");
        assert_eq!(phrase(r#"a "b" c"#), r#""a ""b"" c""#);
    }
}
