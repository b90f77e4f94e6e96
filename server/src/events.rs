//! What can happen: every event that a write records, how the audit trail tells it, and the work that follows from it.

use crate::{
    Origin,
    alerts::Raised,
    api_keys, at_rest, audit,
    http::moments::iso,
    identity,
    links::Happening,
    mail::Letter,
    outbox::Job,
    people::{self, Exported},
    privacy, providers, roles,
    second_factor::Change,
};
use domain::{
    PersonId, RoleCode, Timestamp,
    person::{EmailAddress, ExternalId, FullName},
    preferences::Preferences,
    second_factor::Method,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Something that happened, with what one needs to tell it later.
#[derive(Debug, Clone)]
pub enum Event {
    SignedIn {
        person: PersonId,
        role: RoleCode,
        how: How,
        /// The provider that vouched for them, where it was no password.
        vouched_by: Option<String>,
    },
    /// The password was right, and a second factor is due.
    SecondFactorAsked {
        person: PersonId,
        stage: &'static str,
    },
    /// Someone who is signed in showed once more that it is them.
    SteppedUp {
        person: PersonId,
        factor: Option<Method>,
    },
    /// Too many wrong codes after a right password.
    CodesPaused {
        person: PersonId,
        failures: u32,
        until: Timestamp,
        owner: Owner,
    },
    /// A browser of theirs is asked for the password alone from now on.
    DeviceRemembered {
        person: PersonId,
    },
    DeviceForgotten {
        person: PersonId,
    },
    /// A sign-in that was refused. `identifier` is what was typed, masked where no such account exists.
    SignInFailed {
        person: Option<PersonId>,
        identifier: String,
        why: &'static str,
    },
    SignedOut {
        person: PersonId,
    },
    TokensRefreshed {
        person: PersonId,
    },
    /// A refresh token came back a second time, so the whole sign-in was ended.
    RefreshReused {
        person: PersonId,
    },
    RoleSwitched {
        person: PersonId,
        from: RoleCode,
        to: RoleCode,
    },
    /// Wrong passwords have locked an account.
    AccountLocked {
        person: PersonId,
        failures: u32,
        until: Timestamp,
        owner: Owner,
    },
    PersonCreated {
        person: PersonId,
        username: String,
        full_name: String,
        email: String,
        roles: Vec<RoleCode>,
        external_id: Option<ExternalId>,
    },
    /// Somebody changed what is told of them.
    ProfileChanged {
        person: PersonId,
        before: FullName,
        after: FullName,
    },
    /// Somebody chose how pages look to them.
    PreferencesChanged {
        person: PersonId,
        before: Preferences,
        after: Preferences,
    },
    PersonUnlocked {
        person: PersonId,
        /// Until when they were locked, where they still were.
        locked_until: Option<Timestamp>,
    },
    /// Those who look after accounts changed one.
    Person(people::Change),
    /// Another key signs tokens from now on.
    SigningKeyChanged {
        key: String,
    },
    PeopleLoaded {
        people: u64,
    },
    /// People left in a file.
    Exported(Exported),
    /// People came in from one.
    Import(people::import::Change),
    SecondFactor(Change),
    Provider(providers::Change),
    /// Something that goes by mail: links, registrations, invitations.
    Link(Happening),
    Account(identity::Change),
    ApiKey(api_keys::Change),
    Role(roles::Change),
    /// Personal texts are kept in another way.
    PersonalData(at_rest::Change),
    /// What is kept about somebody was taken along, or is about to go, or went.
    Privacy(privacy::Change),
    /// Something that happened to the trail itself.
    Trail(audit::Happening),
    /// Whoever runs the installation was alerted.
    AlertRaised(Raised),
}

/// How a sign-in was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// There is no second factor.
    Password,
    /// A provider vouched for them, and is trusted with their second factor or needs none.
    Provider,
    /// There is one, and this browser need not show it for a while.
    RememberedDevice,
    SecondFactor(Method),
    /// A passkey said who they are, without name and password.
    Passkey,
}

/// Whom an event's letter goes to.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Owner {
    pub full_name: FullName,
    pub email: EmailAddress,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub kind: &'static str,
    pub id: Option<String>,
    /// The person it is about, where it is about one.
    pub person: Option<PersonId>,
}

impl Event {
    pub const fn action(&self) -> &'static str {
        match self {
            Self::SignedIn { .. } => "session.signed_in",
            Self::SecondFactorAsked { .. } => "session.second_factor_asked",
            Self::SteppedUp { .. } => "session.stepped_up",
            Self::CodesPaused { .. } => "person.codes_paused",
            Self::DeviceRemembered { .. } => "device.remembered",
            Self::DeviceForgotten { .. } => "device.forgotten",
            Self::SignInFailed { .. } => "session.sign_in_failed",
            Self::SignedOut { .. } => "session.signed_out",
            Self::TokensRefreshed { .. } => "session.refreshed",
            Self::RefreshReused { .. } => "session.refresh_reused",
            Self::RoleSwitched { .. } => "session.role_switched",
            Self::AccountLocked { .. } => "person.locked",
            Self::PersonCreated { .. } => "person.created",
            Self::ProfileChanged { .. } => "person.profile_changed",
            Self::PreferencesChanged { .. } => "person.preferences_changed",
            Self::PersonUnlocked { .. } => "person.unlocked",
            Self::Person(change) => change.action(),
            Self::SigningKeyChanged { .. } => "keys.rotated",
            Self::PeopleLoaded { .. } => "people.loaded",
            Self::Exported(exported) => exported.action(),
            Self::Import(change) => change.action(),
            Self::SecondFactor(change) => change.action(),
            Self::Provider(change) => change.action(),
            Self::Link(happening) => happening.action(),
            Self::Account(change) => change.action(),
            Self::ApiKey(change) => change.action(),
            Self::Role(change) => change.action(),
            Self::PersonalData(change) => change.action(),
            Self::Privacy(change) => change.action(),
            Self::Trail(happening) => happening.action(),
            Self::AlertRaised(_) => "operations.alerted",
        }
    }

    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::SignInFailed { .. } | Self::RefreshReused { .. } => "refused",
            Self::SecondFactor(change) => change.outcome(),
            Self::Account(change) => change.outcome(),
            Self::Trail(happening) => happening.outcome(),
            _ => "done",
        }
    }

    pub fn subject(&self) -> Subject {
        let person = match self {
            Self::SignedIn { person, .. }
            | Self::SecondFactorAsked { person, .. }
            | Self::SteppedUp { person, .. }
            | Self::CodesPaused { person, .. }
            | Self::DeviceRemembered { person }
            | Self::DeviceForgotten { person }
            | Self::SignedOut { person }
            | Self::TokensRefreshed { person }
            | Self::RefreshReused { person }
            | Self::RoleSwitched { person, .. }
            | Self::AccountLocked { person, .. }
            | Self::PersonCreated { person, .. }
            | Self::ProfileChanged { person, .. }
            | Self::PreferencesChanged { person, .. }
            | Self::PersonUnlocked { person, .. } => Some(*person),
            Self::SignInFailed { person, .. } => *person,
            Self::SigningKeyChanged { key } => {
                return Subject { kind: "signing key", id: Some(key.clone()), person: None };
            }
            Self::Person(change) => Some(change.person),
            Self::SecondFactor(change) => Some(change.person),
            Self::Provider(change) => Some(change.person),
            Self::Link(happening) => happening.person(),
            Self::Account(change) => Some(change.person),
            Self::Privacy(change) => Some(change.person),
            Self::ApiKey(change) => {
                let id = Some(change.key.to_string());
                return Subject { kind: "api key", id, person: Some(change.person) };
            }
            Self::Role(change) => match change.person() {
                Some(person) => Some(person),
                None => return Subject { kind: "role", id: Some(change.role.to_string()), person: None },
            },
            Self::Trail(happening) => return happening.subject(),
            Self::PersonalData(_) => return Subject { kind: "personal data", id: None, person: None },
            Self::PeopleLoaded { .. } => None,
            Self::Import(change) if change.person().is_none() => {
                return Subject { kind: "import", id: Some(change.import.to_string()), person: None };
            }
            Self::Import(change) => change.person(),
            Self::Exported(_) => return Subject { kind: "people", id: None, person: None },
            Self::AlertRaised(raised) => {
                let id = Some(raised.alert.code().to_owned());
                return Subject { kind: "alert", id, person: None };
            }
        };
        Subject { kind: "person", id: person.map(|id| id.to_string()), person }
    }

    /// The fields of the event, as the audit trail keeps them: before and after where something changed.
    pub fn details(&self) -> Value {
        match self {
            Self::SignedIn { role, how, vouched_by, .. } => {
                let mut details = match how {
                    How::Password | How::Provider => json!({ "role": role }),
                    How::Passkey => json!({ "role": role, "by": "passkey" }),
                    How::RememberedDevice => json!({ "role": role, "device": "remembered" }),
                    How::SecondFactor(method) => json!({ "role": role, "second_factor": method }),
                };
                if let Some(provider) = vouched_by {
                    details["by"] = json!(provider);
                }
                details
            }
            Self::SecondFactorAsked { stage, .. } => json!({ "stage": stage }),
            Self::SteppedUp { factor, .. } => json!({ "second_factor": factor }),
            Self::CodesPaused { failures, until, .. } => {
                json!({ "failures": failures, "until": until.microseconds() })
            }
            Self::SignInFailed { identifier, why, .. } => json!({ "identifier": identifier, "why": why }),
            Self::PersonCreated { username, full_name, email, roles, external_id, .. } => {
                let mut details = json!({ "changes": {
                    "username": { "after": username },
                    "full_name": { "after": full_name },
                    "email": { "after": email },
                    "roles": { "after": roles },
                }});
                if let Some(id) = external_id {
                    details["changes"]["external_id"] = json!({ "after": id });
                }
                details
            }
            Self::RoleSwitched { from, to, .. } => {
                json!({ "changes": { "role": { "before": from, "after": to } } })
            }
            Self::AccountLocked { failures, until, .. } => {
                json!({ "failures": failures, "until": until.microseconds() })
            }
            Self::PeopleLoaded { people } => json!({ "people": people }),
            Self::Exported(exported) => exported.details(),
            Self::Import(change) => change.details(),
            Self::Person(change) => change.details(),
            Self::SecondFactor(change) => change.details(),
            Self::Provider(change) => change.details(),
            Self::Link(happening) => happening.details(),
            Self::Account(change) => change.details(),
            Self::ApiKey(change) => change.details(),
            Self::Role(change) => change.details(),
            Self::PersonalData(change) => change.details(),
            Self::Privacy(change) => change.details(),
            Self::Trail(happening) => happening.details(),
            Self::ProfileChanged { before, after, .. } => {
                json!({ "changes": { "full_name": { "before": before, "after": after } } })
            }
            Self::PreferencesChanged { before, after, .. } => changes(before, after),
            Self::PersonUnlocked { locked_until: Some(until), .. } => {
                json!({ "changes": { "locked_until": { "before": iso(*until), "after": null } } })
            }
            Self::AlertRaised(raised) => json!({ "alert": raised.alert }),
            Self::SigningKeyChanged { .. }
            | Self::SignedOut { .. }
            | Self::DeviceRemembered { .. }
            | Self::DeviceForgotten { .. }
            | Self::TokensRefreshed { .. }
            | Self::RefreshReused { .. }
            | Self::PersonUnlocked { .. } => json!({}),
        }
    }

    /// The work that follows from the event, which happened there and then, done after it was committed.
    pub fn jobs(&self, origin: &Origin, at: Timestamp) -> Vec<Job> {
        match self {
            Self::AccountLocked { failures, until, owner, .. } => {
                vec![Job::Mail(Letter::AccountLocked {
                    to: owner.email.to_string(),
                    full_name: owner.full_name.to_string(),
                    failures: *failures,
                    minutes: u32::try_from(until.since(at).as_secs().div_ceil(60)).unwrap_or(u32::MAX),
                    ip: origin.ip.clone(),
                })]
            }
            Self::CodesPaused { failures, owner, .. } => {
                vec![Job::Mail(Letter::CodesPaused {
                    to: owner.email.to_string(),
                    full_name: owner.full_name.to_string(),
                    failures: *failures,
                    ip: origin.ip.clone(),
                })]
            }
            Self::PersonCreated { full_name, email, username, .. } => {
                vec![Job::Mail(Letter::AccountCreated {
                    to: email.clone(),
                    full_name: full_name.clone(),
                    username: username.clone(),
                })]
            }
            Self::Person(change) => change.jobs(),
            Self::Role(change) => change.jobs(at),
            Self::Privacy(change) => change.jobs(),
            Self::SecondFactor(change) => change.jobs(),
            Self::Provider(change) => change.jobs(origin, at),
            Self::Link(happening) => happening.jobs(origin, at),
            Self::Account(change) => change.jobs(origin),
            Self::ApiKey(change) => change.jobs(origin),
            Self::AlertRaised(raised) => raised.jobs(at),
            _ => Vec::new(),
        }
    }
}

/// What differs between two values of one kind, field by field.
fn changes<T: Serialize>(before: &T, after: &T) -> Value {
    let (before, after) = (json!(before), json!(after));
    let fields = after.as_object().into_iter().flatten();
    let differ = fields.filter(|(field, value)| before[field.as_str()] != **value);
    let told = differ
        .map(|(field, value)| (field.clone(), json!({ "before": before[field.as_str()], "after": value })));
    json!({ "changes": told.collect::<Map<_, _>>() })
}
