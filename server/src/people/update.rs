//! Changing somebody's full name, address, roles or status. Whoever looked at an older version is shown the present one, and
//! overwrites nothing.

use super::{
    Change, ChangeKind, ChangedFields, People, Person, Taken, keep_a_manager, powers, store,
    suspension::{restore_within, suspend_within},
};
use crate::{
    Error, Origin, Result, api_keys,
    db::{Open, Tx, violates},
    events::{Event, Owner},
    identity,
    permit::{Permit, UpdatePerson},
};
use domain::{
    FieldErrors, Permissions, RoleCode,
    person::{EmailAddress, ExternalId, FullName, PersonStatus},
};

/// Changes as they were typed; nothing where a field stays as it is.
#[derive(Debug, Clone, Default)]
pub struct UpdateForm {
    pub full_name: Option<String>,
    pub email: Option<String>,
    /// Codes, the usual role first.
    pub roles: Option<Vec<String>>,
    pub status: Option<String>,
    /// What a directory calls them, or that none does any more.
    pub external_id: Option<Option<String>>,
    /// The version that was looked at; nothing where whoever asks knows of none.
    pub version: Option<i64>,
}

/// What came of it.
#[derive(Debug)]
#[must_use]
pub enum Updated {
    Changed,
    /// Somebody else was quicker; this is what they made of it.
    Stale(Box<Person>),
}

/// The same with each field right.
struct Update {
    full_name: Option<FullName>,
    email: Option<EmailAddress>,
    roles: Option<Vec<RoleCode>>,
    status: Option<PersonStatus>,
    external_id: Option<Option<ExternalId>>,
}

impl UpdateForm {
    fn parse(self) -> Result<Update, FieldErrors> {
        let mut errors = FieldErrors::default();
        let full_name =
            errors.check("full_name", self.full_name.map(|name| FullName::parse(&name)).transpose());
        let email =
            errors.check("email", self.email.map(|address| EmailAddress::parse(&address)).transpose());
        let roles = errors.check("roles", self.roles.map(|codes| super::parse_roles(&codes)).transpose());
        let status = errors.check("status", self.status.map(|code| parse_status(&code)).transpose());
        let external_id = self.external_id.map(|id| id.map(|id| ExternalId::parse(&id)).transpose());
        let external_id = errors.check("external_id", external_id.transpose());
        match (full_name, email, roles, status, external_id) {
            (Some(full_name), Some(email), Some(roles), Some(status), Some(external_id)) => {
                Ok(Update { full_name, email, roles, status, external_id })
            }
            _ => Err(errors),
        }
    }
}

fn parse_status(code: &str) -> Result<PersonStatus, &'static str> {
    let status = PersonStatus::ALL.into_iter().find(|status| status.code() == code);
    status.ok_or("Choose active or suspended")
}

/// A lock comes and goes by itself and is no status that is given: whoever is locked is active, and sending back what one was
/// told changes nothing.
const fn without_lock(status: PersonStatus) -> PersonStatus {
    match status {
        PersonStatus::Locked => PersonStatus::Active,
        other => other,
    }
}

impl People {
    /// Changes what was typed.
    pub async fn update(
        &self,
        permit: &Permit<UpdatePerson>,
        form: UpdateForm,
        origin: &Origin,
    ) -> Result<Updated> {
        let updated = self.bring_in_line(permit, form, origin).await?;
        updated.ok_or_else(|| Error::Malformed("No fields to update".into()))
    }

    /// The same for a program that says how somebody should be, whether they are so already or not: then nothing is written.
    pub async fn bring_in_line(
        &self,
        permit: &Permit<UpdatePerson>,
        form: UpdateForm,
        origin: &Origin,
    ) -> Result<Option<Updated>> {
        let version = form.version;
        let update = form.parse()?;
        let mut tx = self.ground.begin(origin).await?;
        let person = store::changes::hold(&mut tx, *permit.resource()).await?;
        let person = person.ok_or(Error::NotFound("User not found"))?;
        if version.is_some_and(|version| version != person.version) {
            return Ok(Some(Updated::Stale(Box::new(person))));
        }
        let fields = update.fields_of(&person);
        let status = update.status.filter(|status| without_lock(*status) != without_lock(person.status));
        if fields.is_empty() && status.is_none() {
            return Ok(None);
        }
        let events = change_within(&mut tx, permit.holds(), &person, fields, status).await?;
        record(tx, events).await?;
        Ok(Some(Updated::Changed))
    }
}

/// Changes somebody whose row is held, in a transaction that records the events: for a form, and for a row of an import.
pub(super) async fn change_within(
    tx: &mut Tx<Open>,
    holds: Permissions,
    person: &Person,
    fields: ChangedFields,
    status: Option<PersonStatus>,
) -> Result<Vec<Event>> {
    powers::check_account(tx, holds, person.id).await?;
    let mut events = Vec::new();
    if !fields.is_empty() {
        if let Some((_, roles)) = &fields.roles {
            powers::check_roles(tx, holds, roles).await?;
        }
        events.extend(change_fields(tx, person, fields).await?);
    }
    let change = match status {
        Some(PersonStatus::Suspended) => suspend_within(tx, holds, person).await?,
        Some(PersonStatus::Active) if person.status == PersonStatus::Suspended => {
            restore_within(tx, holds, person).await?
        }
        Some(_) => {
            let words = "An account can be suspended, and made active again after that";
            return Err(FieldErrors::one("status", words).into());
        }
        None => None,
    };
    events.extend(change.map(Event::Person));
    Ok(events)
}

impl Update {
    fn fields_of(&self, person: &Person) -> ChangedFields {
        ChangedFields {
            full_name: changed(self.full_name.as_ref(), &person.full_name),
            email: changed(self.email.as_ref(), &person.email),
            roles: changed(self.roles.as_ref(), &person.roles),
            external_id: changed(self.external_id.as_ref(), &person.external_id),
        }
    }
}

fn changed<T: Clone + PartialEq>(wanted: Option<&T>, present: &T) -> Option<(T, T)> {
    wanted.filter(|wanted| *wanted != present).map(|wanted| (present.clone(), wanted.clone()))
}

/// Writes the fields, and ends what the old roles were signed in to, and the keys of those that are gone.
async fn change_fields(tx: &mut Tx<Open>, person: &Person, fields: ChangedFields) -> Result<Vec<Event>> {
    let full_name = fields.full_name.as_ref().map_or(&person.full_name, |(_, after)| after).clone();
    let email = fields.email.as_ref().map_or(&person.email, |(_, after)| after).clone();
    let external_id = fields.external_id.as_ref().map_or(&person.external_id, |(_, after)| after).clone();
    let rewritten = store::changes::rewrite(tx, person, &full_name, &email, external_id.as_ref()).await;
    rewritten.map_err(|error| match error {
        error if violates(&error, "people_email") => Taken::Email.told(),
        error if violates(&error, "people_external_id") => Taken::ExternalId.told(),
        error => error,
    })?;
    let mut revoked = Vec::new();
    if let Some((_, roles)) = &fields.roles {
        store::changes::replace_roles(tx, person.id, roles).await?;
        revoked = api_keys::revoke_lost(tx, person.id).await?;
        identity::end_sessions_but_own(tx, person.id).await?;
        keep_a_manager(tx).await?;
    }
    let role_names = store::changes::role_names(tx, person.id).await?;
    let owner = Owner { full_name, email };
    let fields = Box::new(fields);
    let kind = ChangeKind::Updated { fields, owner, role_names, at: tx.at() };
    let updated = Event::Person(Change { person: person.id, kind });
    Ok(std::iter::once(updated).chain(revoked.into_iter().map(Event::ApiKey)).collect())
}

async fn record(tx: Tx<Open>, events: Vec<Event>) -> Result<()> {
    let mut events = events.into_iter();
    let Some(first) = events.next() else { return Ok(()) };
    let mut recorded = tx.record(first).await?;
    for event in events {
        recorded = recorded.record(event).await?;
    }
    recorded.commit().await
}
