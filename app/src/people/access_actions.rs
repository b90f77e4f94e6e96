//! What is done about how somebody gets in, as forms; and notes about them.

use leptos::{prelude::*, server_fn::error::ServerFnError};

use super::{
    actions::back_to,
    person::{Part, read_id},
};
use crate::page::Visit;
use server::{Error, permit};

/// Ends one session of somebody.
#[server(prefix = "/do", endpoint = "end-session-of")]
pub async fn end_session_of(
    #[server(default)] person: String,
    #[server(default)] session: String,
) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<permit::EndSessions>(id)?;
        let session = session.parse().map_err(|_| Error::NotFound("This session has ended already"))?;
        visit.backend.identity.end_session_of(&permit, session, &actor.at(visit.origin())).await?;
        Ok("The session is ended.".to_owned())
    };
    back_to(&visit, &person, Part::SigningIn, outcome.await).await;
    Ok(())
}

/// Ends every session of somebody.
#[server(prefix = "/do", endpoint = "end-sessions-of")]
pub async fn end_sessions_of(#[server(default)] person: String) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<permit::EndSessions>(id)?;
        let number = visit.backend.identity.end_sessions_of(&permit, &actor.at(visit.origin())).await?;
        Ok(match number {
            0 => "There was no session to end.".to_owned(),
            1 => "One session is ended.".to_owned(),
            number => format!("{number} sessions are ended."),
        })
    };
    back_to(&visit, &person, Part::SigningIn, outcome.await).await;
    Ok(())
}

/// Revokes an API key of somebody.
#[server(prefix = "/do", endpoint = "revoke-api-key-of")]
pub async fn revoke_api_key_of(
    #[server(default)] person: String,
    #[server(default)] key: String,
) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<permit::RevokeApiKey>(id)?;
        let gone = Error::NotFound("There is no such key, or it was revoked already");
        let key = key.parse().map_err(|_| gone)?;
        visit.backend.api_keys.revoke_of(&permit, key, &actor.at(visit.origin())).await?;
        Ok("The key is revoked.".to_owned())
    };
    back_to(&visit, &person, Part::SigningIn, outcome.await).await;
    Ok(())
}

/// Takes every second factor from somebody who has lost them.
#[server(prefix = "/do", endpoint = "reset-second-factors")]
pub async fn reset_second_factors(#[server(default)] person: String) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<permit::RemoveSecondFactors>(id)?;
        visit.backend.second_factors.remove_all(&permit, &actor.at(visit.origin())).await?;
        Ok("Every second factor is removed. They are told by letter.".to_owned())
    };
    back_to(&visit, &person, Part::SigningIn, outcome.await).await;
    Ok(())
}

/// Says that somebody has to have a second factor, or need not any longer.
#[server(prefix = "/do", endpoint = "require-second-factor")]
pub async fn require_second_factor(
    #[server(default)] person: String,
    #[server(default)] required: String,
) -> Result<(), ServerFnError> {
    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<permit::RequireSecondFactor>(id)?;
        let required = required == "true";
        visit.backend.people.require_second_factor(&permit, required, &actor.at(visit.origin())).await?;
        Ok(if required {
            "A second factor is required now. It is asked for at the next sign-in.".to_owned()
        } else {
            "A second factor is no longer required, unless a role asks for it.".to_owned()
        })
    };
    back_to(&visit, &person, Part::SigningIn, outcome.await).await;
    Ok(())
}

/// Adds a note about somebody.
#[server(prefix = "/do", endpoint = "add-note")]
pub async fn add_note(
    #[server(default)] person: String,
    #[server(default)] text: String,
) -> Result<(), ServerFnError> {
    use crate::flash::Flash;

    let visit = Visit::current();
    let outcome = async {
        let (actor, id) = (visit.actor()?, read_id(&person)?);
        let permit = actor.permit::<permit::AddNote>(id)?;
        visit.backend.people.add_note(&permit, &text, &actor.at(visit.origin())).await?;
        Ok("The note is added.".to_owned())
    };
    match (outcome.await, read_id(&person)) {
        (Err(error @ Error::Invalid(_)), Ok(id)) => {
            visit.leave_flash(Flash::of_error(&error).with_text("text", &text)).await;
            visit.go_to(&Part::Notes.of(id));
        }
        (outcome, _) => back_to(&visit, &person, Part::Notes, outcome).await,
    }
    Ok(())
}
