//! What a password is like once its disguise is off: the forms in which a list may hold it, and plain patterns.

use crate::folding::fold;

/// What people put behind a word to please a rule: so many digits and so many signs at most.
const TAIL_DIGITS: usize = 4;
const TAIL_SIGNS: usize = 2;
/// Nobody guesses by length alone; from here on a pattern is as good as its length.
const LONGEST_PATTERN: usize = 63;
const LONGEST_UNIT: usize = 3;
/// Orders that fingers and minds know; each runs on from its end to its beginning.
const ROWS: [&str; 5] = ["abcdefghijklmnopqrstuvwxyz", "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Every form under which a list of common passwords may hold this one: without case and accents, with a short tail of
/// digits and signs and without it, and with the usual stand-ins ("@" for "a") undone.
pub(super) fn plain_forms(password: &str) -> Vec<String> {
    let folded = fold(password);
    let mut forms = Vec::new();
    for stem in stems(&folded) {
        for form in [stem.to_owned(), undisguise(stem, 'i'), undisguise(stem, 'l')] {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

/// The text, then the text less one character of its tail, and so on.
fn stems(text: &str) -> impl Iterator<Item = &str> {
    let (mut digits, mut signs) = (0, 0);
    let in_tail = text.char_indices().rev().take_while(move |(_, c)| {
        if c.is_alphabetic() {
            return false;
        }
        *(if c.is_ascii_digit() { &mut digits } else { &mut signs }) += 1;
        digits <= TAIL_DIGITS && signs <= TAIL_SIGNS
    });
    std::iter::once(text.len())
        .chain(in_tail.map(|(at, _)| at))
        .filter_map(move |end| text.get(..end))
        .filter(|stem| !stem.is_empty())
}

fn undisguise(text: &str, one: char) -> String {
    let letter = |c| match c {
        '@' | '4' => 'a',
        '3' => 'e',
        '!' => 'i',
        '0' => 'o',
        '5' | '$' => 's',
        '7' => 't',
        '1' => one,
        other => other,
    };
    text.chars().map(letter).collect()
}

/// Whether this character stands for that letter, as itself or in disguise.
pub(super) fn stands_for(c: char, letter: char) -> bool {
    c == letter
        || matches!(
            (c, letter),
            ('@' | '4', 'a')
                | ('3', 'e')
                | ('!' | '1', 'i')
                | ('1', 'l')
                | ('0', 'o')
                | ('5' | '$', 's')
                | ('7', 't')
        )
}

/// Whether the whole password is a few characters over and over, or a run along the alphabet, the digits or a row of keys.
pub(super) fn is_pattern(password: &str) -> bool {
    let chars: Vec<char> = fold(password).chars().collect();
    let length = chars.len();
    if !(2..=LONGEST_PATTERN).contains(&length) {
        return false;
    }
    let repeats = |unit: usize| {
        length >= 2 * unit && chars.iter().skip(unit).zip(&chars).all(|(later, earlier)| later == earlier)
    };
    (1..=LONGEST_UNIT).any(repeats) || run_length(&chars) == length
}

/// How many of the first characters follow each other in one of the rows, in one direction.
pub(super) fn run_length(chars: &[char]) -> usize {
    let longest = ROWS.iter().flat_map(|row| [along(chars, row, 1), along(chars, row, row.len() - 1)]);
    longest.max().unwrap_or(0)
}

fn along(chars: &[char], row: &str, step: usize) -> usize {
    let place = |c: &char| row.find(*c);
    let follows = |pair: &&[char]| match (pair.first().and_then(place), pair.last().and_then(place)) {
        (Some(one), Some(next)) => (one + step) % row.len() == next,
        _ => false,
    };
    match chars.windows(2).take_while(follows).count() {
        0 => 0,
        pairs => pairs + 1,
    }
}
