//! The way to a provider and back. The way back begins on another site, and browsers keep the strict cookies of a request that
//! another site has caused; so the first page of ours only goes on to the next, which is then asked for by ourselves.

use crate::{
    flash::Flash,
    identity::arrival,
    page::{Visit, draw, own_path, sign_in_address, title},
    ui::{ButtonLink, ButtonSize, ButtonTone, Cover},
};
use axum::http::{HeaderMap, request::Parts};
use leptos::prelude::*;
use leptos_meta::Meta;
use leptos_router::hooks::use_params_map;
use server::{
    Error, Result,
    http::{cookies, intake::encode},
    providers::{LASTS, Returned},
};

/// What a provider may send back that we read.
const READ: [&str; 4] = ["code", "state", "error", "iss"];

/// `/sign-in/:provider`: begins a sign-in and goes to the provider.
#[component]
pub fn BeginPage() -> impl IntoView {
    let (id, headers) = (provider(), headers());
    draw(async move |visit| {
        visit.backend.providers.name(&id)?;
        let next = visit.parameter("next").and_then(|next| own_path(&next).map(str::to_owned));
        let next = next.unwrap_or_else(|| "/".into());
        if visit.actor().is_ok() {
            visit.go_to(&next);
        } else if is_from_elsewhere(&headers) {
            // Signing in begins with a press on our own page.
            visit.go_to(&sign_in_address(&next));
        } else {
            // Whoever asks too often gets a page that says so, and no message is left for another.
            visit.bound().await?;
            if let Err(error) = begin(&visit, &id, &next, &headers).await {
                refuse(&visit, &error, &next).await;
            }
        }
        Ok(())
    })
}

async fn begin(visit: &Visit, id: &str, next: &str, headers: &HeaderMap) -> Result<()> {
    let browser = cookies::provider_sign_in(headers);
    let begun = visit.backend.providers.begin(id, next, browser.as_deref()).await?;
    visit.set_cookie(cookies::set_provider_sign_in(&begun.browser, LASTS, &visit.backend.config));
    visit.go_to(&begun.address);
    Ok(())
}

/// `/sign-in/:provider/callback`: where the provider sends the browser. It reads nothing and goes on, with or without
/// scripts, to the page that does.
#[component]
pub fn ReturnPage() -> impl IntoView {
    let id = provider();
    draw(async move |visit| {
        let name = visit.backend.providers.name(&id)?.to_owned();
        let told = READ.iter().filter_map(|name| visit.parameter(name).map(|value| (name, value)));
        let told: Vec<String> = told.map(|(name, value)| format!("{name}={}", encode(&value))).collect();
        let address = format!("/sign-in/{id}/finish?{}", told.join("&"));
        Ok(view! {
            {title("Signing you in")}
            <Meta http_equiv="refresh" content=format!("0; url={address}") />
            <Meta name="referrer" content="no-referrer" />
            <Cover centred=true>
                <div class="grid justify-items-center gap-5 text-center">
                    <div class="grid gap-2">
                        <h1 class="text-show font-semibold tracking-tighter text-balance" id="page-title" tabindex="-1">"Signing you in"</h1>
                        <p class="text-read text-ink-soft text-pretty break-words">{format!("You come from {name}. If nothing happens, press Continue.")}</p>
                    </div>
                    <ButtonLink href=address label="Continue" size=ButtonSize::Large tone=ButtonTone::Secondary />
                </div>
            </Cover>
        })
    })
}

/// `/sign-in/:provider/finish`: reads what came back and goes where it leads.
#[component]
pub fn FinishPage() -> impl IntoView {
    let (id, headers) = (provider(), headers());
    draw(async move |visit| {
        let returned = Returned {
            state: visit.parameter("state"),
            code: visit.parameter("code"),
            error: visit.parameter("error"),
            issuer: visit.parameter("iss"),
            browser: cookies::provider_sign_in(&headers),
            device: cookies::remembered_device(&headers),
        };
        // Anybody can open this page with anything.
        visit.bound().await?;
        let ended = visit.backend.providers.finish(&id, &returned, visit.origin()).await?;
        let next = own_path(&ended.next).unwrap_or("/");
        match ended.outcome {
            Ok(step) => arrival::go_on(&visit, step, next).await,
            Err(error) => refuse(&visit, &error, next).await,
        }
        Ok(())
    })
}

/// Back to the sign-in page, with what was wrong.
async fn refuse(visit: &Visit, error: &Error, next: &str) {
    error.log();
    // Where the database is away, a message could not be kept either.
    if matches!(error, Error::Unavailable { .. }) {
        visit.go_to("/login?busy=1");
    } else {
        visit.leave_flash(Flash::of_error(error)).await;
        visit.go_to(&sign_in_address(next));
    }
}

fn provider() -> String {
    use_params_map().with_untracked(|params| params.get("provider").unwrap_or_default())
}

fn headers() -> HeaderMap {
    expect_context::<Parts>().headers
}

/// Whether another site has sent the browser here.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    matches!(site, Some("cross-site" | "same-site"))
}
