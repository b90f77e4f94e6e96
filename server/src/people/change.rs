//! What those who look after accounts change about people, as the audit trail tells it and as their owners are told.

use super::Newcomer;
use crate::{events::Owner, mail::Letter, outbox::Job};
use domain::{
    NoteId, PersonId, RoleCode, Timestamp,
    person::{EmailAddress, ExternalId, FullName, PersonStatus},
};
use serde_json::{Map, Value, json};

/// Something that was done to somebody's account.
#[derive(Debug, Clone)]
pub struct Change {
    pub person: PersonId,
    pub kind: ChangeKind,
}

#[derive(Debug, Clone)]
pub enum ChangeKind {
    /// A directory brought them along as somebody who may not come in. Nobody writes to them about it.
    MadeSuspended {
        newcomer: Box<Newcomer>,
    },
    /// `role_names` are those of the roles they have now.
    Updated {
        fields: ChangedFields,
        owner: Owner,
        role_names: Vec<String>,
        at: Timestamp,
    },
    Suspended {
        before: PersonStatus,
        owner: Owner,
        at: Timestamp,
    },
    Restored {
        after: PersonStatus,
        owner: Owner,
        at: Timestamp,
    },
    SecondFactorRequired {
        required: bool,
    },
    NoteAdded {
        note: NoteId,
    },
}

/// What a field was and what it is now.
pub type BeforeAfter<T> = Option<(T, T)>;

/// The fields that are other than they were.
#[derive(Debug, Clone, Default)]
pub struct ChangedFields {
    pub full_name: BeforeAfter<FullName>,
    pub email: BeforeAfter<EmailAddress>,
    pub roles: BeforeAfter<Vec<RoleCode>>,
    pub external_id: BeforeAfter<Option<ExternalId>>,
}

impl ChangedFields {
    pub const fn is_empty(&self) -> bool {
        self.full_name.is_none() && self.email.is_none() && self.roles.is_none() && self.external_id.is_none()
    }

    fn tell(&self) -> Value {
        let mut changes = Map::new();
        if let Some((before, after)) = &self.full_name {
            changes.insert("full_name".into(), json!({ "before": before, "after": after }));
        }
        if let Some((before, after)) = &self.email {
            changes.insert("email".into(), json!({ "before": before, "after": after }));
        }
        if let Some((before, after)) = &self.roles {
            changes.insert("roles".into(), json!({ "before": before, "after": after }));
        }
        if let Some((before, after)) = &self.external_id {
            changes.insert("external_id".into(), json!({ "before": before, "after": after }));
        }
        Value::Object(changes)
    }
}

impl Change {
    pub const fn action(&self) -> &'static str {
        match self.kind {
            ChangeKind::MadeSuspended { .. } => "person.created",
            ChangeKind::Updated { .. } => "person.updated",
            ChangeKind::Suspended { .. } => "person.suspended",
            ChangeKind::Restored { .. } => "person.restored",
            ChangeKind::SecondFactorRequired { required: true } => "person.second_factor_required",
            ChangeKind::SecondFactorRequired { required: false } => "person.second_factor_excused",
            ChangeKind::NoteAdded { .. } => "person.note_added",
        }
    }

    pub fn details(&self) -> Value {
        let status = |before: PersonStatus, after: PersonStatus| json!({ "changes": { "status": { "before": before, "after": after } } });
        match &self.kind {
            ChangeKind::MadeSuspended { newcomer } => json!({ "changes": {
                "username": { "after": newcomer.username },
                "full_name": { "after": newcomer.full_name },
                "email": { "after": newcomer.email },
                "roles": { "after": newcomer.roles },
                "external_id": { "after": newcomer.external_id },
                "status": { "after": PersonStatus::Suspended },
            }}),
            ChangeKind::Updated { fields, .. } => json!({ "changes": fields.tell() }),
            ChangeKind::Suspended { before, .. } => status(*before, PersonStatus::Suspended),
            ChangeKind::Restored { after, .. } => status(PersonStatus::Suspended, *after),
            ChangeKind::SecondFactorRequired { required } => {
                json!({ "changes": { "second_factor_required": { "before": !required, "after": required } } })
            }
            // What it says can be forgotten one day; the trail cannot.
            ChangeKind::NoteAdded { note } => json!({ "note": note }),
        }
    }

    /// From where an administrator acted is not for everyone to see, so no letter says it.
    pub fn jobs(&self) -> Vec<Job> {
        let letters = match &self.kind {
            ChangeKind::Updated { fields, owner, role_names, at } => {
                letters_of_update(fields, owner, role_names, *at)
            }
            ChangeKind::Suspended { owner, at, .. } => {
                vec![Letter::AccountSuspended {
                    to: owner.email.to_string(),
                    full_name: owner.full_name.to_string(),
                    at: *at,
                }]
            }
            ChangeKind::Restored { owner, at, .. } => {
                vec![Letter::AccountRestored {
                    to: owner.email.to_string(),
                    full_name: owner.full_name.to_string(),
                    at: *at,
                }]
            }
            ChangeKind::MadeSuspended { .. }
            | ChangeKind::SecondFactorRequired { .. }
            | ChangeKind::NoteAdded { .. } => Vec::new(),
        };
        letters.into_iter().map(Job::Mail).collect()
    }
}

fn letters_of_update(
    fields: &ChangedFields,
    owner: &Owner,
    role_names: &[String],
    at: Timestamp,
) -> Vec<Letter> {
    let (to, full_name) = (owner.email.to_string(), owner.full_name.to_string());
    let mut letters = Vec::new();
    if let Some((before, after)) = &fields.email {
        letters.extend(Letter::email_changed(&full_name, before.as_str(), after.as_str(), at));
    }
    if fields.roles.is_some() {
        letters.push(Letter::RolesChanged { to, full_name, roles: role_names.to_vec(), at });
    }
    letters
}
