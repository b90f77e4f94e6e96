//! Folding text for search and sorting, so that "Zoë" is found by "zoe" and "ZOE".

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The text without case and accents, its white space collapsed.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .flat_map(unligate)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters that carry no separate mark, yet are typed without it on most keyboards.
fn unligate(c: char) -> impl Iterator<Item = char> {
    let letters: [Option<char>; 2] = match c {
        'ß' => [Some('s'), Some('s')],
        'ø' => [Some('o'), None],
        'ł' => [Some('l'), None],
        'đ' | 'ð' => [Some('d'), None],
        'æ' => [Some('a'), Some('e')],
        'œ' => [Some('o'), Some('e')],
        'ı' => [Some('i'), None],
        other => [Some(other), None],
    };
    letters.into_iter().flatten()
}

/// Where `needle` (in any case and accents) stands in `text`: the byte range of the first hit, for highlighting.
pub fn find(text: &str, needle: &str) -> Option<std::ops::Range<usize>> {
    let needle = fold(needle);
    if needle.is_empty() {
        return None;
    }
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    for (index, &start) in starts.iter().enumerate().take(starts.len().saturating_sub(1)) {
        if text[start..].starts_with(char::is_whitespace) {
            continue;
        }
        for &end in &starts[index + 1..] {
            let folded = fold(&text[start..end]);
            if folded == needle {
                return Some(start..end);
            }
            // A prefix that fits may still grow into the whole; anything else never will.
            if !needle.starts_with(&folded) {
                break;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_accents_and_ligatures_fold_away() {
        assert_eq!(fold("  Zoë   ÅNGSTRÖM "), "zoe angstrom");
        assert_eq!(fold("Straße Łódź Søren"), "strasse lodz soren");
    }

    #[test]
    fn a_hit_is_found_in_the_text_as_it_was_written() {
        assert_eq!(find("Zoë Quinn", "OE"), Some(1..4));
        assert_eq!(find("Anna-Lena Müller", "mull"), Some(10..15));
        assert_eq!(find("Anna", "bob"), None);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn a_hit_lies_inside_the_text(text in "\\PC{0,20}", needle in "\\PC{0,4}") {
            if let Some(range) = find(&text, &needle) {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
