//! The address that the form with the file posts to. It is read as it comes in, which no server function can.

use super::form::{PLACE, named, page_of};
use crate::{
    flash::Flash,
    page::{file_of, first_to},
};
use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use server::{
    Backend, Error, Result,
    http::{
        caller::Caller,
        guard,
        upload::{Upload, let_pass, pieces_of},
    },
    people::import::{Choices, api::errors_of},
    permit::ImportPeople,
};
use std::pin::pin;
use tower_sessions::Session;

/// `/do/upload-people`
pub async fn receive(
    State(backend): State<Backend>,
    caller: Caller,
    session: Session,
    request: Request,
) -> Response {
    let to = match take(&backend, &caller, request).await {
        Ok(page) => page,
        // No browser sends this, and whoever does may go on sending for ever.
        Err(error @ Error::FormTooLarge) => return guard::hang_up(error),
        Err(error) => match first_to(&error, PLACE) {
            Some(first) => first,
            None => {
                error.log();
                Flash::of_error(&error).leave(&session).await;
                PLACE.to_owned()
            }
        },
    };
    Redirect::to(&to).into_response()
}

/// Takes the file in; answers with the page of its import.
async fn take(backend: &Backend, caller: &Caller, request: Request) -> Result<String> {
    let actor = caller.actor()?;
    let permit = actor.permit::<ImportPeople>(())?;
    let most = backend.config.imports.largest_file();
    let place = match backend.imports.place(&permit) {
        Ok(place) => place,
        Err(error) => {
            let_pass(pin!(pieces_of(request.into_body())), most).await;
            return Err(error);
        }
    };
    let upload = Upload::of(request, backend.config.imports).await?;
    let choices = Choices::parse(upload.value("existing"), upload.value("without_password"))?;
    let name = upload.file_name.clone();
    let mut file = pin!(upload.pieces());
    let origin = actor.at(&caller.origin);
    let outcome = backend.imports.receive(&permit, place, choices, &name, file.as_mut(), &origin).await;
    if outcome.is_err() {
        // A browser that is still sending looks at no answer, so the rest is let pass by.
        let_pass(file.as_mut(), most).await;
    }
    outcome.map(|id| page_of(&id.to_string()))
}

/// `/people/import/{id}/errors.csv`
pub async fn errors(State(backend): State<Backend>, caller: Caller, Path(id): Path<String>) -> Response {
    file_of(&page_of(&id), errors_of(&backend, &caller, named(&id)).await)
}
