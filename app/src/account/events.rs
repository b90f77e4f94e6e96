//! `/account/events`: what happened to the account lately, and what to do if it was somebody else.

use super::sections::{AccountSection, Section as AccountPart};
use crate::{
    frame::Surroundings,
    page::draw,
    people::{History, Reader},
    ui::{ButtonLink, ButtonTone, Icon, Notice, Pagination},
};
use leptos::prelude::*;
use server::audit::Part;

/// `/account/events`
#[component]
pub fn EventsPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?;
        // An address that is not ours begins with the newest.
        let part = visit.parameter("page").and_then(|text| Part::parse(&text)).unwrap_or(Part::Newest);
        let page = visit.backend.people.own_events(actor, part).await?;
        let now = visit.backend.ground.clock.now();
        let around = Surroundings::of(&visit).await?;
        let address = |part: Part| format!("{}?page={part}", AccountPart::Events.href());
        let (newer, older) = (page.newer.map(address), page.older.map(address));
        let has_pages = newer.is_some() || older.is_some();
        let ways = view! {
            <div class="flex flex-wrap gap-2">
                <ButtonLink href=AccountPart::Password.href() label="Change password" tone=ButtonTone::Secondary />
                <ButtonLink href=AccountPart::Sessions.href() label="End sessions" tone=ButtonTone::Secondary />
            </div>
        };
        Ok(view! {
            <AccountSection around section=AccountPart::Events>
                <div class="grid gap-7">
                    <Notice icon=Icon::ShieldCheck title="Was something of this not you?" action=ways.into_any()>
                        "Change your password first, then end the sessions that you do not know."
                    </Notice>
                    <h2 class="sr-only">"What happened"</h2>
                    <History entries=page.entries now reader=Reader::Oneself />
                    {has_pages.then(|| view! { <Pagination summary="The newest come first" previous=newer next=older /> })}
                </div>
            </AccountSection>
        })
    })
}
