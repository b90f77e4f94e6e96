//! A person's own fields and what makes each of them right.

use crate::folding::fold;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! text_field {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub(crate) String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_field!(
    /// The short name one signs in with: letters, digits, dot, dash and underscore, kept in lower case.
    #[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
    Username
);
// How these two are written to the store and read says `at_rest`.
text_field!(
    /// The name people call someone by.
    FullName
);
text_field!(
    /// An e-mail address, kept in lower case.
    EmailAddress
);

text_field!(
    /// What a company's directory calls somebody. It is the directory's own, so every letter counts.
    #[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
    ExternalId
);

impl Username {
    pub const LONGEST: usize = 64;
    /// What is said of one that somebody has already.
    pub const TAKEN: &str = "Username already exists";

    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        let name = raw.trim().to_lowercase();
        if name.is_empty() {
            return Err("Enter a username");
        }
        if name.len() < 3 {
            return Err("Use at least 3 characters");
        }
        if name.len() > Self::LONGEST {
            return Err("Use at most 64 characters");
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')) {
            return Err("Use letters a to z, digits, dots, dashes and underscores");
        }
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err("Begin with a letter or a digit");
        }
        Ok(Self(name))
    }
}

impl FullName {
    pub const LONGEST: usize = 200;

    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        let name = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err("Enter a full name");
        }
        if name.chars().count() > Self::LONGEST {
            return Err("Use at most 200 characters");
        }
        if name.chars().any(is_invisible) {
            return Err("Remove characters that cannot be seen");
        }
        Ok(Self(name))
    }

    /// The word to greet someone by.
    pub fn first_name(&self) -> &str {
        self.0.split(' ').next().unwrap_or(&self.0)
    }
}

impl EmailAddress {
    pub const LONGEST: usize = 254;
    /// What is said of one that somebody has already.
    pub const TAKEN: &str = "E-mail address already exists";
    const INVALID: &str = "Please enter a valid email address";

    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        let address = raw.trim().to_lowercase();
        let (local, host) = address.rsplit_once('@').ok_or(Self::INVALID)?;
        let local_is_right = (1..=64).contains(&local.len())
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
        let host_is_right = host.contains('.') && host.split('.').all(is_host_label);
        if local_is_right && host_is_right && address.len() <= Self::LONGEST {
            Ok(Self(address))
        } else {
            Err(Self::INVALID)
        }
    }
}

fn is_host_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

impl ExternalId {
    pub const LONGEST: usize = 256;
    /// What is said of one that somebody has already.
    pub const TAKEN: &str = "Somebody else has this external id";

    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        if raw.trim().is_empty() {
            return Err("Enter an id that is not empty");
        }
        if raw.chars().count() > Self::LONGEST {
            return Err("Use at most 256 characters");
        }
        if raw.chars().any(is_invisible) {
            return Err("Remove characters that cannot be seen");
        }
        Ok(Self(raw.to_owned()))
    }
}

/// Control characters, zero-width characters and the marks that turn the direction of text.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "lowercase"))]
#[serde(rename_all = "lowercase")]
pub enum PersonStatus {
    Active,
    Suspended,
    Invited,
    Unverified,
    Locked,
}

impl PersonStatus {
    pub const ALL: [Self; 5] = [Self::Active, Self::Suspended, Self::Invited, Self::Unverified, Self::Locked];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Invited => "invited",
            Self::Unverified => "unverified",
            Self::Locked => "locked",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Suspended => "Suspended",
            Self::Invited => "Invited",
            Self::Unverified => "Unverified",
            Self::Locked => "Locked",
        }
    }
}

/// The text that search looks through: everything one might remember of a person, folded.
pub fn search_text(username: &Username, full_name: &FullName, email: &EmailAddress) -> String {
    search_text_of(username.as_str(), full_name.as_str(), email.as_str())
}

/// The same of somebody whose names were read as they stand.
pub fn search_text_of(username: &str, full_name: &str, email: &str) -> String {
    fold(&format!("{full_name} {username} {email}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_short_plain_and_lower_case() {
        assert_eq!(Username::parse(" Ada.L ").map(|name| name.to_string()), Ok("ada.l".into()));
        for wrong in ["", " ", "ab", "-dash", "two words", "zoë", "nul\0byte", &"a".repeat(65)] {
            assert!(Username::parse(wrong).is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn full_names_keep_their_letters_and_lose_stray_spaces() {
        let name = FullName::parse("  Zoë   van der  Berg ").unwrap();
        assert_eq!((name.as_str(), name.first_name()), ("Zoë van der Berg", "Zoë"));
        for wrong in ["", "   ", "a\u{200B}b", "bell\u{7}", &"x".repeat(201)] {
            assert!(FullName::parse(wrong).is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn external_ids_are_kept_as_they_are() {
        assert_eq!(ExternalId::parse(" CN=Ada,OU=X ").unwrap().as_str(), " CN=Ada,OU=X ");
        for wrong in ["", " ", "a\0b", "a\u{200B}b", &"x".repeat(257)] {
            assert!(ExternalId::parse(wrong).is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn email_addresses_need_a_mailbox_and_a_host() {
        assert_eq!(
            EmailAddress::parse(" Ada@Example.COM ").map(|address| address.to_string()),
            Ok("ada@example.com".into())
        );
        for wrong in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@host",
            "a b@example.com",
            "a@b..c",
            "a@-b.com",
            ".a@b.com",
            "a@b.com\0",
        ] {
            assert_eq!(
                EmailAddress::parse(wrong).err(),
                Some("Please enter a valid email address"),
                "{wrong:?}"
            );
        }
    }
}
