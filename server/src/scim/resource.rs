//! A person as a resource of SCIM.

use super::{ROOT, USER, name::parts, version};
use crate::{config::Config, http::moments::iso, people::Person, roles::Role};
use domain::{PersonId, RoleCode, person::PersonStatus};
use serde_json::{Map, Value, json};

/// Where a resource is found; built from `public_url` alone.
pub fn location(config: &Config, rest: &str) -> String {
    format!("{}{ROOT}/{rest}", config.public_url.trim_end_matches('/'))
}

pub fn location_of(config: &Config, person: PersonId) -> String {
    location(config, &format!("Users/{person}"))
}

pub fn of(person: &Person, roles: &[Role], config: &Config) -> Map<String, Value> {
    let (given, family) = parts(person.full_name.as_str());
    let name_of =
        |code: &RoleCode| roles.iter().find(|role| role.code == *code).map(|role| role.name.clone());
    let role = |(place, code): (usize, &RoleCode)| json!({ "value": code, "display": name_of(code), "primary": place == 0 });
    let mut resource = Map::new();
    let mut put = |name: &str, value: Value| resource.insert(name.to_owned(), value);
    put("schemas", json!([USER]));
    put("id", json!(person.id.to_string()));
    if let Some(id) = &person.external_id {
        put("externalId", json!(id));
    }
    put("userName", json!(person.username));
    let mut name = json!({ "formatted": person.full_name, "givenName": given });
    if let Some(family) = family {
        name["familyName"] = family.into();
    }
    put("name", name);
    put("displayName", json!(person.full_name));
    put("active", json!(person.status != PersonStatus::Suspended));
    put("emails", json!([{ "value": person.email, "type": "work", "primary": true }]));
    put("roles", person.roles.iter().enumerate().map(role).collect());
    put(
        "meta",
        json!({
            "resourceType": "User",
            "created": iso(person.created_at),
            "lastModified": iso(person.updated_at),
            "location": location_of(config, person.id),
            "version": version::tag(person.version),
        }),
    );
    resource
}
