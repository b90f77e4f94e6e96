//! Reading a filter from left to right. What is sent decides neither how deep nor how long this goes on.

use super::{Attribute, DEEPEST, Filter, LONGEST, Literal, MOST_TESTS, Operator, Path, Wrong};
use crate::scim::USER;

const TOO_LONG: Wrong = "The filter is too long";
const TOO_DEEP: Wrong = "The filter has too many parentheses within each other";
const TOO_MANY: Wrong = "The filter has too many comparisons";
const NO_NAME: Wrong = "The name of an attribute is missing, or has characters that no name has";
const NO_OPERATOR: Wrong = "Behind an attribute comes one of eq, ne, co, sw, ew, gt, ge, lt, le and pr";
const NO_VALUE: Wrong = "Compare with a text in double quotes, a number, true, false or null";
const NOT_CLOSED: Wrong = "A bracket is not closed";
const REST: Wrong = "Something stands behind the end";

pub(super) fn filter(text: &str) -> Result<Filter, Wrong> {
    let mut reader = Reader::new(text)?;
    let filter = reader.any(0)?;
    reader.end()?;
    Ok(filter)
}

pub(super) fn path(text: &str) -> Result<Path, Wrong> {
    let mut reader = Reader::new(text)?;
    let Attribute { name, part } = reader.attribute()?;
    let among = reader.takes('[').then(|| reader.among(0)).transpose()?;
    let part = match (part, reader.takes_at_once('.')) {
        (None, true) => Some(reader.word()?.to_ascii_lowercase()),
        (part, false) => part,
        (Some(_), true) => return Err(NO_NAME),
    };
    reader.end()?;
    Ok(Path { name, among, part })
}

pub(super) fn attribute(text: &str) -> Result<Attribute, Wrong> {
    let mut reader = Reader::new(text)?;
    let attribute = reader.attribute()?;
    reader.end()?;
    Ok(attribute)
}

struct Reader<'a> {
    rest: &'a str,
    tests: usize,
    /// Brackets do not stand within brackets.
    is_in_brackets: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Result<Self, Wrong> {
        if text.len() > LONGEST {
            Err(TOO_LONG)
        } else {
            Ok(Self { rest: text, tests: 0, is_in_brackets: false })
        }
    }

    fn any(&mut self, depth: usize) -> Result<Filter, Wrong> {
        let mut terms = vec![self.all(depth)?];
        while self.takes_word("or") {
            terms.push(self.all(depth)?);
        }
        Ok(single(terms).unwrap_or_else(Filter::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Filter, Wrong> {
        let mut terms = vec![self.term(depth)?];
        while self.takes_word("and") {
            terms.push(self.term(depth)?);
        }
        Ok(single(terms).unwrap_or_else(Filter::All))
    }

    fn term(&mut self, depth: usize) -> Result<Filter, Wrong> {
        if depth >= DEEPEST {
            return Err(TOO_DEEP);
        }
        let before = self.rest;
        if self.takes_word("not") {
            if self.takes('(') {
                return Ok(Filter::Not(Box::new(self.group(depth)?)));
            }
            // An attribute may be called so.
            self.rest = before;
        }
        if self.takes('(') { self.group(depth) } else { self.test(depth) }
    }

    fn group(&mut self, depth: usize) -> Result<Filter, Wrong> {
        let filter = self.any(depth + 1)?;
        if self.takes(')') { Ok(filter) } else { Err(NOT_CLOSED) }
    }

    /// The rest of `[…]`.
    fn among(&mut self, depth: usize) -> Result<Filter, Wrong> {
        if self.is_in_brackets {
            return Err(TOO_DEEP);
        }
        self.is_in_brackets = true;
        let filter = self.any(depth + 1)?;
        self.is_in_brackets = false;
        if self.takes(']') { Ok(filter) } else { Err(NOT_CLOSED) }
    }

    fn test(&mut self, depth: usize) -> Result<Filter, Wrong> {
        self.tests += 1;
        if self.tests > MOST_TESTS {
            return Err(TOO_MANY);
        }
        let attribute = self.attribute()?;
        if self.takes('[') {
            return Ok(Filter::Among(attribute, Box::new(self.among(depth)?)));
        }
        let operator = match self.word().map_err(|_| NO_OPERATOR)?.to_ascii_lowercase().as_str() {
            "pr" => return Ok(Filter::Present(attribute)),
            "eq" => Operator::Equal,
            "ne" => Operator::NotEqual,
            "co" => Operator::Contains,
            "sw" => Operator::Begins,
            "ew" => Operator::Ends,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            _ => return Err(NO_OPERATOR),
        };
        Ok(Filter::Test(attribute, operator, self.literal()?))
    }

    /// A name with its schema before it and a part behind it.
    fn attribute(&mut self) -> Result<Attribute, Wrong> {
        self.skip_space();
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$' | ':' | '.');
        let end = self.rest.find(|c: char| !is_of_name(c)).unwrap_or(self.rest.len());
        let (whole, rest) = self.rest.split_at(end);
        self.rest = rest;
        let whole = whole.to_ascii_lowercase();
        // The names of our one schema may stand with its address; those of others are left whole, so that they match none.
        let name = match whole.strip_prefix(&USER.to_ascii_lowercase()) {
            Some(name) => name.strip_prefix(':').ok_or(NO_NAME)?,
            None if whole.starts_with("urn:") => return Ok(Attribute { name: whole, part: None }),
            None => whole.as_str(),
        };
        let (name, part) = match name.split_once('.') {
            Some((name, part)) => (name, Some(part)),
            None => (name, None),
        };
        if is_name(name) && part.is_none_or(is_name) {
            Ok(Attribute { name: name.to_owned(), part: part.map(str::to_owned) })
        } else {
            Err(NO_NAME)
        }
    }

    fn literal(&mut self) -> Result<Literal, Wrong> {
        self.skip_space();
        if self.rest.starts_with('"') {
            return self.text().map(Literal::Text);
        }
        let end = self.rest.find([' ', ')', ']']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word.to_ascii_lowercase().as_str() {
            "true" => Ok(Literal::Flag(true)),
            "false" => Ok(Literal::Flag(false)),
            "null" => Ok(Literal::Null),
            _ => word
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .map(Literal::Number)
                .ok_or(NO_VALUE),
        }
    }

    /// A text as JSON writes it. Stores take no zero byte.
    fn text(&mut self) -> Result<String, Wrong> {
        let mut is_escaped = false;
        let end = self.rest.bytes().enumerate().skip(1).find_map(|(at, byte)| {
            let is_end = byte == b'"' && !is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            is_end.then_some(at)
        });
        let (quoted, rest) = self.rest.split_at(end.ok_or("A text is not closed")? + 1);
        self.rest = rest;
        let text: String = serde_json::from_str(quoted).map_err(|_| NO_VALUE)?;
        if text.contains('\0') { Err(NO_VALUE) } else { Ok(text) }
    }

    fn word(&mut self) -> Result<&'a str, Wrong> {
        self.skip_space();
        let end = self.rest.find(|c: char| !is_of_word(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if is_name(word) { Ok(word) } else { Err(NO_NAME) }
    }

    /// Takes this word if it comes next, in any case and as a whole.
    fn takes_word(&mut self, word: &str) -> bool {
        let before = self.rest;
        let is_next = self.word().is_ok_and(|next| next.eq_ignore_ascii_case(word));
        if !is_next {
            self.rest = before;
        }
        is_next
    }

    fn takes(&mut self, c: char) -> bool {
        self.skip_space();
        self.takes_at_once(c)
    }

    fn takes_at_once(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    fn end(&mut self) -> Result<(), Wrong> {
        self.skip_space();
        if self.rest.is_empty() { Ok(()) } else { Err(REST) }
    }
}

/// The one term by itself; several are given back.
fn single(mut terms: Vec<Filter>) -> Result<Filter, Vec<Filter>> {
    match terms.pop() {
        Some(only) if terms.is_empty() => Ok(only),
        last => {
            terms.extend(last);
            Err(terms)
        }
    }
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$')
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$') && text.chars().all(is_of_word)
}
