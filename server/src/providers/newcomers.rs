//! Accounts for people who have none, where the configuration says that a provider makes them: without a password, in the
//! one role that it names.

use super::{Providers, answer::Vouched, failure::Failure, linking::Found, provider::Provider};
use crate::{Error, Origin, origin::Doer, people::Newcomer, permit::Permit};
use domain::{
    RoleCode,
    person::{EmailAddress, FullName, Username},
};

/// After so many names that are taken something else is wrong.
const MOST_NAMES: usize = 50;

impl Providers {
    pub(super) async fn make_account(
        &self,
        provider: &Provider,
        vouched: &Vouched,
        email: EmailAddress,
        origin: &Origin,
    ) -> Found {
        let Ok(role) = RoleCode::parse(&provider.settings.role) else {
            return Ok(Err(no_such_role(provider)));
        };
        let local = email.as_str().split('@').next().unwrap_or_default();
        let wish = vouched.username.as_deref().unwrap_or(local);
        let wish = plain(wish.split('@').next().unwrap_or_default());
        let full_name = vouched.full_name.as_deref().and_then(|name| FullName::parse(name).ok());
        let origin = origin.with(Doer::Program);
        for number in 1..=MOST_NAMES {
            let Ok(username) = Username::parse(&numbered(&wish, number)) else { break };
            let Some(full_name) = full_name.clone().or_else(|| FullName::parse(username.as_str()).ok())
            else {
                break;
            };
            let (email, roles) = (email.clone(), vec![role.clone()]);
            let newcomer = Newcomer { username, full_name, email, roles, external_id: None };
            match self.people.create_without_password(&Permit::for_newcomer(), newcomer, &origin).await {
                Ok(person) => return Ok(Ok(person)),
                Err(Error::Conflict(Username::TAKEN)) => {}
                // Another answer for the same person came first.
                Err(Error::Conflict(_)) => return Ok(Err(Failure::NotBegun)),
                Err(Error::Invalid(_)) => return Ok(Err(no_such_role(provider))),
                Err(error) => return Err(error),
            }
        }
        Ok(Err(Failure::Refused("no free username was found for a newcomer".into())))
    }
}

fn no_such_role(provider: &Provider) -> Failure {
    Failure::Refused(format!("oidc.{}.role names no role that there is", provider.id))
}

/// What of a wish may stand in a username.
fn plain(wish: &str) -> String {
    let mut wish = wish.to_lowercase();
    wish.retain(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let begun: String =
        wish.trim_start_matches(['.', '-', '_']).chars().take(Username::LONGEST - 4).collect();
    if begun.len() < 3 { format!("user{begun}") } else { begun }
}

fn numbered(wish: &str, number: usize) -> String {
    if number == 1 { wish.to_owned() } else { format!("{wish}{number}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a12_any_wish_becomes_a_username() {
        for (wish, username) in [
            ("Ada.Lovelace", "ada.lovelace"),
            ("zoë", "userzo"),
            ("", "user"),
            ("-_.", "user"),
            ("用户", "user"),
            ("a b", "userab"),
            ("'; drop table people", "droptablepeople"),
        ] {
            assert_eq!(plain(wish), username, "{wish}");
            assert!(Username::parse(&numbered(&plain(wish), 50)).is_ok(), "{wish}");
        }
        assert!(Username::parse(&numbered(&plain(&"x".repeat(1000)), 50)).is_ok());
    }
}
