//! Permission as a value. A service that changes something demands a `Permit`, one that lists something a `Visible`
//! scope; both are made only here, after the policy said yes, so a forgotten check does not compile.

mod actions;

pub use actions::*;

use crate::{
    Error, Origin, Result,
    origin::Doer,
    proof::{Proof, Standing},
    roles::Role,
};
use domain::{
    ApiKeyId, Permission, Permissions, PersonId, RoleCode, SessionId,
    dashboard::Dashboard,
    person::{EmailAddress, FullName, PersonStatus, Username},
    preferences::{Theme, TimeZoneName},
};
use std::marker::PhantomData;

/// What whoever has the machine may do.
const EVERYTHING: Permissions = Permissions::of(Permission::ALL);

/// Someone who is signed in, in the role they act in; or a program with a key of theirs. Made only by `identity` from a
/// session that is good right now, and by `api_keys` from such a key.
#[derive(Debug, Clone)]
pub struct Actor {
    pub(crate) id: PersonId,
    pub(crate) username: Username,
    pub(crate) full_name: FullName,
    pub(crate) email: EmailAddress,
    /// How pages look to them, where they chose.
    pub(crate) theme: Option<Theme>,
    /// In which time zone pages tell times, where they chose.
    pub(crate) time_zone: Option<TimeZoneName>,
    pub(crate) roles: Vec<Role>,
    pub(crate) role: RoleCode,
    pub(crate) role_name: String,
    pub(crate) dashboard: Dashboard,
    pub(crate) permissions: Permissions,
    pub(crate) session: SessionId,
    pub(crate) standing: Standing,
    /// The key that stands for the person, where they have not signed in themselves.
    pub(crate) key: Option<ApiKeyId>,
}

impl Actor {
    pub const fn id(&self) -> PersonId {
        self.id
    }

    pub const fn username(&self) -> &Username {
        &self.username
    }

    pub const fn full_name(&self) -> &FullName {
        &self.full_name
    }

    pub const fn email(&self) -> &EmailAddress {
        &self.email
    }

    pub const fn theme(&self) -> Option<Theme> {
        self.theme
    }

    pub const fn time_zone(&self) -> Option<&TimeZoneName> {
        self.time_zone.as_ref()
    }

    /// Every role the person has, the usual one first.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    pub const fn role(&self) -> &RoleCode {
        &self.role
    }

    pub fn role_name(&self) -> &str {
        &self.role_name
    }

    pub const fn dashboard(&self) -> Dashboard {
        self.dashboard
    }

    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// When and how they last showed that it is them.
    pub const fn proof(&self) -> Proof {
        self.standing.proof()
    }

    /// What they have shown, and what is due before what.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The key that acts in the person's place.
    pub const fn key(&self) -> Option<ApiKeyId> {
        self.key
    }

    pub(crate) const fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// Whether the role has this permission: to leave out of a page what one may not do. It permits nothing by itself.
    pub const fn has(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// The same place as `origin`, with this person in it.
    pub fn at(&self, origin: &Origin) -> Origin {
        let (id, role) = (self.id, self.role.clone());
        origin.with(match self.key {
            Some(key) => Doer::Key { id, role, key },
            None => Doer::Person { id, role, session: self.session },
        })
    }

    /// Refuses whoever's role may never do this, before it is known what they want to do it to.
    pub fn check_role<A: Action>(&self) -> Result<()> {
        if self.has(A::NEEDS) { Ok(()) } else { Err(Error::WrongRole) }
    }

    /// Permits the action on this resource, or says why not.
    pub fn permit<A: Action>(&self, resource: A::Resource) -> Result<Permit<A>> {
        self.check_role::<A>()?;
        if !A::allows(self, &resource) {
            return Err(Error::WrongRole);
        }
        if A::ADMINISTRATIVE && !(A::OPEN_TO_KEYS && self.key.is_some()) {
            self.standing.check_for_administration()?;
        }
        Ok(Permit { resource, holds: self.permissions, action: PhantomData })
    }

    /// The people this actor may list: all of them, or none.
    pub fn sees_people(&self) -> Result<Visible<People>> {
        if self.has(Permission::UsersView) {
            Ok(Visible { only: None, kind: PhantomData })
        } else {
            Err(Error::WrongRole)
        }
    }

    /// The whole trail, if the role may read it.
    pub fn sees_trail(&self) -> Result<Visible<Trail>> {
        if self.has(Permission::AuditView) {
            Ok(Visible { only: None, kind: PhantomData })
        } else {
            Err(Error::WrongRole)
        }
    }

    /// What every role may do: for whoever changes that, and for whoever gives people their roles.
    pub fn sees_roles(&self) -> Result<Visible<Roles>> {
        if self.has(Permission::RolesManage) || self.has(Permission::UsersView) {
            Ok(Visible { only: None, kind: PhantomData })
        } else {
            Err(Error::WrongRole)
        }
    }

    /// What those who look after accounts wrote down about them. It is not for the people themselves.
    pub fn sees_notes(&self) -> Result<Visible<Notes>> {
        if self.has(Permission::UsersManage) {
            Ok(Visible { only: None, kind: PhantomData })
        } else {
            Err(Error::WrongRole)
        }
    }

    /// Imports, and how far they are.
    pub fn sees_imports(&self) -> Result<Visible<Imports>> {
        if self.has(Permission::UsersManage) {
            Ok(Visible { only: None, kind: PhantomData })
        } else {
            Err(Error::WrongRole)
        }
    }

    /// The people whose page this actor may open: all of them, or only their own.
    pub fn sees_person(&self) -> Result<Visible<People>> {
        if self.has(Permission::UsersView) {
            Ok(Visible { only: None, kind: PhantomData })
        } else if self.has(Permission::UsersViewOwn) {
            Ok(Visible { only: Some(self.id), kind: PhantomData })
        } else {
            Err(Error::WrongRole)
        }
    }
}

/// Something that is done to a resource and needs a permission.
pub trait Action {
    type Resource;
    const NEEDS: Permission;
    /// Whether it manages people, roles or settings: then a fresh proof is asked for that it is really them.
    const ADMINISTRATIVE: bool = true;
    /// Whether a program may do it with a key that has the permission, although it cannot show a proof.
    const OPEN_TO_KEYS: bool = false;

    /// What the action asks for beyond the permission.
    fn allows(_actor: &Actor, _resource: &Self::Resource) -> bool {
        true
    }
}

/// Proof that `A` was permitted on this very resource.
#[derive(Debug)]
pub struct Permit<A: Action> {
    resource: A::Resource,
    /// What whoever acts may do: nobody gives others more power than they have.
    holds: Permissions,
    action: PhantomData<A>,
}

impl<A: Action> Permit<A> {
    pub const fn resource(&self) -> &A::Resource {
        &self.resource
    }

    pub(crate) const fn holds(&self) -> Permissions {
        self.holds
    }

    /// For the page that makes the first account of an empty installation, after its one-time token was checked.
    pub(crate) const fn for_setup(resource: A::Resource) -> Self {
        Self { resource, holds: EVERYTHING, action: PhantomData }
    }
}

impl Permit<CreatePerson> {
    /// For somebody whom a provider vouches for, where the configuration says that it makes accounts.
    pub(crate) const fn for_newcomer() -> Self {
        Self { resource: (), holds: EVERYTHING, action: PhantomData }
    }
}

/// The people, as something that can be seen.
#[derive(Debug)]
pub struct People;

/// Imports of people, as something that can be seen.
#[derive(Debug)]
pub struct Imports;

/// The audit trail, as something that can be seen.
#[derive(Debug)]
pub struct Trail;

/// What roles may do, as something that can be seen.
#[derive(Debug)]
pub struct Roles;

/// Notes about people, as something that can be seen.
#[derive(Debug)]
pub struct Notes;

/// Proof of how much of a kind of thing may be seen.
#[derive(Debug)]
pub struct Visible<R> {
    only: Option<PersonId>,
    kind: PhantomData<R>,
}

impl Visible<People> {
    pub fn includes(&self, person: PersonId) -> bool {
        self.only.is_none_or(|only| only == person)
    }
}

/// Whoever has a shell on the machine and can read the data folder: they may do everything, and it is recorded.
#[derive(Debug)]
pub struct Operator(());

impl Operator {
    /// For the command line alone; tests/house.rs sees to it.
    pub const fn of_this_machine() -> Self {
        Self(())
    }

    pub const fn permit<A: Action>(&self, resource: A::Resource) -> Permit<A> {
        Permit { resource, holds: EVERYTHING, action: PhantomData }
    }

    pub const fn sees_imports(&self) -> Visible<Imports> {
        Visible { only: None, kind: PhantomData }
    }

    pub const fn sees_people(&self) -> Visible<People> {
        Visible { only: None, kind: PhantomData }
    }
}

/// An account's own status decides whether it may act at all.
pub(crate) fn may_act(status: PersonStatus, email: &EmailAddress) -> Result<()> {
    match status {
        PersonStatus::Active => Ok(()),
        PersonStatus::Suspended => Err(Error::Suspended),
        PersonStatus::Unverified => Err(Error::Unverified { email: email.to_string() }),
        PersonStatus::Invited | PersonStatus::Locked => Err(Error::InvalidCredentials { left: None }),
    }
}
