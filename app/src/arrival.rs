//! Arriving from elsewhere. Browsers keep the session's cookie (SameSite=Strict) from what another site or a mail program has
//! opened, so a link in a letter comes without it. Such an arrival is led to the same address once more, this time by us.

use crate::{
    page::title,
    ui::{ButtonLink, ButtonSize, ButtonTone, Cover},
};
use axum::http::{Method, request::Parts};
use leptos::prelude::*;
use server::http::cookies;

/// Whether another site opened this page and the cookie may only have been kept back. What we open ourselves never is such a
/// request, so nobody is led around in a circle.
pub fn comes_without_cookie(parts: &Parts) -> bool {
    let site = parts.headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    parts.method == Method::GET
        && site == Some("cross-site")
        && cookies::session_token(&parts.headers).is_none()
}

/// A page that opens this address of ours at once, by itself or by a press.
pub fn go_on(address: &str) -> impl IntoView + use<> {
    let (href, refresh) = (address.to_owned(), format!("0;url={address}"));
    view! {
        {title("One moment")}
        <leptos_meta::Meta http_equiv="refresh" content=refresh />
        <Cover centred=true>
            <div class="grid justify-items-center gap-5 text-center">
                <div class="grid gap-2">
                    <h1 class="text-show font-semibold tracking-tighter text-balance" id="page-title" tabindex="-1">"One moment"</h1>
                    <p class="text-read text-ink-soft text-pretty">"You come from another place. Your page opens by itself."</p>
                </div>
                <ButtonLink href label="Open it now" size=ButtonSize::Large tone=ButtonTone::Secondary />
            </div>
        </Cover>
    }
}
