//! The commonest breached passwords, exactly: 49,233 of them in 148 kB. BREACHED.md tells where they come from.

/// Sorted; a capital says how many characters a word shares with the one before it (A none, B one, …).
const LIST: &str = include_str!("breached.txt");

/// Whether one of these forms of a password is listed: one pass over the list, for passwords are seldom chosen.
pub(super) fn holds_any(forms: &[String]) -> bool {
    any_word(|word| forms.iter().any(|form| form == word))
}

fn any_word(mut is_it: impl FnMut(&str) -> bool) -> bool {
    let mut word = String::new();
    for c in LIST.chars() {
        match c {
            'A'..='Z' => {
                // Before the first word there is none.
                if !word.is_empty() && is_it(&word) {
                    return true;
                }
                word.truncate(usize::from(c as u8 - b'A'));
            }
            '\n' => {}
            letter => word.push(letter),
        }
    }
    is_it(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::folding::fold;

    fn holds(word: &str) -> bool {
        holds_any(&[word.to_owned()])
    }

    #[test]
    fn a10_the_list_is_whole_and_sorted() {
        let mut words = Vec::new();
        any_word(|word| {
            words.push(word.to_owned());
            false
        });
        assert_eq!(words.len(), 40_455);
        assert!(words.is_sorted_by(|one, next| one < next), "the list is out of order");
        let odd = words.iter().find(|word| fold(word) != **word || word.is_empty());
        assert_eq!(odd, None, "a word that no folded password can equal");
    }

    #[test]
    fn a10_what_is_listed_is_found_and_nothing_else() {
        for word in ["password", "qwerty", "!qaz2wsx", "zzzzzzz1", "iloveyou", "trustno", "111111"] {
            assert!(holds(word), "{word}");
        }
        for word in [
            "",
            "passwordish",
            "qwertz-qwertz",
            "correct horse battery staple",
            "Password",
            "zzzzzzz2",
            "\u{0}",
        ] {
            assert!(!holds(word), "{word}");
        }
        assert!(holds_any(&["nonsense-word".into(), "dragon".into()]) && !holds_any(&[]));
    }
}
