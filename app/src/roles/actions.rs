//! What a Super Admin does with roles, as forms that work with and without scripts.

use leptos::{prelude::*, server_fn::error::ServerFnError};
use serde::{Deserialize, Serialize};

/// The role as it was when its change began, so that what somebody else changed meanwhile is left alone.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Before {
    name: String,
    dashboard: String,
    permissions: String,
}

/// Saves a role after its change was shown. Where somebody else was quicker, it is shown anew, over what they did.
#[server(prefix = "/do", endpoint = "save-role")]
pub async fn save_role(
    #[server(default)] code: String,
    #[server(default)] version: String,
    #[server(default)] name: String,
    #[server(default)] dashboard: String,
    #[server(default)] permissions: String,
    #[server(default)] was: Before,
) -> Result<(), ServerFnError> {
    use super::draft::{Draft, Wish, read_list, review_address};
    use crate::{flash::Flash, page::Visit};
    use domain::{dashboard::Dashboard, role::RoleName};
    use server::{Error, permit::ManageRole, roles::RoleState};

    let visit = Visit::current();
    let permissions = permissions.split(',').filter(|code| !code.is_empty()).take(64).map(str::to_owned);
    let form = Wish { name, dashboard, permissions: permissions.collect() };
    let mut back_to = "/roles".to_owned();
    let outcome = async {
        let actor = visit.actor()?;
        let code = server::roles::named(&code)?;
        let was = RoleState {
            name: RoleName::parse(&was.name)
                .or_else(|_| RoleName::parse("Role"))
                .map_err(Error::Malformed)?,
            dashboard: Dashboard::from_code(&was.dashboard).unwrap_or(Dashboard::Member),
            permissions: read_list(&was.permissions),
        };
        // A version that is no number is none that ever was.
        let draft = Draft { form, version: version.parse().unwrap_or_default(), was };
        back_to = review_address(&code, &draft);
        let permit = actor.permit::<ManageRole>(code)?;
        visit.backend.roles.change(&permit, &draft.form(), draft.version, &actor.at(visit.origin())).await?;
        Ok(draft.form.name)
    };
    match outcome.await {
        Ok(name) => {
            let words = format!("{} is changed. It acts on everybody's next request.", name.trim());
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to("/roles");
        }
        Err(error) => visit.refuse(&error, &back_to).await,
    }
    Ok(())
}

/// Makes a role.
#[server(prefix = "/do", endpoint = "make-role")]
pub async fn make_role(
    #[server(default)] code: String,
    #[server(default)] name: String,
    #[server(default)] dashboard: String,
    #[server(default)] permission: Vec<String>,
    #[server(default)] copy: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use domain::RoleCode;
    use server::{Error, permit::ManageRole, roles::RoleForm};

    let visit = Visit::current();
    let copy_of = RoleCode::parse(&copy).ok();
    let back_to = match &copy_of {
        Some(copied) => format!("/roles/new?copy={copied}"),
        None => "/roles/new".to_owned(),
    };
    let form = RoleForm { name, dashboard, permissions: permission };
    let outcome = async {
        let actor = visit.actor()?;
        let (code, _) = form.parse_new(&code)?;
        let permit = actor.permit::<ManageRole>(code)?;
        visit.backend.roles.make(&permit, &form, copy_of, &actor.at(visit.origin())).await
    };
    match outcome.await {
        Ok(()) => {
            let words = format!("{} is made. Give it to people on their pages.", form.name.trim());
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to("/roles");
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let flash = Flash::of_error(&error)
                .with("code", &code)
                .with("name", &form.name)
                .with("dashboard", &form.dashboard)
                .with_list("permissions", &form.permissions);
            visit.leave_flash(flash).await;
            visit.go_to(&back_to);
        }
        Err(error) => visit.refuse(&error, &back_to).await,
    }
    Ok(())
}

/// Deletes a role; its people get the other one.
#[server(prefix = "/do", endpoint = "delete-role")]
pub async fn delete_role(
    #[server(default)] code: String,
    #[server(default)] move_to: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use domain::{FieldErrors, RoleCode};
    use server::{Error, permit::ManageRole};

    let visit = Visit::current();
    let mut back_to = "/roles".to_owned();
    let outcome = async {
        let actor = visit.actor()?;
        let code = server::roles::named(&code)?;
        back_to = format!("/roles/{code}/delete");
        let permit = actor.permit::<ManageRole>(code)?;
        let move_to = match move_to.as_str() {
            "" => None,
            other => Some(RoleCode::parse(other).map_err(|words| FieldErrors::one("move_to", words))?),
        };
        visit.backend.roles.delete(&permit, move_to, &actor.at(visit.origin())).await
    };
    match outcome.await {
        Ok(moved) => {
            let words = match moved {
                0 => "The role is deleted.".to_owned(),
                1 => "The role is deleted. One person got the other one.".to_owned(),
                moved => format!("The role is deleted. {moved} people got the other one."),
            };
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to("/roles");
        }
        Err(error @ Error::NotFound(_)) => visit.refuse(&error, "/roles").await,
        Err(error) => visit.refuse(&error, &back_to).await,
    }
    Ok(())
}
