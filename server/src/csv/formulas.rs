//! Cells that no spreadsheet takes for a formula. What begins with `=`, `+`, `-`, `@`, a tab or a line break gets an
//! apostrophe in front, which spreadsheets take as "this is text". So does what stands behind a comma, a semicolon, a quote or
//! the like within a cell: a spreadsheet that expects another separator begins a cell there. One apostrophe more for what has
//! some already makes it possible to take exactly one away again, so a table that was written reads back as it was.

use std::borrow::Cow;

/// The value with an apostrophe before whatever a spreadsheet would reckon out.
pub fn harmless(value: &str) -> Cow<'_, str> {
    if may_begin_a_formula(value) {
        Cow::Owned(rewritten(value, |marks| marks + 1))
    } else {
        Cow::Borrowed(value)
    }
}

/// The value without the apostrophes that `harmless` put there.
pub fn undone(value: &str) -> Cow<'_, str> {
    if value.contains('\'') {
        Cow::Owned(rewritten(value, |marks| marks.saturating_sub(1)))
    } else {
        Cow::Borrowed(value)
    }
}

/// A quick look at the bytes: most values have nothing of the kind.
fn may_begin_a_formula(value: &str) -> bool {
    let mut at_edge = true;
    for byte in value.bytes() {
        // The first byte of the wide forms, among others.
        let may_begin = matches!(byte, b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n' | b'\'' | 0xEF);
        if at_edge && may_begin {
            return true;
        }
        at_edge = is_edge(char::from(byte));
    }
    false
}

/// Changes the number of apostrophes before everything that could begin a formula.
fn rewritten(value: &str, marks: impl Fn(usize) -> usize) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    let mut rest = value;
    let mut at_edge = true;
    while let Some(first) = rest.chars().next() {
        if at_edge {
            let behind = rest.trim_start_matches('\'');
            let count = rest.len() - behind.len();
            let kept = if behind.starts_with(begins_a_formula) { marks(count) } else { count };
            out.extend(std::iter::repeat_n('\'', kept));
            rest = behind;
            at_edge = false;
            // An edge is looked at once: what follows the apostrophes is a character like any other.
            if count > 0 || rest.is_empty() {
                continue;
            }
        }
        out.push(first);
        at_edge = is_edge(first);
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    out
}

/// Also in the wide forms of East Asian type, which some spreadsheets take for the same.
const fn begins_a_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{FF1D}' | '\u{FF0B}' | '\u{FF0D}' | '\u{FF20}'
    )
}

/// Where a spreadsheet with other habits might begin a cell.
const fn is_edge(c: char) -> bool {
    matches!(c, ',' | ';' | '|' | '\t' | '\r' | '\n' | '"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn u6_a_cell_that_begins_a_formula_is_made_harmless() {
        for (value, expected) in [
            ("=HYPERLINK(\"http://evil.example\")", "'=HYPERLINK(\"http://evil.example\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("\u{FF1D}1", "'\u{FF1D}1"),
            ("'=1", "''=1"),
            ("Ann;=1+1", "Ann;'=1+1"),
            ("Ann,\"@x", "Ann,\"'@x"),
            ("Ann-Marie O'Neill", "Ann-Marie O'Neill"),
            ("'s-Gravesande", "'s-Gravesande"),
            ("", ""),
        ] {
            assert_eq!(harmless(value), expected, "{value:?}");
            assert_eq!(undone(expected), value, "{expected:?}");
        }
    }

    proptest! {
        #[test]
        fn u6_what_is_made_harmless_reads_back_as_it_was(value in "[a=+@'\t\r\n;,\"|\u{FF1D}-]{0,12}") {
            let cell = harmless(&value);
            prop_assert_eq!(undone(&cell), value.as_str());
            let mut before = None;
            for c in cell.chars() {
                let dangerous = begins_a_formula(c) && before.is_none_or(is_edge);
                prop_assert!(!dangerous, "{:?} in {:?}", c, cell);
                before = Some(c);
            }
        }
    }
}
