//! Everybody whom the list found, as somebody chose them. A list that is looked at passes over what it cannot read; a choice
//! refuses it, for without a filter it would be one of other people.

use super::page::{parameter, read_query};
use domain::{
    FieldErrors,
    listing::{PeopleFilters, PeopleQuery, SearchText},
};
use server::{Error, Result, http::intake::parameter_names, people::People, roles::Role};
use std::collections::BTreeSet;

const LOOK_AGAIN: &str = "Look at the list again.";
const ROLE_GONE: &str = "The role that the list was filtered by is no longer there. Look at the list again.";
/// What an address of the list has besides its filters.
const BESIDES: [&str; 3] = ["search", "sort", "cursor"];

/// What the list of this address asks for, where all of it is understood.
pub(in crate::people) fn asked_for(address: &str, roles: &[Role], people: &People) -> Result<PeopleQuery> {
    check(address, roles)?;
    read_query(|name| parameter(address, name), roles, people)
}

fn check(address: &str, roles: &[Role]) -> Result<()> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_ours = |name: &str| BESIDES.contains(&name) || PeopleFilters::NAMES.contains(&name);
    let mut seen = BTreeSet::new();
    let is_understood = parameter_names(query).into_iter().all(|name| is_ours(&name) && seen.insert(name));
    if path != "/people" || !is_understood {
        return Err(Error::Malformed(format!("The address of this list is not understood. {LOOK_AGAIN}")));
    }
    let mut errors = FieldErrors::default();
    errors.check("search", SearchText::parse(&parameter(address, "search").unwrap_or_default()));
    let filters = PeopleFilters::parse(|name| parameter(address, name), &mut errors);
    if let Some(error) = errors.iter().next() {
        let label = label(&error.field);
        return Err(Error::Malformed(format!("This filter is not understood: {label}. {LOOK_AGAIN}")));
    }
    match filters.role {
        Some(code) if roles.iter().all(|role| role.code != code) => Err(Error::Conflict(ROLE_GONE)),
        _ => Ok(()),
    }
}

/// What the field of a filter is called.
fn label(name: &str) -> &str {
    match name {
        "search" => "Search",
        "role" => "Role",
        "status" => "Status",
        "mfa" => "Second factor",
        "last_login" => "Last sign-in",
        "created_from" => "Joined from",
        "created_to" => "Joined until",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u6_a_choice_of_everybody_understands_all_of_its_list_or_none() {
        let told = |address: &str| check(address, &[]).err().map(|error| error.told().message);
        for right in ["/people", "/people?search=zoe&status=active&sort=-email&cursor=x", "/people?role="] {
            assert_eq!(told(right), None, "{right}");
        }
        for (wrong, words) in [
            ("", "The address of this list is not understood."),
            ("/account?status=active", "The address of this list is not understood."),
            ("/people?statu=active", "The address of this list is not understood."),
            ("/people?status=active&status=suspended", "The address of this list is not understood."),
            ("/people?status=gone", "This filter is not understood: Status."),
            ("/people?mfa=%FF", "This filter is not understood: Second factor."),
            (
                "/people?created_from=2026-02-02&created_to=2026-02-01",
                "This filter is not understood: Joined until.",
            ),
            ("/people?role=CASE_WORKER", "The role that the list was filtered by is no longer there."),
        ] {
            assert_eq!(told(wrong), Some(format!("{words} {LOOK_AGAIN}")), "{wrong}");
        }
        let long = format!("/people?search={}", "a".repeat(SearchText::LONGEST + 1));
        assert_eq!(told(&long), Some(format!("This filter is not understood: Search. {LOOK_AGAIN}")));
    }
}
