//! What is done about the state of an account, as forms. Each wants a fresh proof; whoever has none is led past `/confirm` and
//! back.

use leptos::{prelude::*, server_fn::error::ServerFnError};

use super::person::{Part, read_id};
use crate::{flash::Flash, page::Visit};
use server::Result;

/// Back to a part of the person's page, with what came of it.
pub(super) async fn back_to(visit: &Visit, person: &str, part: Part, outcome: Result<String>) {
    let page = read_id(person).map_or_else(|_| "/people".to_owned(), |id| part.of(id));
    match outcome {
        Ok(words) => {
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to(&page);
        }
        Err(error) => visit.refuse(&error, &page).await,
    }
}

/// What somebody is called in a message.
async fn name_of(visit: &Visit, id: domain::PersonId) -> Result<String> {
    let person = visit.backend.people.find(&visit.actor()?.sees_person()?, id).await?;
    Ok(person.full_name.first_name().to_owned())
}

/// Suspends somebody.
#[server(prefix = "/do", endpoint = "suspend-person")]
pub async fn suspend_person(#[server(default)] person: String) -> Result<(), ServerFnError> {
    use server::people::Done;

    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<server::permit::SuspendPerson>(id)?;
        let done = visit.backend.people.suspend(&permit, &actor.at(visit.origin())).await?;
        let name = name_of(&visit, id).await?;
        Ok(match done {
            Done::Now => format!("{name} is suspended and signed out everywhere."),
            Done::Before => format!("{name} was suspended already."),
        })
    };
    back_to(&visit, &person, Part::Overview, outcome.await).await;
    Ok(())
}

/// Restores somebody who is suspended.
#[server(prefix = "/do", endpoint = "restore-person")]
pub async fn restore_person(#[server(default)] person: String) -> Result<(), ServerFnError> {
    use server::people::Done;

    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<server::permit::RestorePerson>(id)?;
        let done = visit.backend.people.restore(&permit, &actor.at(visit.origin())).await?;
        let name = name_of(&visit, id).await?;
        Ok(match done {
            Done::Now => format!("{name} is restored: the account is as it was."),
            Done::Before => format!("{name} was not suspended."),
        })
    };
    back_to(&visit, &person, Part::Overview, outcome.await).await;
    Ok(())
}

/// Opens the account of somebody whom wrong passwords have locked.
#[server(prefix = "/do", endpoint = "unlock-person")]
pub async fn unlock_person(#[server(default)] person: String) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<server::permit::UnlockPerson>(id)?;
        visit.backend.people.unlock(&permit, &actor.at(visit.origin())).await?;
        Ok(format!("{} can sign in again.", name_of(&visit, id).await?))
    };
    back_to(&visit, &person, Part::Overview, outcome.await).await;
    Ok(())
}

/// Sends an invitation once more.
#[server(prefix = "/do", endpoint = "invite-again")]
pub async fn invite_again(#[server(default)] person: String) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<server::permit::ManageInvitation>(id)?;
        let invited_by = actor.full_name().as_str();
        visit.backend.links.invite_again(&permit, invited_by, &actor.at(visit.origin())).await?;
        Ok("A new letter is on its way. The link in the one before no longer works.".to_owned())
    };
    back_to(&visit, &person, Part::Overview, outcome.await).await;
    Ok(())
}

/// Takes an invitation back, and the account with it.
#[server(prefix = "/do", endpoint = "revoke-invitation")]
pub async fn revoke_invitation(#[server(default)] person: String) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<server::permit::ManageInvitation>(id)?;
        let name = name_of(&visit, id).await?;
        visit.backend.links.revoke_invitation(&permit, &actor.at(visit.origin())).await?;
        Ok(format!("The invitation of {name} is taken back."))
    };
    match outcome.await {
        Ok(words) => {
            visit.leave_flash(Flash::good(words)).await;
            visit.go_to("/people");
        }
        Err(error) => back_to(&visit, &person, Part::Overview, Err(error)).await,
    }
    Ok(())
}
