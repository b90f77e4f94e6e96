//! The roles of a person, by name.

use server::{people::Person, roles::Role};

/// The names of a person's roles, the usual one first.
pub(crate) fn role_names(person: &Person, roles: &[Role]) -> String {
    let name = |code: &domain::RoleCode| {
        roles.iter().find(|role| role.code == *code).map_or(code.to_string(), |role| role.name.clone())
    };
    person.roles.iter().map(name).collect::<Vec<_>>().join(", ")
}
