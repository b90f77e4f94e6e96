//! What a row would do to the people who are there: make somebody, change somebody, nothing, or something that may not be.
//! Asked at the check, and once more in the transaction that writes.

use super::{
    choices::{Choices, Existing, WithoutPassword},
    columns::Column,
    row::{RowError, Secret, Wanted, missing},
};
use crate::people::{ChangedFields, powers};
use domain::{
    Permissions, PersonId, RoleCode,
    person::{EmailAddress, FullName, PersonStatus, Username},
};
use std::collections::HashMap;

const ONESELF: &str =
    "This is your own account. Ask somebody else who looks after accounts to change its roles or status.";

/// Somebody who is there already.
#[derive(Debug, Clone)]
pub(super) struct Present {
    pub id: PersonId,
    pub username: Username,
    pub full_name: FullName,
    pub email: EmailAddress,
    pub status: PersonStatus,
    pub roles: Vec<RoleCode>,
}

/// Those of the people who are there whom some rows speak of.
#[derive(Debug, Default)]
pub(super) struct Presence {
    people: Vec<Present>,
    by_username: HashMap<String, usize>,
    by_email: HashMap<String, usize>,
}

impl Presence {
    pub(super) fn of(people: Vec<Present>) -> Self {
        let places = || people.iter().enumerate();
        let by_username = places().map(|(place, person)| (person.username.to_string(), place)).collect();
        let by_email = places().map(|(place, person)| (person.email.to_string(), place)).collect();
        Self { by_username, by_email, people }
    }

    fn named(&self, username: &Username) -> Option<&Present> {
        self.people.get(*self.by_username.get(username.as_str())?)
    }

    fn at(&self, email: &EmailAddress) -> Option<&Present> {
        self.people.get(*self.by_email.get(email.as_str())?)
    }
}

/// What a row would do.
#[derive(Debug)]
pub(super) enum Verdict {
    Make {
        status: PersonStatus,
        /// Whether a letter with a link follows.
        invited: bool,
    },
    Change(Box<Changed>),
    Nothing,
}

/// What becomes other than it is about somebody.
#[derive(Debug)]
pub(super) struct Changed {
    pub person: PersonId,
    pub fields: ChangedFields,
    pub status: Option<PersonStatus>,
}

/// Judges rows for whoever imports them.
#[derive(Debug)]
pub(super) struct Judge {
    pub choices: Choices,
    /// Whoever imports, where it is somebody with an account.
    pub own: Option<PersonId>,
    /// What they may do.
    pub holds: Permissions,
    /// What each role permits.
    pub roles: HashMap<RoleCode, Permissions>,
}

impl Judge {
    pub(super) fn judge(&self, wanted: &Wanted, presence: &Presence) -> Result<Verdict, Vec<RowError>> {
        match presence.named(&wanted.username) {
            Some(_) if self.choices.existing == Existing::Leave => Ok(Verdict::Nothing),
            Some(person) => self.judge_known(wanted, person, presence),
            None => self.judge_new(wanted, presence),
        }
    }

    fn judge_new(&self, wanted: &Wanted, presence: &Presence) -> Result<Verdict, Vec<RowError>> {
        let mut errors = missing(wanted);
        errors.extend(taken(wanted, presence));
        errors.extend(self.above(wanted, wanted.roles.as_deref().unwrap_or_default()));
        let status = self.status_of_newcomer(wanted);
        if let (Err(words), Some(status)) = (&status, wanted.status) {
            errors.push(RowError::of_cell(wanted.number, Column::Status, status.code(), *words));
        }
        match status {
            Ok(status) if errors.is_empty() => {
                let by_letter = self.choices.without_password == WithoutPassword::Invite;
                Ok(Verdict::Make { status, invited: by_letter && status == PersonStatus::Invited })
            }
            _ => Err(errors),
        }
    }

    fn status_of_newcomer(&self, wanted: &Wanted) -> Result<PersonStatus, &'static str> {
        use PersonStatus::{Active, Invited, Locked, Suspended, Unverified};
        let has_secret = !matches!(wanted.secret, Secret::None);
        match wanted.status {
            Some(Locked | Unverified) => Err("Somebody new can be active, suspended or invited"),
            Some(Invited) if has_secret => {
                Err("Somebody who is invited chooses a password, so the file can give none")
            }
            Some(status @ (Suspended | Invited)) => Ok(status),
            Some(Active) | None if has_secret || self.choices.without_password == WithoutPassword::Wait => {
                Ok(Active)
            }
            Some(Active) | None => Ok(Invited),
        }
    }

    fn judge_known(
        &self,
        wanted: &Wanted,
        person: &Present,
        presence: &Presence,
    ) -> Result<Verdict, Vec<RowError>> {
        let fields = ChangedFields {
            full_name: changed(wanted.full_name.as_ref(), &person.full_name),
            email: changed(wanted.email.as_ref(), &person.email),
            roles: changed(wanted.roles.as_ref(), &person.roles),
            external_id: None,
        };
        let mut errors = Vec::new();
        let status = new_status(wanted.status, person.status);
        if let (Err(words), Some(status)) = (&status, wanted.status) {
            errors.push(RowError::of_cell(wanted.number, Column::Status, status.code(), *words));
        }
        let status = status.unwrap_or(None);
        if fields.is_empty() && status.is_none() && errors.is_empty() {
            return Ok(Verdict::Nothing);
        }
        if fields.email.is_some() {
            errors.extend(taken(wanted, presence));
        }
        if self.own == Some(person.id) && (fields.roles.is_some() || status.is_some()) {
            errors.push(RowError::of_cell(
                wanted.number,
                Column::Username,
                wanted.username.as_str(),
                ONESELF,
            ));
        }
        let given = fields.roles.as_ref().map(|(_, roles)| roles.as_slice()).unwrap_or_default();
        errors.extend(self.above(wanted, &person.roles).or_else(|| self.above(wanted, given)));
        if errors.is_empty() {
            Ok(Verdict::Change(Box::new(Changed { person: person.id, fields, status })))
        } else {
            Err(errors)
        }
    }

    /// Nobody hands out, or touches, power that they lack; nor can anybody hand out a role that is gone.
    fn above(&self, wanted: &Wanted, roles: &[RoleCode]) -> Option<RowError> {
        roles.iter().find_map(|role| {
            let words = match self.roles.get(role) {
                None => format!("There is no role {role}"),
                Some(permissions) if powers::is_above(*permissions, self.holds) => {
                    powers::ROLE_ABOVE.to_owned()
                }
                Some(_) => return None,
            };
            Some(RowError::of_cell(wanted.number, Column::Roles, role.as_str(), words))
        })
    }
}

fn changed<T: Clone + PartialEq>(wanted: Option<&T>, present: &T) -> Option<(T, T)> {
    wanted.filter(|wanted| *wanted != present).map(|wanted| (present.clone(), wanted.clone()))
}

/// The address is somebody else's.
fn taken(wanted: &Wanted, presence: &Presence) -> Option<RowError> {
    let email = wanted.email.as_ref()?;
    let owner = presence.at(email).filter(|owner| owner.username != wanted.username)?;
    let words = format!("E-mail address already exists: it belongs to {}", owner.username);
    Some(RowError::of_cell(wanted.number, Column::Email, email.as_str(), words))
}

/// What the status becomes, if anything. A lock comes and goes by itself, so a file neither sets nor lifts one.
fn new_status(
    wanted: Option<PersonStatus>,
    present: PersonStatus,
) -> Result<Option<PersonStatus>, &'static str> {
    use PersonStatus::{Active, Locked, Suspended};
    match (wanted, present) {
        (None, _) | (Some(Locked), Active) | (Some(Active), Locked) => Ok(None),
        (Some(wanted), present) if wanted == present => Ok(None),
        (Some(Suspended), _) => Ok(Some(Suspended)),
        (Some(Active), Suspended) => Ok(Some(Active)),
        _ => Err("An account can be suspended, and made active again after that"),
    }
}
