//! Second factors: the ways there are of showing, after the password, that it is really you.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A way of confirming a sign-in with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "lowercase"))]
#[serde(rename_all = "lowercase")]
pub enum Method {
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
    pub const ALL: [Self; 4] = [Self::Totp, Self::Sms, Self::Email, Self::Recovery];

    pub const fn code(self) -> &'static str {
        match self {
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

#[cfg(test)]
mod tests {
    use super::*;

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
