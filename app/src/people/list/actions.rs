//! What one changes about how the list is shown.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// Keeps which columns are shown, in a cookie, and goes back to the list.
#[server(prefix = "/do", endpoint = "choose-columns")]
pub async fn choose_columns(
    #[server(default)] columns: Vec<String>,
    #[server(default)] back: String,
) -> Result<(), ServerFnError> {
    use super::columns::{COOKIE, Shown};
    use crate::page::{Visit, own_path, sign_in_address};
    use server::http::cookies;

    let visit = Visit::current();
    if visit.actor().is_err() {
        visit.go_to(&sign_in_address("/people"));
        return Ok(());
    }
    let shown = Shown::chosen(columns.iter().map(String::as_str));
    visit.set_cookie(cookies::set_preference(COOKIE, &shown.in_words(), &visit.backend.config));
    visit.go_to(own_path(&back).filter(|path| path.starts_with("/people")).unwrap_or("/people"));
    Ok(())
}
