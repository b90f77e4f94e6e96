//! Second factors: the ways there are of showing, after the password, that it is really you.

use crate::person::is_invisible;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A way of confirming a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "lowercase"))]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// A key that a device or a stick keeps, used with a fingerprint, a face or a PIN.
    Passkey,
    /// An authenticator app that makes a new code every 30 seconds.
    Totp,
    /// A code in a text message.
    Sms,
    /// A code in an e-mail.
    Email,
    /// One of the ten codes on paper, for when everything else is lost.
    Recovery,
}

impl Method {
    /// Every method, the one to ask for first at the top.
    pub const ALL: [Self; 5] = [Self::Passkey, Self::Totp, Self::Sms, Self::Email, Self::Recovery];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Recovery => "recovery",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Passkey => "Passkey",
            Self::Totp => "Authenticator app",
            Self::Sms => "Text message",
            Self::Email => "E-mail",
            Self::Recovery => "Recovery code",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The second factors that somebody has enrolled, as one number: a bit for each method. Recovery codes are none by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct Factors(i64);

impl Factors {
    /// A bit for each; the triggers of migration 0020 write the same numbers.
    const BITS: [(Method, i64); 4] =
        [(Method::Passkey, 1), (Method::Totp, 2), (Method::Sms, 4), (Method::Email, 8)];

    /// The methods, the one to ask for first at the top.
    pub fn methods(self) -> impl Iterator<Item = Method> {
        Self::BITS.into_iter().filter(move |(_, bit)| self.0 & bit != 0).map(|(method, _)| method)
    }

    /// Every number that says, among others, this method.
    pub fn with(method: Method) -> impl Iterator<Item = i64> {
        (0..16).filter(move |number| Self(*number).methods().any(|one| one == method))
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// As it is stored, and sorted by.
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// What somebody calls one of their passkeys, to tell it from the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct PasskeyName(String);

impl PasskeyName {
    pub const LONGEST: usize = 50;

    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        let name = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err("Give it a name, such as Laptop");
        }
        if name.chars().count() > Self::LONGEST {
            return Err("Use at most 50 characters");
        }
        if name.chars().any(is_invisible) {
            return Err("Remove characters that cannot be seen");
        }
        Ok(Self(name))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PasskeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a5_a_passkey_is_called_what_its_owner_calls_it() {
        for (raw, name) in [(" Laptop ", "Laptop"), ("My\u{a0} blue\tkey", "My blue key"), ("鍵", "鍵")] {
            assert_eq!(PasskeyName::parse(raw).unwrap().as_str(), name);
        }
        let long = "a".repeat(51);
        for wrong in ["", " \n", "a\0b", "x\u{202E}y", "a\u{200B}", &long] {
            assert!(PasskeyName::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn u2_enrolled_factors_are_told_from_their_number() {
        let methods = |number| Factors(number).methods().collect::<Vec<_>>();
        assert_eq!(methods(0), []);
        assert_eq!(methods(15), [Method::Passkey, Method::Totp, Method::Sms, Method::Email]);
        assert_eq!(methods(6), [Method::Totp, Method::Sms]);
        assert_eq!(Factors::with(Method::Email).collect::<Vec<_>>(), (8..16).collect::<Vec<_>>());
        assert_eq!(Factors::with(Method::Recovery).count(), 0);
    }

    #[test]
    fn a5_every_method_is_found_by_its_code() {
        for method in Method::ALL {
            assert_eq!(Method::from_code(method.code()), Some(method));
            assert_eq!(serde_json::to_string(&method).unwrap(), format!("\"{method}\""));
        }
        for wrong in ["", "TOTP", "passkeys", "totp "] {
            assert_eq!(Method::from_code(wrong), None, "{wrong:?}");
        }
    }
}
