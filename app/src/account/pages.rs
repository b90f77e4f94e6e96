//! `/account`: who one is here, and what happened to the account.

use crate::{
    frame::{Framed, Surroundings},
    page::draw,
    people::{History, Reader, pages::PersonFacts},
    ui::Card,
};
use leptos::prelude::*;

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?;
        let visible = actor.sees_person()?;
        let person = visit.backend.people.find(&visible, actor.id()).await?;
        let history = visit.backend.people.history(&visible, actor.id()).await?;
        let roles = visit.backend.roles.all().await?;
        let now = visit.backend.ground.clock.now();
        let around = Surroundings::of(&visit).await?;
        Ok(view! {
            <Framed around place="/account" title="My account" count=None>
                <div class="mx-auto grid max-w-[72rem] items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
                    <PersonFacts person roles now />
                    <Card title="What happened to your account">
                        <History entries=history now reader=Reader::Oneself />
                    </Card>
                </div>
            </Framed>
        })
    })
}
