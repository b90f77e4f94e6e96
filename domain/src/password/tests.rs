//! What the policy takes, what it refuses and in which words, and how strong it thinks a password is.

use super::*;
use crate::folding::fold;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

const MIXED: PasswordPolicy = PasswordPolicy { shortest: 8, longest: 256, composition: true };
const LENGTH_ALONE: PasswordPolicy = PasswordPolicy { shortest: 8, longest: 256, composition: false };

fn told(policy: PasswordPolicy, password: &str) -> String {
    policy
        .accept(password, &Owner::default(), |_| false)
        .map_or_else(|broken| broken.to_string(), |_| "taken".into())
}

fn told_to(owner: &Owner, password: &str) -> String {
    MIXED.accept(password, owner, |_| false).map_or_else(|broken| broken.to_string(), |_| "taken".into())
}

#[test]
fn a10_eight_characters_of_four_kinds_or_fifteen_of_any_are_taken() {
    for right in [
        "Tr0ub4d&",
        "Pässwørt-7",
        "Ab1 efgh",
        "fifteen letters",
        "съешь ещё этих мягких",
        "🦀🐙🦑🐡🐠🐟🐬🐳🐋🦈🐊🐅🐆🦓🦍",
    ] {
        assert_eq!(told(MIXED, right), "taken", "{right}");
    }
}

#[test]
fn a10_every_broken_rule_is_told_in_words_of_its_own() {
    for (wrong, words) in [
        ("", "Enter a password"),
        ("Ab1!xyz", "Use at least 8 characters"),
        (
            "gebirge",
            "Use at least 8 characters. Add an upper case letter, a digit and a special character, or use at least 15 characters",
        ),
        (
            "gebirgszug",
            "Add an upper case letter, a digit and a special character, or use at least 15 characters",
        ),
        ("Gebirgszug!", "Add a digit, or use at least 15 characters"),
        ("gebirgszug!7", "Add an upper case letter, or use at least 15 characters"),
        ("GEBIRGSZUG!7", "Add a lower case letter, or use at least 15 characters"),
        ("Gebirgszug77", "Add a special character, or use at least 15 characters"),
        ("Gebirge\t77!", "Leave out tabs, line breaks and other control characters"),
        ("a mountain range\n", "Leave out tabs, line breaks and other control characters"),
        ("a mountain\0 range", "Leave out tabs, line breaks and other control characters"),
    ] {
        assert_eq!(told(MIXED, wrong), words, "{wrong:?}");
    }
    assert_eq!(told(MIXED, &"gebirgszug ".repeat(24)), "Use at most 256 characters");
}

#[test]
fn a10_without_composition_length_alone_counts() {
    assert_eq!(told(LENGTH_ALONE, "gebirgszug"), "taken");
    assert_eq!(told(LENGTH_ALONE, "gebirge"), "Use at least 8 characters");
    let as_nist_asks = PasswordPolicy { shortest: 15, ..LENGTH_ALONE };
    assert_eq!(told(as_nist_asks, "Tr0ub4d&"), "Use at least 15 characters");
    assert_eq!(told(as_nist_asks, "fifteen letters"), "taken");
}

#[test]
fn a10_where_even_the_shortest_is_long_enough_nothing_has_to_be_mixed() {
    let strict = PasswordPolicy { shortest: 20, ..MIXED };
    assert_eq!(told(strict, "a mountain range seen"), "taken");
    assert_eq!(told(strict, "a mountain range"), "Use at least 20 characters");
    assert!(strict.advice().starts_with("At least 20 characters."));
}

#[test]
fn a10_a_name_of_ones_own_is_refused_however_it_is_written() {
    let maria = Owner::new("maria.l", "m.lindqvist+work@example.com");
    for wrong in [
        "a song of Maria.L today",
        "marial, mountains",
        "xM.LINDQVISTx-7",
        "MLindqvist-77!",
        "m-lindqvist of Oslo!",
        "Ｍ．Ｌindqvist 77!",
    ] {
        assert!(
            told_to(&maria, wrong).contains("Leave out your username"),
            "{wrong}: {}",
            told_to(&maria, wrong)
        );
    }
    assert_eq!(told_to(&maria, "a song of Marion today"), "taken");
    let ann = Owner::new("ann", "a@example.com");
    assert_eq!(told_to(&ann, "planning a holiday"), "taken", "three letters stand in many words");
    assert!(told_to(&ann, "Ann-7391!").contains("Leave out your username"));
    assert_eq!(told_to(&Owner::new("", ""), "a song of mountains"), "taken");
}

#[test]
fn a10_the_commonest_passwords_are_refused_in_any_disguise() {
    for wrong in [
        "Password1!",
        "P@ssw0rd",
        "pa$$w0rd2024!",
        "PASSWORD",
        "Dragon2024!",
        "Summer77!",
        "ｐａｓｓｗｏｒｄ",
        "Pässword1!",
        "qwertyuiop",
        "1234567890123456",
        "zyxwvutsrqponmlk",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "lkjhgfdsa",
    ] {
        assert!(
            told(LENGTH_ALONE, wrong).contains("fewer people use"),
            "{wrong}: {}",
            told(LENGTH_ALONE, wrong)
        );
    }
    for right in [
        "passwords are tiresome",
        "a dragon in summer",
        "Dragonfruit-91772",
        "correct horse battery staple",
        "abcdefgh-12345678",
    ] {
        assert_eq!(told(LENGTH_ALONE, right), "taken", "{right}");
    }
}

#[test]
fn a10_a_list_is_asked_for_every_plain_form_of_a_password() {
    let asked = std::cell::RefCell::new(Vec::new());
    let answer = MIXED.accept("Tr0ub4d0r&3", &Owner::default(), |forms| {
        asked.borrow_mut().extend(forms.iter().cloned());
        forms.iter().any(|form| form == "troubador")
    });
    assert!(answer.is_err(), "{:?}", asked.borrow());
    for form in ["tr0ub4d0r&3", "tr0ub4d0r&", "tr0ub4d0r", "troubador"] {
        assert!(
            asked.borrow().iter().any(|asked| asked == form),
            "{form} was not asked for: {:?}",
            asked.borrow()
        );
    }
}

#[test]
fn a10_one_character_that_unfolds_to_many_counts_as_one() {
    assert_eq!("\u{FDFA}".nfkc().count(), 18);
    assert!(told(MIXED, "\u{FDFA}").starts_with("Use at least 8 characters"));
}

#[test]
fn a10_advice_says_what_the_policy_asks_for() {
    assert_eq!(
        MIXED.advice(),
        "At least 15 characters, or 8 with upper and lower case, a digit and a special character."
    );
    assert_eq!(
        LENGTH_ALONE.advice(),
        "At least 8 characters. A few words in a row are easy to keep in mind."
    );
}

#[test]
fn a10_strength_grows_with_what_a_guesser_has_to_try() {
    let strength = |password: &str| MIXED.rate(password, &Owner::new("maria", "maria@example.com")).strength;
    for (password, expected) in [
        ("", Strength::VeryWeak),
        ("password", Strength::VeryWeak),
        ("aaaaaaaaaaaaaaa", Strength::VeryWeak),
        ("passwordpassword", Strength::VeryWeak),
        ("Password1!", Strength::Weak),
        ("gebirgszug", Strength::Weak),
        ("Ge7!", Strength::Weak),
        ("Hello2019-maria", Strength::Weak),
        ("hockey summer love", Strength::Good),
        ("Tr0ub4d&", Strength::Good),
        ("a mountain range", Strength::Strong),
        ("correct horse battery staple", Strength::Strong),
    ] {
        assert_eq!(strength(password), expected, "{password}");
    }
}

#[test]
fn a_password_does_not_print_itself() {
    let password = MIXED.accept("a mountain range", &Owner::default(), |_| false).unwrap();
    assert!(!format!("{password:?}").contains("mountain"));
}

#[test]
fn a10_a_policy_reaches_the_browser_as_it_is() {
    for policy in [MIXED, LENGTH_ALONE, PasswordPolicy { shortest: 15, longest: 128, composition: false }] {
        let sent = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<PasswordPolicy>(&sent).unwrap(), policy, "{sent}");
    }
    for wrong in ["\"\"", "\"8\"", "\"8 many mixed\"", "8"] {
        assert!(serde_json::from_str::<PasswordPolicy>(wrong).is_err(), "{wrong}");
    }
}

fn accepted(password: &str) -> Option<String> {
    MIXED.accept(password, &Owner::default(), |_| false).ok().map(|taken| taken.reveal().to_owned())
}

proptest! {
    #[test]
    fn a10_any_long_password_of_visible_characters_is_taken_whole(password in "[^\\p{C}\u{FDFA}]{64,128}") {
        let taken = accepted(&password);
        prop_assert_eq!(taken, Some(password.nfkc().collect::<String>()), "{}", password);
    }

    #[test]
    fn a10_the_last_character_counts(password in "[a-z ]{70,250}[a-y]") {
        let mut other = password.clone();
        other.pop();
        other.push('z');
        prop_assert_ne!(accepted(&password).unwrap(), accepted(&other).unwrap());
    }

    #[test]
    fn a10_it_does_not_matter_how_accents_were_typed(password in "[a-zA-Z0-9 éüñåçÅÖ가힣が]{1,40}") {
        let (composed, apart): (String, String) = (password.nfc().collect(), password.nfd().collect());
        prop_assert_eq!(normalise(&composed), normalise(&apart));
        prop_assert_eq!(accepted(&composed).is_some() && accepted(&apart).is_some(), accepted(&composed).is_some());
    }

    #[test]
    fn a10_what_is_taken_follows_every_rule(password in "\\PC{0,30}") {
        if let Some(taken) = accepted(&password) {
            let length = taken.chars().count();
            prop_assert!(length >= 8);
            let is_mixed = taken.chars().any(char::is_uppercase)
                && taken.chars().any(char::is_lowercase)
                && taken.chars().any(char::is_numeric)
                && taken.chars().any(|c| !c.is_alphanumeric());
            prop_assert!(is_mixed || length >= 15);
            prop_assert_eq!(normalise(&taken), taken.clone());
        }
    }

    #[test]
    fn a10_a_password_that_holds_the_username_is_never_taken(name in "[a-z]{4,12}", before in "[ -~]{0,20}", after in "[ -~]{0,20}") {
        let owner = Owner::new(&name.to_uppercase(), "");
        let password = format!("{before}{name}{after}");
        // Spaces at both ends are no part of the folded form, and none of a name either.
        prop_assert!(fold(&password).contains(&name));
        prop_assert!(MIXED.accept(&password, &owner, |_| false).is_err());
    }

    #[test]
    fn a10_one_that_breaks_a_rule_is_weak_at_best(password in "\\PC{0,40}") {
        let rating = MIXED.rate(&password, &Owner::default());
        prop_assert!(rating.broken.is_empty() || rating.strength <= Strength::Weak);
        prop_assert!(rating.strength.score() <= 4);
    }

    #[test]
    fn a10_control_characters_are_refused_wherever_they_stand(before in "[a-z ]{8,20}", control in "\\p{Cc}", after in "[a-z ]{8,20}") {
        let password = format!("{before}{control}{after}");
        prop_assert!(accepted(&password).is_none());
    }
}
