//! Changing somebody, as a form.

use super::{
    editing::{ASK_SUSPEND, STALE, changed_by},
    fields::{at_its_field, chosen_roles},
    person::{Part, read_id},
};
use crate::{
    flash::Flash,
    page::{Visit, confirm_address},
};
use leptos::{prelude::*, server_fn::error::ServerFnError};
use server::{
    Error,
    people::{UpdateForm, Updated},
    permit,
};

const SUSPENDED: &str = "suspended";

/// What came of the form.
enum Outcome {
    Changed(String),
    /// Of two versions everything was chosen that is there already.
    Kept(String),
    /// Somebody else was quicker.
    Stale,
    /// It would suspend them, and that was not yet said twice.
    Asks,
}

/// Changes what is other than it was. The comparison of two versions sends the roles in one line, and that they were `decided`
/// on: then it is no mistake to change nothing.
#[server(prefix = "/do", endpoint = "update-person")]
#[allow(clippy::too_many_arguments, reason = "a form has as many fields")]
pub async fn update_person(
    #[server(default)] person: String,
    #[server(default)] version: String,
    #[server(default)] full_name: String,
    #[server(default)] email: String,
    #[server(default)] role: String,
    #[server(default)] more_roles: Vec<String>,
    #[server(default)] roles: String,
    #[server(default)] status: String,
    #[server(default)] was_full_name: String,
    #[server(default)] was_email: String,
    #[server(default)] was_roles: String,
    #[server(default)] was_status: String,
    #[server(default)] confirmed: String,
    #[server(default)] decided: String,
) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let id = match read_id(&person) {
        Ok(id) => id,
        Err(error) => {
            // Whoever is not signed in is told that first.
            visit.refuse(&visit.actor().err().unwrap_or(error), "/people").await;
            return Ok(());
        }
    };
    let page = format!("/people/{id}/edit");
    let chosen = if roles.is_empty() { chosen_roles(role, more_roles) } else { in_a_list(&roles) };
    let had = in_a_list(&was_roles);
    let outcome = async {
        let actor = visit.actor()?;
        let permit = actor.permit::<permit::UpdatePerson>(id)?;
        if status == SUSPENDED && was_status != SUSPENDED && confirmed != "true" {
            return Ok(Outcome::Asks);
        }
        let is_other = |value: &str, was: &str| (value != was).then(|| value.to_owned());
        let form = UpdateForm {
            full_name: is_other(&full_name, &was_full_name),
            email: is_other(&email, &was_email),
            roles: (!are_the_same(&chosen, &had)).then(|| chosen.clone()),
            // One's own status is not in the form.
            status: is_other(&status, &was_status).filter(|status| !status.is_empty()),
            // A version that is no number is none that ever was.
            version: Some(version.parse().unwrap_or_default()),
            ..UpdateForm::default()
        };
        let (people, origin) = (&visit.backend.people, actor.at(visit.origin()));
        let updated = if decided == "true" {
            people.bring_in_line(&permit, form, &origin).await?
        } else {
            Some(people.update(&permit, form, &origin).await?)
        };
        match updated {
            None => Ok(Outcome::Kept(kept_as_saved(&visit, id).await?)),
            Some(Updated::Stale(_)) => Ok(Outcome::Stale),
            Some(Updated::Changed) => {
                let person = people.find(&actor.sees_person()?, id).await?;
                Ok(Outcome::Changed(format!("{} is changed.", person.full_name.first_name())))
            }
        }
    };
    let again = |flash: Flash| {
        flash
            .with("full_name", &full_name)
            .with("email", &email)
            .with_list("roles", &chosen)
            .with("status", &status)
            .with("version", &version)
            .with("was_full_name", &was_full_name)
            .with("was_email", &was_email)
            .with_list("was_roles", &had)
            .with("was_status", &was_status)
    };
    match outcome.await.map_err(at_its_field) {
        Ok(Outcome::Changed(words) | Outcome::Kept(words)) => {
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to(&Part::Overview.of(id));
        }
        Ok(Outcome::Stale) => {
            visit.leave_flash(again(Flash::default()).with(STALE, "true")).await;
            visit.go_to(&page);
        }
        Ok(Outcome::Asks) => {
            visit.leave_flash(again(Flash::default()).with(ASK_SUSPEND, "true")).await;
            visit.go_to(&page);
        }
        Err(Error::StepUp(_)) => {
            visit.leave_flash(again(Flash::default()).waiting_for(&page)).await;
            visit.go_to(&confirm_address(&page));
        }
        Err(error @ (Error::Invalid(_) | Error::Malformed(_) | Error::Conflict(_) | Error::Forbidden(_))) => {
            error.log();
            visit.leave_flash(again(Flash::of_error(&error))).await;
            visit.go_to(&page);
        }
        Err(error) => visit.refuse(&error, &page).await,
    }
    Ok(())
}

/// What is said to whoever looked at both versions and leaves the other one's alone.
async fn kept_as_saved(visit: &Visit, id: domain::PersonId) -> server::Result<String> {
    let by = changed_by(visit, &visit.actor()?.sees_person()?, id).await?;
    Ok(match by {
        Some(name) => format!("Nothing changed: everything stays as {name} saved it."),
        None => "Nothing changed: everything stays as it was saved.".to_owned(),
    })
}

/// Roles as the comparison sends them, and as they were: in one line.
fn in_a_list(codes: &str) -> Vec<String> {
    codes.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect()
}

/// Which one is the usual role matters; in what order the others stand does not.
fn are_the_same(chosen: &[String], had: &[String]) -> bool {
    chosen.len() == had.len() && chosen.first() == had.first() && chosen.iter().all(|code| had.contains(code))
}
