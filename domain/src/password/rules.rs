//! The policy for new passwords: what it asks for, which of its rules a password breaks, and how each is told.

use super::{
    NewPassword,
    guesses::{Strength, estimate, is_tried_first},
    likeness::{is_pattern, plain_forms},
    normalise,
};
use crate::folding::fold;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a new password has to be. With `composition` it mixes four kinds of characters or is long (BR-002); without it
/// length alone counts, as NIST SP 800-63B-4 demands, which asks for 15 characters where there is no second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PasswordPolicy {
    pub shortest: usize,
    pub longest: usize,
    pub composition: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { shortest: 8, longest: 256, composition: true }
    }
}

/// A rule that a password breaks. `Display` says what to do about it, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrokenRule {
    Missing,
    TooShort {
        shortest: usize,
    },
    TooLong {
        longest: usize,
    },
    /// A tab, a line break, NUL: what no keyboard sends into a form.
    ControlCharacter,
    TooPlain {
        lacks: Vec<Kind>,
    },
    HoldsAName,
    Common,
}

/// The kinds of characters that a short password mixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Upper,
    Lower,
    Digit,
    Special,
}

/// Every rule that a password breaks, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRules(Vec<BrokenRule>);

/// What a meter shows while one types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    pub strength: Strength,
    pub broken: Vec<BrokenRule>,
}

/// Whose password it will be: the names that it must not hold.
#[derive(Debug, Clone, Default)]
pub struct Owner(Vec<String>);

impl PasswordPolicy {
    /// From so many characters on the kinds do not matter.
    pub const LONG_ENOUGH: usize = 15;
    /// What is longer than this is no password at sign-in either, so nobody may set it: 256 characters of 4 bytes.
    pub const LONGEST_BYTES: usize = 1024;

    /// Takes a password that follows every rule. `is_listed` answers whether a list of common passwords holds one of these.
    pub fn accept(
        &self,
        raw: &str,
        owner: &Owner,
        is_listed: impl Fn(&[String]) -> bool,
    ) -> Result<NewPassword, BrokenRules> {
        let normal = normalise(raw);
        let broken = self.broken(raw, &normal, owner, is_listed);
        if broken.is_empty() { Ok(NewPassword(normal)) } else { Err(BrokenRules(broken)) }
    }

    /// How good a password is, by the rules that need no list. One that breaks a rule is weak at best. It is taken as it was
    /// typed: keyboards compose, and the tables that would do it anew are a burden for a browser.
    pub fn rate(&self, raw: &str, owner: &Owner) -> Rating {
        let broken = self.broken(raw, raw, owner, |_| false);
        let best = if broken.is_empty() { Strength::Strong } else { Strength::Weak };
        Rating { strength: estimate(raw, owner).min(best), broken }
    }

    /// What is asked for, to be read before one types.
    pub fn advice(&self) -> String {
        let (shortest, long) = (self.shortest, Self::LONG_ENOUGH);
        if self.mixes() {
            format!(
                "At least {long} characters, or {shortest} with upper and lower case, a digit and a special character."
            )
        } else {
            format!("At least {shortest} characters. A few words in a row are easy to keep in mind.")
        }
    }

    fn broken(
        &self,
        raw: &str,
        normal: &str,
        owner: &Owner,
        is_listed: impl Fn(&[String]) -> bool,
    ) -> Vec<BrokenRule> {
        if raw.is_empty() {
            return vec![BrokenRule::Missing];
        }
        // One sign that unfolds to eighteen letters is still one to guess; a letter and its accent are one as well.
        let length = raw.chars().count().min(normal.chars().count());
        if length > self.longest || raw.len() > Self::LONGEST_BYTES {
            return vec![BrokenRule::TooLong { longest: self.longest }];
        }
        let mut broken = Vec::new();
        if length < self.shortest {
            broken.push(BrokenRule::TooShort { shortest: self.shortest });
        }
        let lacks = lacking(normal);
        if self.mixes() && length < Self::LONG_ENOUGH && !lacks.is_empty() {
            broken.push(BrokenRule::TooPlain { lacks });
        }
        if raw.contains(char::is_control) {
            broken.push(BrokenRule::ControlCharacter);
        }
        if owner.is_named_in(&fold(normal), self.shortest) {
            broken.push(BrokenRule::HoldsAName);
        }
        let forms = plain_forms(normal);
        if is_pattern(normal) || is_tried_first(&forms) || is_listed(&forms) {
            broken.push(BrokenRule::Common);
        }
        broken
    }

    /// Whether a password may have to mix kinds: where even the shortest is long enough, none has to.
    const fn mixes(&self) -> bool {
        self.composition && self.shortest < Self::LONG_ENOUGH
    }
}

/// For the browser, in a form that it can read without knowing how numbers are written in JSON: that alone would make its half
/// of the program a tenth larger.
impl From<PasswordPolicy> for String {
    fn from(PasswordPolicy { shortest, longest, composition }: PasswordPolicy) -> Self {
        format!("{shortest} {longest} {}", if composition { MIXED } else { ANY })
    }
}

impl TryFrom<String> for PasswordPolicy {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut words = text.split(' ');
        let mut number = || words.next().and_then(|word| word.parse().ok()).ok_or("no policy for passwords");
        let (shortest, longest) = (number()?, number()?);
        Ok(Self { shortest, longest, composition: words.next() == Some(MIXED) })
    }
}

const MIXED: &str = "mixed";
const ANY: &str = "any";

fn lacking(password: &str) -> Vec<Kind> {
    let is_lacking = |kind: &Kind| !password.chars().any(|c| kind.includes(c));
    [Kind::Upper, Kind::Lower, Kind::Digit, Kind::Special].into_iter().filter(is_lacking).collect()
}

impl Owner {
    /// Names shorter than this stand in half of all words.
    const TELLING: usize = 4;
    const SHORTEST: usize = 3;

    pub fn new(username: &str, email: &str) -> Self {
        let mailbox = email.rsplit_once('@').map_or(email, |(mailbox, _)| mailbox);
        let mailbox = mailbox.split('+').next().unwrap_or(mailbox);
        let mut names: Vec<String> = Vec::new();
        for name in [username, mailbox].map(fold) {
            if name.chars().count() >= Self::SHORTEST && !names.contains(&name) {
                names.push(name);
            }
        }
        Self(names)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the password holds a name, with or without the dots in it. A short name only counts where little else is left.
    fn is_named_in(&self, folded: &str, shortest: usize) -> bool {
        let is_in = |name: &str, text: &str| {
            let (name_length, length) = (name.chars().count(), text.chars().count());
            name_length >= Self::SHORTEST
                && text.contains(name)
                && (name_length >= Self::TELLING || length - name_length < shortest)
        };
        let joined = |text: &str| text.replace(['.', '-', '_'], "");
        self.names().any(|name| is_in(name, folded) || is_in(&joined(name), &joined(folded)))
    }
}

impl fmt::Display for BrokenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("Enter a password"),
            Self::TooShort { shortest } => write!(f, "Use at least {shortest} characters"),
            Self::TooLong { longest } => write!(f, "Use at most {longest} characters"),
            Self::ControlCharacter => f.write_str("Leave out tabs, line breaks and other control characters"),
            Self::TooPlain { lacks } => {
                f.write_str("Add ")?;
                for (place, kind) in lacks.iter().enumerate() {
                    let before = match place {
                        0 => "",
                        _ if place + 1 == lacks.len() => " and ",
                        _ => ", ",
                    };
                    write!(f, "{before}{}", kind.words())?;
                }
                write!(f, ", or use at least {} characters", PasswordPolicy::LONG_ENOUGH)
            }
            Self::HoldsAName => f.write_str("Leave out your username and the name in your e-mail address"),
            Self::Common => {
                f.write_str("Choose a password that fewer people use: this is among the first that are tried")
            }
        }
    }
}

impl Kind {
    fn includes(self, c: char) -> bool {
        match self {
            Self::Upper => c.is_uppercase(),
            Self::Lower => c.is_lowercase(),
            Self::Digit => c.is_numeric(),
            Self::Special => !c.is_alphanumeric(),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Upper => "an upper case letter",
            Self::Lower => "a lower case letter",
            Self::Digit => "a digit",
            Self::Special => "a special character",
        }
    }
}

impl BrokenRules {
    pub fn iter(&self) -> impl Iterator<Item = &BrokenRule> {
        self.0.iter()
    }
}

/// All of them in one line, a sentence each; the last full stop is left to whoever shows it.
impl fmt::Display for BrokenRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, rule) in self.0.iter().enumerate() {
            write!(f, "{}{rule}", if place > 0 { ". " } else { "" })?;
        }
        Ok(())
    }
}
