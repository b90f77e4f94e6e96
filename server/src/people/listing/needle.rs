//! How a text is looked up in the trigram index of either engine.

/// So much of a text is asked of the index. More letters cost more and tell hardly more: what is found is compared whole.
const LONGEST: usize = 12;
/// Shorter texts have no trigram, so only a walk can find them.
const SHORTEST: usize = 3;

/// Too short for the index.
pub(super) fn is_short(text: &str) -> bool {
    text.chars().count() < SHORTEST
}

/// The part of a text that the index is asked for: what stands before an at sign (behind it, many have the same), and not
/// too much of that.
pub(super) fn needle(text: &str) -> &str {
    let name = text.split('@').next().filter(|name| !is_short(name)).unwrap_or(text);
    name.char_indices().nth(LONGEST).and_then(|(end, _)| name.get(..end)).unwrap_or(name)
}

/// For `like`: anything around the text, whose own `%`, `_` and `\` stand for themselves.
pub(super) fn pattern(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// For the index of SQLite: the text as one phrase.
pub(super) fn phrase(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// For the index of SQLite: the text anywhere, unless it stands at the very beginning.
pub(super) fn phrase_elsewhere(text: &str) -> String {
    let phrase = phrase(text);
    format!("{phrase} NOT ^{phrase}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_asked_for_what_tells_most() {
        assert_eq!(needle("500321@people.example"), "500321");
        assert_eq!(needle("saoirse virtanen"), "saoirse virt");
        assert_eq!(needle("zoe"), "zoe");
        assert_eq!(needle("@people.example"), "@people.exam");
        assert_eq!(needle("ab@people"), "ab@people");
        assert_eq!(needle("日本語の名前を持つ人々の一覧"), "日本語の名前を持つ人々の");
    }

    #[test]
    fn what_is_typed_is_never_a_pattern() {
        assert_eq!(pattern(r"50%_\"), r"%50\%\_\\%");
        assert_eq!(phrase(r#"a "b" c"#), r#""a ""b"" c""#);
    }
}
