//! A rough estimate of how many guesses a password withstands, small enough for the browser: it looks for what guessers
//! try first (names, common words, repetition, runs, years) and takes everything else for chance.

use super::{
    likeness::{run_length, stands_for},
    rules::Owner,
};

/// How much a password withstands, in five steps; the bounds are those of zxcvbn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    VeryWeak,
    Weak,
    Fair,
    Good,
    Strong,
}

impl Strength {
    pub const ALL: [Self; 5] = [Self::VeryWeak, Self::Weak, Self::Fair, Self::Good, Self::Strong];

    /// From 0 to 4.
    pub const fn score(self) -> u8 {
        self as u8
    }

    /// The score as a word for an attribute.
    pub const fn digit(self) -> &'static str {
        match self {
            Self::VeryWeak => "0",
            Self::Weak => "1",
            Self::Fair => "2",
            Self::Good => "3",
            Self::Strong => "4",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::VeryWeak => "Very weak",
            Self::Weak => "Weak",
            Self::Fair => "Fair",
            Self::Good => "Good",
            Self::Strong => "Strong",
        }
    }

    /// The strength of a password that withstands 10^(tenths / 10) guesses.
    const fn of(tenths: u32) -> Self {
        match tenths {
            0..30 => Self::VeryWeak,
            30..60 => Self::Weak,
            60..80 => Self::Fair,
            80..100 => Self::Good,
            _ => Self::Strong,
        }
    }
}

/// The words tried first, the commonest first. The server knows far more of them; these make the meter honest.
const WORDS: &str = "password qwerty dragon baseball football monkey letmein shadow master michael mustang superman jordan \
    qazwsx jennifer killer hunter harley asdf buster andrew batman soccer tigger charlie robert sunshine thomas iloveyou \
    ranger daniel hockey george computer michelle jessica starwars pepper zxcv freedom princess joshua maggie pass ginger \
    amanda ashley love cheese nicole summer winter spring autumn matthew chelsea dallas matrix william yankees taylor \
    corvette austin access martin heather thunder merlin secret diamond hello anthony hammer silver justin patrick richard \
    bailey internet samantha golfer scooter test orange cookie maverick jackson sparky mickey phoenix snoopy guitar whatever \
    chicken morgan welcome samsung login admin root user guest changeme default countersign";
const FEW_TRIED_FIRST: usize = 10;
/// Beyond this nothing is weak, and the estimate should stay quick while someone types.
const LOOKED_AT: usize = 256;
/// Shorter pieces come about by chance.
const SHORTEST_PIECE: usize = 3;
const SHORTEST_WORD: usize = 4;

/// Whether one of these is a word that is tried first.
pub(super) fn is_tried_first(forms: &[String]) -> bool {
    WORDS.split_whitespace().any(|word| forms.iter().any(|form| form == word))
}

/// The estimate for a password of this person.
pub(super) fn estimate(password: &str, owner: &Owner) -> Strength {
    let typed: Vec<char> = password.chars().take(LOOKED_AT).collect();
    let plain: Vec<char> = typed.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    let (mut at, mut tenths) = (0, 0);
    while at < plain.len() {
        let piece = pieces(&typed, &plain, at, owner).into_iter().flatten().max_by_key(|piece| piece.length);
        let piece = piece.unwrap_or_else(|| single(&typed, at));
        at += piece.length;
        tenths += piece.tenths;
    }
    Strength::of(tenths)
}

/// A part of a password, and what it costs a guesser: 10 tenths for each factor of ten.
#[derive(Clone, Copy)]
struct Piece {
    length: usize,
    tenths: u32,
}

/// What begins here and is more than chance.
fn pieces(typed: &[char], plain: &[char], at: usize, owner: &Owner) -> [Option<Piece>; 5] {
    let rest = plain.get(at..).unwrap_or_default();
    let typed = typed.get(at..).unwrap_or_default();
    let piece = |length: usize, tenths| (length >= SHORTEST_PIECE).then_some(Piece { length, tenths });
    let word = WORDS
        .split_whitespace()
        .enumerate()
        .filter(|(_, word)| word.len() >= SHORTEST_WORD && begins_with(rest, word))
        .max_by_key(|(_, word)| word.len())
        .map(|(rank, word)| {
            let length = word.len();
            let is_written_large = typed.iter().take(length).any(|c| c.is_uppercase());
            let is_disguised = rest.iter().zip(word.chars()).any(|(c, letter)| *c != letter);
            let rarity = if rank < FEW_TRIED_FIRST { 10 } else { 20 };
            Piece {
                length,
                tenths: rarity + if is_written_large { 3 } else { 0 } + if is_disguised { 5 } else { 0 },
            }
        });
    let name = owner
        .names()
        .filter(|name| begins_with(rest, name))
        .map(|name| name.chars().count())
        .max()
        .and_then(|length| piece(length, 10));
    [name, word, piece(copied(plain, at), 8), piece(run_length(rest), 15), year(rest)]
}

fn begins_with(rest: &[char], word: &str) -> bool {
    let mut letters = rest.iter();
    word.chars().all(|letter| letters.next().is_some_and(|c| stands_for(*c, letter)))
}

/// How many characters from here on stood there before, one of the ways to say "again".
fn copied(plain: &[char], at: usize) -> usize {
    let same = |start: usize| {
        let (earlier, here) = (plain.iter().skip(start), plain.iter().skip(at));
        earlier.zip(here).take_while(|(one, other)| one == other).count()
    };
    (0..at).map(same).max().unwrap_or(0)
}

fn year(rest: &[char]) -> Option<Piece> {
    let is_year = matches!(rest, ['1', '9', a, b, ..] | ['2', '0', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit());
    is_year.then_some(Piece { length: 4, tenths: 20 })
}

fn single(typed: &[char], at: usize) -> Piece {
    let tenths = match typed.get(at) {
        Some(c) if c.is_lowercase() || c.is_numeric() => 10,
        Some(c) if c.is_ascii_uppercase() => 13,
        _ => 15,
    };
    Piece { length: 1, tenths }
}
