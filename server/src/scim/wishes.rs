//! How a directory wants somebody to be: what we keep of what it sends, and the forms that our services take.

use super::{
    body::{Fields, flag, several, text},
    name::Name,
    refusal::{Answer, Kind, Refusal},
};
use crate::{
    Error,
    people::{NewPersonForm, Newcomer, Person, UpdateForm},
};
use domain::{
    FieldErrors, RoleCode,
    person::{ExternalId, PersonStatus, Username},
};
use serde_json::Value;

/// So many addresses or roles of one person are looked at.
pub const MOST_VALUES: usize = 50;

/// What was said; nothing where something was not spoken of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    pub user_name: Option<String>,
    /// That there is none is a wish as well.
    pub external_id: Option<Option<String>>,
    pub name: Name,
    pub email: Option<String>,
    pub active: Option<bool>,
    pub roles: Option<Roles>,
}

/// Codes of roles, the usual one first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    pub codes: Vec<String>,
    /// Whether it was said which is the usual one. Else their order says nothing.
    pub has_usual: bool,
}

impl Wishes {
    /// Out of a whole resource. What it has beyond this is left alone, as the standard has it (RFC 7644, 3.3).
    pub fn of(document: &Fields) -> Answer<Self> {
        let mut name = match document.get("name") {
            Some(value) => Name::of(value)?,
            None => Name::default(),
        };
        name.display = document.text("displayName")?;
        let email = document.get("emails").map(addresses).transpose()?;
        Ok(Self {
            user_name: document.text("userName")?,
            external_id: document.text("externalId")?.map(Some),
            name,
            email: email.and_then(|addresses| pick(&addresses).map(|address| address.value.clone())),
            active: document.get("active").map(|value| flag(value, "active")).transpose()?,
            // No values are as none at all (RFC 7643, 2.5).
            roles: document.get("roles").map(Roles::of).transpose()?.filter(|roles| !roles.codes.is_empty()),
        })
    }

    /// Somebody new. `usual` is the role of whom none was given.
    pub fn newcomer(self, usual: &str) -> Answer<Newcomer> {
        let mut errors = FieldErrors::default();
        let external_id = self.external_id.flatten().map(|id| ExternalId::parse(&id)).transpose();
        let external_id = errors.check("external_id", external_id);
        let username = self.user_name.unwrap_or_default();
        if username.contains('@') {
            let words =
                "A username has no @: have the directory send the part before it, such as its mail nickname";
            return Err(Error::from(FieldErrors::one("username", words)).into());
        }
        let form = NewPersonForm {
            full_name: self.name.full(None).unwrap_or_else(|| username.clone()),
            username,
            email: self.email.unwrap_or_default(),
            roles: self.roles.unwrap_or_default().or(usual),
            password: String::new(),
        };
        let newcomer = form.parse_without_password().map_err(Error::from)?;
        match external_id {
            Some(external_id) => Ok(Newcomer { external_id, ..newcomer }),
            None => Err(Error::from(errors).into()),
        }
    }

    /// What has to change about somebody who is there.
    pub fn form(self, person: &Person, usual: &str) -> Answer<UpdateForm> {
        if let Some(name) = &self.user_name
            && Username::parse(name).as_ref() != Ok(&person.username)
        {
            return Err(Refusal::bad(
                Kind::Mutability,
                "userName: A username stays as it is once it is made",
            ));
        }
        let is_active = person.status != PersonStatus::Suspended;
        let status = self.active.filter(|wanted| *wanted != is_active);
        Ok(UpdateForm {
            full_name: self.name.full(Some(person.full_name.as_str())),
            email: self.email,
            roles: self.roles.filter(|roles| !roles.are_those_of(person)).map(|roles| roles.or(usual)),
            status: status.map(|active| {
                if active { PersonStatus::Active } else { PersonStatus::Suspended }.code().to_owned()
            }),
            external_id: self.external_id,
            version: Some(person.version),
        })
    }
}

impl Name {
    /// Out of the parts of `name`.
    fn of(value: &Value) -> Answer<Self> {
        let fields = Fields::of_value(value, "name")?;
        Ok(Self {
            display: None,
            formatted: fields.text("formatted")?,
            given: fields.text("givenName")?,
            family: fields.text("familyName")?,
        })
    }

    /// Takes over what was said of the parts of `name`.
    pub fn take(&mut self, value: &Value) -> Answer<()> {
        let said = Self::of(value)?;
        self.formatted = said.formatted.or(self.formatted.take());
        self.given = said.given.or(self.given.take());
        self.family = said.family.or(self.family.take());
        Ok(())
    }
}

impl Roles {
    /// `[{ "value": "STAFF", "primary": true }]`, `["STAFF"]` or one of them alone.
    pub fn of(value: &Value) -> Answer<Self> {
        let mut roles = Self::default();
        for value in several(value, "roles", MOST_VALUES)? {
            let (code, is_usual) = match value {
                Value::String(code) => (code.clone(), false),
                value => {
                    let fields = Fields::of_value(value, "each of roles")?;
                    let code = fields.text("value")?;
                    let primary = fields.get("primary").map(|value| flag(value, "primary")).transpose()?;
                    let words = "A role needs its code as value";
                    (code.ok_or_else(|| Refusal::bad(Kind::InvalidValue, words))?, primary == Some(true))
                }
            };
            roles.has_usual |= is_usual;
            roles.codes.insert(if is_usual { 0 } else { roles.codes.len() }, code);
        }
        Ok(roles)
    }

    /// Each once; where there are none, this one.
    fn or(self, usual: &str) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        for code in self.codes {
            let code = RoleCode::parse(&code).map_or(code, |code| code.to_string());
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        if codes.is_empty() { vec![usual.to_owned()] } else { codes }
    }

    fn are_those_of(&self, person: &Person) -> bool {
        let wanted: Vec<_> = self.codes.iter().map(|code| RoleCode::parse(code)).collect();
        let are_all_there = !wanted.is_empty()
            && wanted.iter().all(|code| code.as_ref().is_ok_and(|code| person.roles.contains(code)))
            && person.roles.iter().all(|role| wanted.contains(&Ok(role.clone())));
        are_all_there && (!self.has_usual || wanted.first() == person.roles.first().cloned().map(Ok).as_ref())
    }
}

/// One of the addresses that were sent.
#[derive(Debug, Clone)]
pub struct Address {
    pub value: String,
    pub kind: Option<String>,
    pub primary: Option<bool>,
}

/// `[{ "value": "ada@example.com", "type": "work", "primary": true }]`, `["ada@example.com"]` or one of them alone.
pub fn addresses(value: &Value) -> Answer<Vec<Address>> {
    let address = |value: &Value| match value {
        Value::String(value) => Ok(Some(Address { value: value.clone(), kind: None, primary: None })),
        value => {
            let fields = Fields::of_value(value, "each of emails")?;
            let kind = fields.text("type")?.map(|kind| kind.to_ascii_lowercase());
            let primary = fields.get("primary").map(|value| flag(value, "primary")).transpose()?;
            let value = fields.get("value").map(|value| text(value, "an address of emails")).transpose()?;
            Ok(value.map(|value| Address { value, kind, primary }))
        }
    };
    let addresses = several(value, "emails", MOST_VALUES)?.iter().map(address);
    Ok(addresses.collect::<Answer<Vec<_>>>()?.into_iter().flatten().collect())
}

/// The one that we keep.
pub fn pick(addresses: &[Address]) -> Option<&Address> {
    let primary = addresses.iter().find(|address| address.primary == Some(true));
    let work = || addresses.iter().find(|address| address.kind.as_deref() == Some("work"));
    primary.or_else(work).or(addresses.first())
}
