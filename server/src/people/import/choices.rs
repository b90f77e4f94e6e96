//! What whoever imports chooses: what becomes of people who are there already, of new ones without a password, and of wrong
//! rows.

use domain::FieldErrors;

macro_rules! choice {
    ($(#[$meta:meta])* $name:ident { $($(#[$said:meta])* $variant:ident = $code:literal),+ $(,)? } else $words:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
        #[sqlx(type_name = "text", rename_all = "lowercase")]
        pub enum $name { $($(#[$said])* $variant),+ }

        impl $name {
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            pub fn parse(code: &str) -> Result<Self, &'static str> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    _ => Err($words),
                }
            }
        }
    };
}

choice! {
    /// People of the file whose username is known.
    Existing {
        /// Their name, address, roles and status become what the file says; never their password.
        Update = "update",
        Leave = "leave",
    } else "Choose update or leave"
}

choice! {
    /// New people for whom the file has neither a password nor a hash.
    WithoutPassword {
        /// They get a letter with a link to choose one.
        Invite = "invite",
        /// They ask for a link themselves ("Forgot password") when they first come.
        Wait = "wait",
    } else "Choose invite or wait"
}

choice! {
    /// What wrong rows do to the others.
    BadRows {
        /// Either everything is written, at one moment, or nothing.
        Refuse = "refuse",
        /// The others are written.
        Skip = "skip",
    } else "Choose refuse or skip"
}

/// What is chosen before the file is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choices {
    pub existing: Existing,
    pub without_password: WithoutPassword,
}

impl Choices {
    /// What was chosen, in codes; what is left empty is as usual.
    pub fn parse(existing: &str, without_password: &str) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let existing = if existing.is_empty() { Ok(Existing::Update) } else { Existing::parse(existing) };
        let without = if without_password.is_empty() {
            Ok(WithoutPassword::Invite)
        } else {
            WithoutPassword::parse(without_password)
        };
        match (errors.check("existing", existing), errors.check("without_password", without)) {
            (Some(existing), Some(without_password)) => Ok(Self { existing, without_password }),
            _ => Err(errors),
        }
    }
}
