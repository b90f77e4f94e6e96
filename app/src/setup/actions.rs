//! Finishing the set-up, as a form.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Makes the first account and goes to the sign-in page, or back to the form with what was wrong.
#[server(prefix = "/do", endpoint = "set-up")]
pub async fn set_up(
    #[server(default)] token: String,
    #[server(default)] username: String,
    #[server(default)] full_name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
) -> Result<(), ServerFnError> {
    use crate::{flash::Flash, page::Visit};
    use server::people::NewPersonForm;

    let visit = Visit::current();
    let form = NewPersonForm {
        username: username.clone(),
        full_name: full_name.clone(),
        email: email.clone(),
        roles: Vec::new(),
        password,
    };
    match visit.backend.setup.finish(&token, form, visit.origin()).await {
        Ok(_) => {
            visit.leave_flash(Flash::good("Your account is ready. Sign in with it.")).await;
            visit.go_to("/login");
        }
        Err(error) => {
            error.log();
            let flash = Flash::of_error(&error)
                .with("username", &username)
                .with("full_name", &full_name)
                .with("email", &email);
            visit.leave_flash(flash).await;
            visit.go_to("/setup");
        }
    }
    Ok(())
}
