//! What can be permitted: every action by name, the permission that it needs, and whether a fresh proof is asked for.

use super::{Action, Actor};
use domain::{Permission, PersonId, RoleCode};

/// Making a new account.
#[derive(Debug)]
pub struct CreatePerson;
/// Giving an account a new password without knowing the old one.
#[derive(Debug)]
pub struct ResetPassword;
/// Opening an account that wrong passwords have locked.
#[derive(Debug)]
pub struct UnlockPerson;

/// Writing to somebody who was invited once more, or taking the invitation back.
#[derive(Debug)]
pub struct ManageInvitation;

/// Taking every second factor from someone who has lost them.
#[derive(Debug)]
pub struct RemoveSecondFactors;

/// Taking everyone along in one file. Looking people up leaves hold of a few at a time; this is all of them in one go, and
/// what leaves so is out of the house for good. So it takes the permission to manage accounts, and a fresh proof: a session
/// that was left open or stolen is not enough. Programs that do it every night have a key that was made for it.
#[derive(Debug)]
pub struct ExportPeople;

/// Taking the trail along: it names everybody, with their addresses and from where they came, so it takes what `ExportPeople`
/// takes, of whoever may read it.
#[derive(Debug)]
pub struct ExportTrail;

/// Bringing people in from a file.
#[derive(Debug)]
pub struct ImportPeople;

impl Action for ImportPeople {
    type Resource = ();
    const NEEDS: Permission = Permission::UsersManage;
}

impl Action for ExportPeople {
    type Resource = ();
    const NEEDS: Permission = Permission::UsersManage;
    const OPEN_TO_KEYS: bool = true;
}

impl Action for ExportTrail {
    type Resource = ();
    const NEEDS: Permission = Permission::AuditView;
    const OPEN_TO_KEYS: bool = true;
}

/// Making a role, changing what it may do, or deleting it.
#[derive(Debug)]
pub struct ManageRole;

/// Changing the name, the address, the roles or the status of somebody.
#[derive(Debug)]
pub struct UpdatePerson;
/// Closing an account for the time being.
#[derive(Debug)]
pub struct SuspendPerson;
/// Opening an account that was suspended.
#[derive(Debug)]
pub struct RestorePerson;
/// Saying that somebody has to have a second factor, or need not.
#[derive(Debug)]
pub struct RequireSecondFactor;
/// Choosing many people for one change. Each of them is permitted by itself when it is made.
#[derive(Debug)]
pub struct ChangeMany;
/// Ending what somebody is signed in to.
#[derive(Debug)]
pub struct EndSessions;
/// Revoking a key by which programs act for somebody.
#[derive(Debug)]
pub struct RevokeApiKey;

/// Writing a note about somebody, for others who look after accounts.
#[derive(Debug)]
pub struct AddNote;

/// Changing what is told of oneself.
#[derive(Debug)]
pub struct UpdateSelf;

impl Action for UpdateSelf {
    type Resource = PersonId;
    const NEEDS: Permission = Permission::UsersUpdateOwn;
    const ADMINISTRATIVE: bool = false;

    fn allows(actor: &Actor, person: &PersonId) -> bool {
        actor.id() == *person && actor.key().is_none()
    }
}

/// A company's directory does it with a key of its own.
impl Action for CreatePerson {
    type Resource = ();
    const NEEDS: Permission = Permission::UsersManage;
    const OPEN_TO_KEYS: bool = true;
}

macro_rules! of_managers {
    ($open_to_keys:literal: $($action:ident),+) => {$(
        impl Action for $action {
            type Resource = PersonId;
            const NEEDS: Permission = Permission::UsersManage;
            const OPEN_TO_KEYS: bool = $open_to_keys;
        }
    )+};
}

// What a company's directory does with a key of its own.
of_managers!(true: UpdatePerson, SuspendPerson);
of_managers!(
    false: ResetPassword,
    UnlockPerson,
    ManageInvitation,
    RemoveSecondFactors,
    RestorePerson,
    RequireSecondFactor,
    EndSessions,
    RevokeApiKey
);

impl Action for ChangeMany {
    type Resource = ();
    const NEEDS: Permission = Permission::UsersManage;
}

impl Action for ManageRole {
    type Resource = RoleCode;
    const NEEDS: Permission = Permission::RolesManage;
}

impl Action for AddNote {
    type Resource = PersonId;
    const NEEDS: Permission = Permission::UsersManage;
    const ADMINISTRATIVE: bool = false;
}
