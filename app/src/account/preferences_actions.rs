//! Keeping what one prefers with the account.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Saves the form of preferences.
#[server(prefix = "/do", endpoint = "save-preferences")]
pub async fn save_preferences(
    #[server(default)] theme: String,
    #[server(default)] time_zone: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::people::PreferencesForm;

    let visit = Visit::current();
    let form = PreferencesForm { theme: Some(theme), time_zone: Some(time_zone), language: None };
    match keep(&visit, form).await {
        Ok(()) => {
            visit.leave_flash(Flash::good("Your preferences are saved.")).await;
            visit.go_to("/account/preferences");
        }
        Err(error) => visit.refuse(&error, "/account/preferences").await,
    }
    Ok(())
}

/// Keeps the theme that was chosen by a press on the switch in the frame.
#[server(prefix = "/do", endpoint = "save-theme")]
pub async fn save_theme(#[server(default)] theme: String) -> Result<(), ServerFnError> {
    use crate::page::Visit;
    use server::people::PreferencesForm;

    let visit = Visit::current();
    let form = PreferencesForm { theme: Some(theme), ..PreferencesForm::default() };
    match keep(&visit, form).await {
        Ok(()) => visit.go_to("/account/preferences"),
        Err(error) => visit.refuse(&error, "/account/preferences").await,
    }
    Ok(())
}

/// Keeps it with the account, and the theme in this browser as well: the sign-in page has it from there.
#[cfg(feature = "ssr")]
async fn keep(visit: &crate::page::Visit, form: server::people::PreferencesForm) -> server::Result<()> {
    use server::{http::cookies, permit::UpdateSelf};

    let actor = visit.actor()?;
    let permit = actor.permit::<UpdateSelf>(actor.id())?;
    let kept = visit.backend.people.set_preferences(&permit, form, &actor.at(visit.origin())).await?;
    if let Some(theme) = kept.theme {
        visit.set_cookie(cookies::set_theme(theme, &visit.backend.config));
    }
    Ok(())
}
