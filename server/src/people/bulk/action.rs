//! What can be done with many people at once.

use domain::RoleCode;

/// A change that is the same for everybody, or taking them along. The role is chosen when it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkAction {
    Suspend,
    Restore,
    GiveRole(Option<RoleCode>),
    TakeRole(Option<RoleCode>),
    RequireSecondFactor,
    ExcuseFromSecondFactor,
    /// It changes nobody: the files are links, once it was shown who would be in them.
    Export,
}

impl BulkAction {
    pub const ALL: [Self; 7] = [
        Self::Suspend,
        Self::Restore,
        Self::GiveRole(None),
        Self::TakeRole(None),
        Self::RequireSecondFactor,
        Self::ExcuseFromSecondFactor,
        Self::Export,
    ];

    pub const fn code(&self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Restore => "restore",
            Self::GiveRole(_) => "give_role",
            Self::TakeRole(_) => "take_role",
            Self::RequireSecondFactor => "require_second_factor",
            Self::ExcuseFromSecondFactor => "excuse_from_second_factor",
            Self::Export => "export",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }

    pub const fn changes_people(&self) -> bool {
        !matches!(self, Self::Export)
    }

    pub const fn is_about_a_role(&self) -> bool {
        matches!(self, Self::GiveRole(_) | Self::TakeRole(_))
    }

    /// The role that it is about, once it was chosen.
    pub const fn role(&self) -> Option<&RoleCode> {
        match self {
            Self::GiveRole(role) | Self::TakeRole(role) => role.as_ref(),
            _ => None,
        }
    }

    /// The same with this role, where it is about one.
    pub(super) fn with(self, role: RoleCode) -> Self {
        match self {
            Self::GiveRole(_) => Self::GiveRole(Some(role)),
            Self::TakeRole(_) => Self::TakeRole(Some(role)),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u6_every_action_is_found_by_its_code() {
        for action in BulkAction::ALL {
            assert_eq!(BulkAction::from_code(action.code()), Some(action));
        }
        assert_eq!(BulkAction::from_code("erase"), None);
    }
}
