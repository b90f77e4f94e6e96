//! Making an account, as a form.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Makes the account and shows it, or goes back to the form with what was wrong.
#[server(prefix = "/do", endpoint = "create-person")]
pub async fn create_person(
    #[server(default)] username: String,
    #[server(default)] full_name: String,
    #[server(default)] email: String,
    #[server(default)] role: String,
    #[server(default)] more_roles: Vec<String>,
    #[server(default)] way: String,
    #[server(default)] password: String,
) -> Result<(), ServerFnError> {
    use super::{
        fields::{at_its_field, chosen_roles},
        person::Part,
    };
    use crate::{
        flash::Flash,
        page::{Visit, confirm_address},
    };
    use server::{Error, people::NewPersonForm, permit::CreatePerson};

    const FORM: &str = "/people/new";

    let visit = Visit::current();
    let roles = chosen_roles(role, more_roles);
    let form = NewPersonForm {
        username: username.clone(),
        full_name: full_name.clone(),
        email: email.clone(),
        roles: roles.clone(),
        password,
    };
    let outcome = async {
        let actor = visit.actor()?;
        let permit = actor.permit::<CreatePerson>(())?;
        let origin = actor.at(visit.origin());
        if way == "invitation" {
            let newcomer = form.parse_without_password()?;
            let name = newcomer.full_name.first_name().to_owned();
            let invited_by = actor.full_name().as_str();
            let id = visit.backend.links.invite(&permit, newcomer, invited_by, &origin).await?;
            Ok((id, format!("{name} is invited: a letter with a link is on its way.")))
        } else {
            let person = form.parse(&visit.backend.passwords)?;
            let name = person.newcomer.full_name.first_name().to_owned();
            let id = visit.backend.people.create(&permit, person, &origin).await?;
            Ok((id, format!("The account of {name} is ready.")))
        }
    };
    let again = |flash: Flash| {
        flash
            .with("username", &username)
            .with("full_name", &full_name)
            .with("email", &email)
            .with_list("roles", &roles)
            .with("way", &way)
    };
    match outcome.await.map_err(at_its_field) {
        Ok((id, words)) => {
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to(&Part::Overview.of(id));
        }
        Err(Error::StepUp(_)) => {
            visit.leave_flash(again(Flash::default()).waiting_for(FORM)).await;
            visit.go_to(&confirm_address(FORM));
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Forbidden(_))) => {
            error.log();
            visit.leave_flash(again(Flash::of_error(&error))).await;
            visit.go_to(FORM);
        }
        Err(error) => visit.refuse(&error, FORM).await,
    }
    Ok(())
}
