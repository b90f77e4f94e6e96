//! A new key, as it is asked for and as it may be made.

use crate::{Actor, Result, config::Api};
use domain::{FieldErrors, Permission, Permissions, Timestamp, api_key::KeyName};
use std::time::Duration;

const DAY: u64 = 86_400;

/// A new key as it was typed.
#[derive(Debug, Clone, Default)]
pub struct NewKeyForm {
    pub name: String,
    /// Codes of permissions.
    pub scopes: Vec<String>,
    /// In days; 0 is for ever, and nothing the usual time.
    pub days: Option<u32>,
}

/// A new key whose fields are all right.
#[derive(Debug, Clone)]
pub struct NewKey {
    pub name: KeyName,
    pub scopes: Permissions,
    pub lasts: Lasts,
}

/// How long a key lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    Days(u32),
    ForEver,
}

impl Lasts {
    pub(super) fn until(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Days(days) => Some(now.after(Duration::from_secs(u64::from(days) * DAY))),
            Self::ForEver => None,
        }
    }

    fn parse(days: Option<u32>, rules: &Api) -> Result<Self, String> {
        match days {
            None => Ok(Self::Days(rules.key_days)),
            Some(0) if rules.allows_lasting_keys() => Ok(Self::ForEver),
            Some(0) => Err("Keys have to expire here".into()),
            Some(days) if rules.allows_lasting_keys() && days <= 3_650 => Ok(Self::Days(days)),
            Some(days) if days <= rules.longest_key_days => Ok(Self::Days(days)),
            Some(_) if rules.allows_lasting_keys() => Err("Choose at most 3650 days".into()),
            Some(_) => Err(format!("Choose at most {} days", rules.longest_key_days)),
        }
    }
}

impl NewKeyForm {
    /// Turns what was typed into a key that this person may make: with no permission that their role does not have.
    pub(super) fn parse(self, actor: &Actor, rules: &Api) -> Result<NewKey> {
        let mut errors = FieldErrors::default();
        let name = errors.check("name", KeyName::parse(&self.name));
        let scopes = errors.check("scopes", parse_scopes(&self.scopes, actor));
        let lasts = errors.check("expires_in_days", Lasts::parse(self.days, rules));
        match (name, scopes, lasts) {
            (Some(name), Some(scopes), Some(lasts)) => Ok(NewKey { name, scopes, lasts }),
            _ => Err(errors.into()),
        }
    }
}

fn parse_scopes(codes: &[String], actor: &Actor) -> Result<Permissions, &'static str> {
    let known: Option<Permissions> = codes.iter().map(|code| Permission::from_code(code)).collect();
    let scopes = known.ok_or("Choose permissions from the list")?;
    if scopes.is_empty() {
        Err("Choose at least one permission")
    } else if scopes.iter().all(|scope| actor.has(scope)) {
        Ok(scopes)
    } else {
        Err("Your role does not have all of these permissions")
    }
}
