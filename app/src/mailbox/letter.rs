//! `/mailbox/letters/:id`, in development only: the HTML of a letter, as a mail program shows it. It stands alone in its
//! tab, under a policy of its own that runs nothing, loads nothing and keeps it apart from our pages.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use server::{
    Backend, Error, Result,
    http::{caller::Caller, guard},
    mail,
};

/// Letters bring their styles along, so styles alone may be inline. In the sandbox there are no scripts, no cookies and no
/// forms; links work, and come to our pages from outside, as from a mail program.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      sandbox allow-popups allow-popups-to-escape-sandbox";

pub async fn show(State(backend): State<Backend>, caller: Caller, Path(id): Path<String>) -> Response {
    match html(&backend, &caller, &id).await {
        Ok(html) => {
            let policy = (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            ([policy], Html(html)).into_response()
        }
        Err(error) => guard::fail(error),
    }
}

async fn html(backend: &Backend, caller: &Caller, id: &str) -> Result<String> {
    caller.actor()?.sees_people()?;
    let id = id.parse().map_err(|_| Error::NotFound("There is no such letter"))?;
    let posted = mail::find(&backend.ground.db, &backend.config.public_url, id).await?;
    Ok(posted.letter.html)
}
