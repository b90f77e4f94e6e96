//! What search looks through where texts are encrypted: for each three letters of a text that stand together a term that tells
//! nothing without the key. They are kept sorted, so that their order tells nothing either.

use super::ring::Key;
use std::collections::BTreeSet;

/// Shorter searches find the beginnings of words.
const TOGETHER: usize = 3;

/// Everything that somebody can be found by.
pub(super) fn of_person(key: &Key, text: &str) -> String {
    let beginnings =
        text.split(' ').flat_map(|word| (1..TOGETHER).filter_map(|length| beginning(word, length)));
    let terms: BTreeSet<String> = together(text).chain(beginnings).map(|part| key.term(&part)).collect();
    terms.into_iter().collect::<Vec<_>>().join(" ")
}

/// What everybody is kept with who holds this text.
pub(super) fn of_search(key: &Key, text: &str) -> Vec<String> {
    let parts: BTreeSet<String> = match text.chars().count() {
        0 => BTreeSet::new(),
        short if short < TOGETHER => beginning(text, short).into_iter().collect(),
        _ => together(text).collect(),
    };
    parts.iter().map(|part| key.term(part)).collect()
}

fn together(text: &str) -> impl Iterator<Item = String> {
    let letters: Vec<char> = text.chars().collect();
    let parts: Vec<String> = letters.windows(TOGETHER).map(|three| three.iter().collect()).collect();
    parts.into_iter()
}

/// The first letters of a word, marked so that they are told from letters in its middle.
fn beginning(word: &str, length: usize) -> Option<String> {
    let letters: String = word.chars().take(length).collect();
    (letters.chars().count() == length).then(|| format!("^{letters}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(search: &str, text: &str) -> bool {
        let key = Key::from_bytes([7; 32]);
        let kept = of_person(&key, text);
        of_search(&key, search).iter().all(|term| kept.split(' ').any(|known| known == term))
    }

    #[test]
    fn a_part_of_a_word_finds_it_and_another_one_does_not() {
        let text = "zoe o'connor zoe.oc zoe@people.example";
        for part in ["zoe", "oe o", "conn", "onnor zoe", "people.ex", "@pe", text] {
            assert!(finds(part, text), "{part}");
        }
        for other in ["zoa", "connar", "conner", "people.com", "zoezoe"] {
            assert!(!finds(other, text), "{other}");
        }
    }

    #[test]
    fn one_or_two_letters_find_the_beginning_of_a_word() {
        assert!(finds("z", "ada zuse ada.z a@b.example") && finds("zu", "ada zuse ada.z a@b.example"));
        assert!(!finds("us", "ada zuse ada.z a@b.example"), "a middle");
        assert!(!finds("q", "ada zuse ada.z a@b.example"));
    }

    #[test]
    fn what_is_kept_tells_no_letter_and_no_order() {
        let key = Key::from_bytes([7; 32]);
        let kept = of_person(&key, "abcdef");
        assert!(!kept.contains("abc"), "{kept}");
        let terms: Vec<&str> = kept.split(' ').collect();
        assert!(terms.is_sorted() && terms.len() == 6, "{kept}");
        assert_ne!(of_person(&Key::from_bytes([8; 32]), "abcdef"), kept, "another key, other terms");
    }
}
