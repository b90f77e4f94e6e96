//! People: the accounts. Listing and finding them, and making new ones.

pub mod account_api;
pub mod api;
mod bulk;
mod change;
pub mod create_api;
pub mod export;
pub mod import;
mod listing;
mod managers;
mod notes;
pub mod notes_api;
pub mod person_api;
pub(crate) mod powers;
mod preferences;
pub mod preferences_api;
mod profile;
mod provisioning;
mod second_factor;
mod seeking;
pub mod short_api;
pub mod short_list_api;
pub(crate) mod store;
pub(crate) mod suspension;
mod taken;
mod update;

pub use bulk::{BulkAction, BulkChange, Choice, Refusal};
pub use change::{BeforeAfter, Change, ChangeKind, ChangedFields};
pub use export::{Exported, Whom};
pub use listing::sought::{MomentColumn, Sought, TextColumn, TextTest};
pub use listing::{Page, Total};
pub use managers::{can_do_without, keep_a_manager};
pub use notes::Note;
pub use powers::ACCOUNT_ABOVE;
pub use preferences::PreferencesForm;
pub use profile::ProfileForm;
pub use seeking::Found;
pub use store::Person;
pub(crate) use store::{anew::write as write_anew, indexes, is_empty as nobody_is_in};
pub use suspension::Done;
pub use update::{UpdateForm, Updated};

use crate::{
    Actor, Error, Origin, Result, audit,
    db::{Open, Tx},
    events::Event,
    ground::Ground,
    identity::Passwords,
    lockout::Lockout,
    permit::{CreatePerson, Operator, People as AllPeople, Permit, UnlockPerson, Visible},
};
use domain::{
    FieldErrors, PersonId, RoleCode,
    listing::{PeopleColumn, PeopleQuery},
    password::{NewPassword, Owner},
    person::{EmailAddress, ExternalId, FullName, PersonStatus, Username},
};
use futures::{Stream, stream};

/// A new account whose fields are all right, with its password.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub newcomer: Newcomer,
    pub password: NewPassword,
}

/// Who gets an account.
#[derive(Debug, Clone)]
pub struct Newcomer {
    pub username: Username,
    pub full_name: FullName,
    pub email: EmailAddress,
    /// The usual role first; at least one.
    pub roles: Vec<RoleCode>,
    /// What a company's directory calls them, where one makes the account.
    pub external_id: Option<ExternalId>,
}

/// A new account as it was typed.
#[derive(Clone, Default)]
pub struct NewPersonForm {
    pub username: String,
    pub full_name: String,
    pub email: String,
    pub roles: Vec<String>,
    pub password: String,
}

impl NewPersonForm {
    /// Turns what was typed into an account, or says what is wrong with each field.
    pub fn parse(self, passwords: &Passwords) -> Result<NewPerson, FieldErrors> {
        let mut errors = FieldErrors::default();
        let names = self.check_names(&mut errors);
        let owner = Owner::new(&self.username, &self.email);
        let password = errors.check("password", passwords.accept(&self.password, &owner));
        let roles = self.check_roles(&mut errors);
        match (names, password, roles) {
            (Some((username, full_name, email)), Some(password), Some(roles)) => {
                let newcomer = Newcomer { username, full_name, email, roles, external_id: None };
                Ok(NewPerson { newcomer, password })
            }
            _ => Err(errors),
        }
    }

    /// The same for somebody who chooses the password later.
    pub fn parse_without_password(self) -> Result<Newcomer, FieldErrors> {
        let mut errors = FieldErrors::default();
        let names = self.check_names(&mut errors);
        match (names, self.check_roles(&mut errors)) {
            (Some((username, full_name, email)), Some(roles)) => {
                Ok(Newcomer { username, full_name, email, roles, external_id: None })
            }
            _ => Err(errors),
        }
    }

    fn check_names(&self, errors: &mut FieldErrors) -> Option<(Username, FullName, EmailAddress)> {
        let full_name = errors.check("full_name", FullName::parse(&self.full_name));
        let username = errors.check("username", Username::parse(&self.username));
        let email = errors.check("email", EmailAddress::parse(&self.email));
        Some((username?, full_name?, email?))
    }

    fn check_roles(&self, errors: &mut FieldErrors) -> Option<Vec<RoleCode>> {
        errors.check("roles", parse_roles(&self.roles))
    }
}

fn parse_roles(codes: &[String]) -> Result<Vec<RoleCode>, &'static str> {
    let roles = codes.iter().map(|code| RoleCode::parse(code)).collect::<Result<Vec<_>, _>>()?;
    if roles.is_empty() { Err("Choose at least one role") } else { Ok(roles) }
}

/// The service for people.
#[derive(Debug, Clone)]
pub struct People {
    ground: Ground,
    passwords: Passwords,
    lockout: Lockout,
}

impl People {
    pub const fn new(ground: Ground, passwords: Passwords, lockout: Lockout) -> Self {
        Self { ground, passwords, lockout }
    }

    /// Whether the list can be put in the order of this column: one by what is encrypted would tell it.
    pub fn can_order_by(&self, column: PeopleColumn) -> bool {
        !(self.ground.db.at_rest().is_on() && matches!(column, PeopleColumn::Name | PeopleColumn::Email))
    }

    /// A page of the list.
    pub async fn list(&self, _visible: &Visible<AllPeople>, query: &PeopleQuery) -> Result<Page> {
        listing::page(&self.ground.db, self.ground.clock.now(), query).await
    }

    async fn page(&self, query: &PeopleQuery) -> Result<Page> {
        listing::page(&self.ground.db, self.ground.clock.now(), query).await
    }

    /// The whole list from this query's cursor on, a stretch at a time, for answers that are written while they are read.
    pub fn stretches(
        &self,
        _visible: &Visible<AllPeople>,
        query: PeopleQuery,
    ) -> impl Stream<Item = Result<Vec<Person>>> + Send + use<> {
        let ground = self.ground.clone();
        stream::try_unfold(Some(query), move |query| {
            let ground = ground.clone();
            async move {
                let Some(query) = query else { return Ok(None) };
                let page = listing::page(&ground.db, ground.clock.now(), &query).await?;
                let next = page.next.or(page.resume);
                let rest = next.map(|next| PeopleQuery { cursor: Some(next), ..query });
                Ok(Some((page.people, rest)))
            }
        })
    }

    /// One person; someone who may not be seen is not found.
    pub async fn find(&self, visible: &Visible<AllPeople>, id: PersonId) -> Result<Person> {
        let found = if visible.includes(id) {
            store::find(&self.ground.db, id, self.ground.clock.now()).await?
        } else {
            None
        };
        found.ok_or(Error::NotFound("User not found"))
    }

    /// Those of these people who are there, in the same order. A few hundred at most.
    pub async fn find_all(&self, visible: &Visible<AllPeople>, ids: &[PersonId]) -> Result<Vec<Person>> {
        let seen: Vec<PersonId> = ids.iter().copied().filter(|id| visible.includes(*id)).collect();
        listing::these(&self.ground.db, self.ground.clock.now(), &seen).await
    }

    /// What happened to a person, newest first.
    pub async fn history(&self, visible: &Visible<AllPeople>, id: PersonId) -> Result<Vec<audit::Entry>> {
        if !visible.includes(id) {
            return Err(Error::NotFound("User not found"));
        }
        audit::about(&self.ground.db, id, 50).await
    }

    /// What happened to a person, a page at a time.
    pub async fn history_page(
        &self,
        visible: &Visible<AllPeople>,
        id: PersonId,
        part: audit::Part,
    ) -> Result<audit::Page> {
        if !visible.includes(id) {
            return Err(Error::NotFound("User not found"));
        }
        audit::page_of(&self.ground.db, id, part).await
    }

    /// When somebody signed in last or tried to, newest first.
    pub async fn sign_ins(&self, visible: &Visible<AllPeople>, id: PersonId) -> Result<Vec<audit::Entry>> {
        if !visible.includes(id) {
            return Err(Error::NotFound("User not found"));
        }
        audit::sign_ins_of(&self.ground.db, id, 20).await
    }

    /// What the actor may want to know about their own account, a page at a time.
    pub async fn own_events(&self, actor: &Actor, part: audit::Part) -> Result<audit::Page> {
        audit::page_of(&self.ground.db, actor.id(), part).await
    }

    /// Makes an account.
    pub async fn create(
        &self,
        permit: &Permit<CreatePerson>,
        person: NewPerson,
        origin: &Origin,
    ) -> Result<PersonId> {
        let hash = self.passwords.hash(person.password).await?;
        let mut tx = self.ground.begin(origin).await?;
        powers::check_roles(&mut tx, permit.holds(), &person.newcomer.roles).await?;
        enter(tx, person.newcomer, Some(&hash)).await
    }

    /// Makes an account for somebody whom a provider vouches for: it has no password.
    pub async fn create_without_password(
        &self,
        permit: &Permit<CreatePerson>,
        newcomer: Newcomer,
        origin: &Origin,
    ) -> Result<PersonId> {
        let mut tx = self.ground.begin(origin).await?;
        powers::check_roles(&mut tx, permit.holds(), &newcomer.roles).await?;
        enter(tx, newcomer, None).await
    }

    /// Makes the very first account. Of two who try at the same moment one succeeds.
    pub async fn create_first(
        &self,
        _permit: &Permit<CreatePerson>,
        person: NewPerson,
        origin: &Origin,
    ) -> Result<PersonId> {
        let hash = self.passwords.hash(person.password).await?;
        let mut tx = self.ground.begin(origin).await?;
        if !store::is_empty_and_stays_so(&mut tx).await? {
            return Err(Error::Conflict("This installation has its first account already. Sign in instead."));
        }
        enter(tx, person.newcomer, Some(&hash)).await
    }

    /// Opens an account that wrong passwords have locked.
    pub async fn unlock(&self, permit: &Permit<UnlockPerson>, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(origin).await?;
        let person = *permit.resource();
        let opened = store::unlock(&mut tx, permit).await?;
        let (names, locked_until) = opened.ok_or(Error::NotFound("User not found"))?;
        self.lockout.open(&mut tx, person, &names).await?;
        tx.record(Event::PersonUnlocked { person, locked_until }).await?.commit().await
    }

    /// The person with this username, for the command line.
    pub async fn named(&self, _operator: &Operator, username: &Username) -> Result<Person> {
        let found = store::named(&self.ground.db, username, self.ground.clock.now()).await?;
        found.ok_or(Error::NotFound("User not found"))
    }

    /// Whether there is nobody yet.
    pub async fn is_empty(&self) -> Result<bool> {
        store::is_empty(&self.ground.db).await
    }
}

/// Writes the new account with its record.
async fn enter(mut tx: Tx<Open>, newcomer: Newcomer, hash: Option<&str>) -> Result<PersonId> {
    let id = add(&mut tx, &newcomer, hash, PersonStatus::Active).await?.map_err(Taken::told)?;
    let event = Event::PersonCreated {
        person: id,
        username: newcomer.username.to_string(),
        full_name: newcomer.full_name.to_string(),
        email: newcomer.email.to_string(),
        roles: newcomer.roles,
        external_id: newcomer.external_id,
    };
    tx.record(event).await?.commit().await?;
    Ok(id)
}

/// What somebody else has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    Username,
    Email,
    ExternalId,
}

impl Taken {
    pub(crate) const fn told(self) -> Error {
        match self {
            Self::Username => Error::Conflict(Username::TAKEN),
            Self::Email => Error::Conflict(EmailAddress::TAKEN),
            Self::ExternalId => Error::Conflict(ExternalId::TAKEN),
        }
    }
}

/// Adds somebody in a transaction that records why, or says what is taken.
pub(crate) async fn add(
    tx: &mut Tx<Open>,
    newcomer: &Newcomer,
    hash: Option<&str>,
    status: PersonStatus,
) -> Result<Result<PersonId, Taken>> {
    let id = PersonId::new(tx.new_id());
    if store::insert(tx, id, newcomer, hash, status).await? {
        return Ok(Ok(id));
    }
    if store::has_username(tx, &newcomer.username).await? {
        return Ok(Err(Taken::Username));
    }
    let is_known = match &newcomer.external_id {
        Some(external_id) => store::has_external_id(tx, external_id).await?,
        None => false,
    };
    Ok(Err(if is_known { Taken::ExternalId } else { Taken::Email }))
}

impl std::fmt::Debug for NewPersonForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewPersonForm({})", self.username)
    }
}
