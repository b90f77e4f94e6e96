//! Choosing people in the list, and doing what was confirmed for them.

use leptos::{prelude::*, server_fn::error::ServerFnError};

/// The page that asks, shows how far it is, and tells what came of it.
pub(in crate::people) const PAGE: &str = "/people/selected";

/// The page of this one; other windows may have others. It carries what the list was asked for, to lead back there.
#[cfg(feature = "ssr")]
pub(in crate::people) fn page_of(change: domain::BulkChangeId, list: &str) -> String {
    let asked = list.split_once('?').map_or_else(String::new, |(_, query)| format!("&{query}"));
    format!("{PAGE}?change={change}{asked}")
}

/// The same page, where everybody was chosen and the list showed so many of them.
#[cfg(feature = "ssr")]
fn page_after(change: domain::BulkChangeId, list: &str, shown: Option<u64>) -> String {
    let page = page_of(change, list);
    shown.map_or_else(|| page.clone(), |shown| format!("{page}&shown={shown}"))
}

/// Writes down who was chosen and what for; the next page asks.
#[server(prefix = "/do", endpoint = "choose-people")]
pub async fn choose_people(
    #[server(default)] people: Vec<String>,
    #[server(default)] everyone: String,
    #[server(default)] shown: String,
    #[server(default)] list: String,
    #[server(default)] action: String,
) -> Result<(), ServerFnError> {
    use crate::{
        page::Visit,
        people::list::{everybody::asked_for, page::way_back_to},
    };
    use domain::PersonId;
    use server::{
        Error,
        people::{BulkAction, Choice},
        permit::ChangeMany,
    };

    let visit = Visit::current();
    let back = way_back_to(&visit, &list).await;
    let outcome = async {
        let actor = visit.actor()?;
        let permit = actor.permit::<ChangeMany>(())?;
        let action = BulkAction::from_code(&action)
            .ok_or(Error::Malformed("Choose what to do with those whom you have ticked".into()))?;
        let choice = if everyone.is_empty() {
            let ids: Result<Vec<PersonId>, _> = people.iter().map(|id| id.parse()).collect();
            Choice::These(ids.map_err(|_| Error::NotFound("User not found"))?)
        } else {
            let roles = visit.backend.roles.all().await?;
            Choice::Matching(asked_for(&list, &roles, &visit.backend.people)?)
        };
        visit.backend.people.choose(actor, &permit, action, choice).await
    };
    match outcome.await {
        Ok(change) => {
            let shown = shown.parse().ok().filter(|_| !everyone.is_empty());
            visit.go_to(&page_after(change, &back, shown));
        }
        Err(error) => visit.refuse(&error, &back).await,
    }
    Ok(())
}

/// Does it for the next ones of those who were confirmed.
#[server(prefix = "/do", endpoint = "change-people")]
pub async fn change_people(
    #[server(default)] change: String,
    #[server(default)] role: String,
    #[server(default)] shown: String,
    #[server(default)] list: String,
) -> Result<(), ServerFnError> {
    use crate::{page::Visit, people::list::page::way_back_to};
    use domain::RoleCode;
    use server::Error;

    let visit = Visit::current();
    let id = change.parse().ok();
    let outcome = async {
        let actor = visit.actor()?;
        let id = id.ok_or(Error::NotFound("This choice of people is no longer there"))?;
        visit.backend.people.go_on(actor, id, RoleCode::parse(&role).ok(), visit.origin()).await
    };
    let back = way_back_to(&visit, &list).await;
    let page = id.map_or_else(|| PAGE.to_owned(), |id| page_after(id, &back, shown.parse().ok()));
    match outcome.await {
        Ok(_) => visit.go_to(&page),
        Err(error) => visit.refuse(&error, &page).await,
    }
    Ok(())
}
