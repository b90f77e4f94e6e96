//! PATCH (RFC 7644, 3.5.2), as directories really send it: with and without paths, with names of operations in any case, with
//! flags as texts, and with attributes that we do not keep, which are passed over.

use super::{
    body::{Fields, flag, several, text},
    filter::{Path, fulfils},
    refusal::{Answer, Kind, Refusal},
    wishes::{Address, MOST_VALUES, Roles, Wishes, addresses, pick},
};
use crate::people::Person;
use domain::RoleCode;
use serde_json::{Value, json};

/// So many operations one request may have.
const MOST_OPERATIONS: usize = 100;
/// What a whole resource carries along and nobody can change.
const READ_ONLY: [&str; 4] = ["id", "meta", "schemas", "groups"];

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Add,
    Replace,
    Remove,
}

/// The wishes, while one operation after the other is read.
struct Patching<'a> {
    person: &'a Person,
    wishes: Wishes,
    has_no_email: bool,
}

/// What the operations want somebody to be.
pub fn read(document: &Fields, person: &Person) -> Answer<Wishes> {
    let operations = document.get("Operations").and_then(Value::as_array);
    let operations =
        operations.ok_or_else(|| Refusal::bad(Kind::InvalidSyntax, "Send Operations as a list"))?;
    if operations.is_empty() || operations.len() > MOST_OPERATIONS {
        return Err(Refusal::bad(Kind::InvalidValue, "Send 1 to 100 Operations"));
    }
    let mut patching = Patching { person, wishes: Wishes::default(), has_no_email: false };
    for operation in operations {
        patching.operate(&Fields::of_value(operation, "each of Operations")?)?;
    }
    if patching.has_no_email {
        return Err(required("an e-mail address"));
    }
    Ok(patching.wishes)
}

impl Patching<'_> {
    fn operate(&mut self, operation: &Fields) -> Answer<()> {
        let deed = match operation.text("op")?.unwrap_or_default().to_ascii_lowercase().as_str() {
            "add" => Deed::Add,
            "replace" => Deed::Replace,
            "remove" => Deed::Remove,
            _ => return Err(Refusal::bad(Kind::InvalidSyntax, "op is add, replace or remove")),
        };
        let value = operation.get("value").unwrap_or(&Value::Null);
        let path = operation.text("path")?.filter(|path| !path.trim().is_empty());
        match path {
            Some(path) => {
                let path = Path::parse(&path).map_err(|words| Refusal::bad(Kind::InvalidPath, words))?;
                if READ_ONLY.contains(&path.name.as_str()) {
                    return Err(Refusal::bad(Kind::Mutability, "This attribute cannot be changed"));
                }
                self.change(deed, &path, value)
            }
            None if deed == Deed::Remove => {
                Err(Refusal::bad(Kind::NoTarget, "Say with a path what to remove"))
            }
            None => self.change_all(deed, value),
        }
    }

    /// Without a path the value names what it changes; Entra ID writes paths there, too.
    fn change_all(&mut self, deed: Deed, value: &Value) -> Answer<()> {
        let words = "Without a path, send the attributes as an object";
        let object = value.as_object().ok_or_else(|| Refusal::bad(Kind::InvalidValue, words))?;
        if object.len() > MOST_OPERATIONS {
            return Err(Refusal::bad(Kind::InvalidValue, "An operation has too many attributes"));
        }
        for (name, value) in object {
            let path = Path::parse(name).map_err(|words| Refusal::bad(Kind::InvalidPath, words))?;
            if !READ_ONLY.contains(&path.name.as_str()) {
                self.change(deed, &path, value)?;
            }
        }
        Ok(())
    }

    /// To give something no value is to remove it.
    fn change(&mut self, deed: Deed, path: &Path, value: &Value) -> Answer<()> {
        let deed = if value.is_null() { Deed::Remove } else { deed };
        let removes = deed == Deed::Remove;
        let part = path.part.as_deref().unwrap_or_default();
        match (path.name.as_str(), part) {
            ("username" | "active" | "displayname", "") if removes => Err(required(&path.name)),
            ("name", "" | "formatted") if removes => Err(required("a name")),
            ("username", "") => text(value, "userName").map(|name| self.wishes.user_name = Some(name)),
            ("active", "") => flag(value, "active").map(|active| self.wishes.active = Some(active)),
            ("externalid", "") if removes => {
                self.wishes.external_id = Some(None);
                Ok(())
            }
            ("externalid", "") => {
                text(value, "externalId").map(|id| self.wishes.external_id = Some(Some(id)))
            }
            ("displayname", "") => {
                text(value, "displayName").map(|name| self.wishes.name.display = Some(name))
            }
            ("name", "") => self.wishes.name.take(value),
            ("name", "formatted") => {
                text(value, "formatted").map(|name| self.wishes.name.formatted = Some(name))
            }
            ("name", "givenname") if !removes => {
                text(value, "givenName").map(|name| self.wishes.name.given = Some(name))
            }
            ("name", "familyname") if !removes => {
                text(value, "familyName").map(|name| self.wishes.name.family = Some(name))
            }
            ("emails", "" | "value") => self.change_email(deed, path, value),
            ("roles", "" | "value") => self.change_roles(deed, path, value),
            _ => Ok(()),
        }
    }

    /// One address is kept; what is done to others passes over it.
    fn change_email(&mut self, deed: Deed, path: &Path, value: &Value) -> Answer<()> {
        let present = self.wishes.email.as_deref().unwrap_or(self.person.email.as_str());
        let entry = json!({ "value": present, "type": "work", "primary": true });
        if path.among.as_ref().is_some_and(|filter| !fulfils(&entry, filter)) {
            return if deed == Deed::Replace { Err(no_target()) } else { Ok(()) };
        }
        let sent = if value.is_null() { Vec::new() } else { addresses(value)? };
        if deed == Deed::Remove {
            let is_meant = |address: &Address| address.value.eq_ignore_ascii_case(present);
            self.has_no_email |= sent.is_empty() || sent.iter().any(is_meant);
            return Ok(());
        }
        let is_a_further_one = |address: &&Address| {
            let is_other = address.kind.as_deref().is_some_and(|kind| kind != "work");
            deed == Deed::Add && path.among.is_none() && is_other && address.primary != Some(true)
        };
        if let Some(address) = pick(&sent).filter(|address| !is_a_further_one(address)) {
            self.wishes.email = Some(address.value.clone());
            self.has_no_email = false;
        }
        Ok(())
    }

    fn change_roles(&mut self, deed: Deed, path: &Path, value: &Value) -> Answer<()> {
        let present =
            || Roles { codes: self.person.roles.iter().map(ToString::to_string).collect(), has_usual: false };
        let mut roles = self.wishes.roles.take().unwrap_or_else(present);
        let sent = if value.is_null() { Roles::default() } else { Roles::of(value)? };
        let is_one_of = |sent: &Roles, code: &str| {
            sent.codes.iter().any(|one| RoleCode::parse(one) == RoleCode::parse(code))
        };
        match &path.among {
            Some(filter) => {
                let is_meant = |(place, code): (usize, &String)| {
                    fulfils(&json!({ "value": code, "primary": place == 0 }), filter)
                };
                let place = roles.codes.iter().enumerate().position(is_meant);
                if place.is_none() && deed == Deed::Replace {
                    return Err(no_target());
                }
                let mut kept =
                    roles.codes.iter().enumerate().map(|one| !is_meant(one)).collect::<Vec<_>>().into_iter();
                roles.codes.retain(|_| kept.next().unwrap_or(true));
                if deed != Deed::Remove {
                    let place = place.unwrap_or(roles.codes.len());
                    roles.has_usual |= place == 0;
                    roles.codes.splice(place..place, sent.codes);
                }
            }
            None if deed == Deed::Remove && !sent.codes.is_empty() => {
                roles.codes.retain(|code| !is_one_of(&sent, code));
            }
            None if deed == Deed::Add => {
                let (usual, others) = sent.codes.split_at(usize::from(sent.has_usual));
                roles.codes.retain(|code| !is_one_of(&sent, code) || !sent.has_usual);
                let more: Vec<String> =
                    others.iter().filter(|code| !is_one_of(&roles, code)).cloned().collect();
                roles.codes.extend(more);
                roles.codes.splice(0..0, usual.iter().cloned());
                roles.has_usual |= sent.has_usual;
            }
            None => roles = sent,
        }
        // Operations follow each other, so that all of them together could grow without end.
        several(&json!(roles.codes), "roles", MOST_VALUES)?;
        self.wishes.roles = Some(roles);
        Ok(())
    }
}

fn no_target() -> Refusal {
    Refusal::bad(Kind::NoTarget, "The path leads to nothing that is there")
}

fn required(what: &str) -> Refusal {
    Refusal::bad(Kind::Mutability, format!("An account always has {what}"))
}
