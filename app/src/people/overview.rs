//! `/people/{id}`: who it is, how the account stands, and what happened last.

use super::{
    history::{History, Reader},
    person::{Part, PersonFrame, Shown, named_in_address, read_id},
    role_names,
    standing::Standing,
    when,
};
use crate::{
    frame::Surroundings,
    page::draw,
    privacy::{DangerZone, ErasedPerson},
    ui::{Card, Fact, Facts},
};
use domain::{Permission, dashboard::Dashboard, second_factor::Method};
use leptos::prelude::*;
use server::audit::Entry;

/// So much of the history stands here; the rest has a part of its own.
const NEWEST: usize = 12;

/// `/people/{id}`
#[component]
pub fn PersonPage() -> impl IntoView {
    let id = named_in_address();
    draw(async move |visit| {
        let visible = visit.actor()?.sees_person()?;
        let id = read_id(&id)?;
        if let Some(at) = visit.backend.privacy.erased_at(&visible, id).await? {
            let history = visit.backend.people.history(&visible, id).await?;
            let around = Surroundings::of(&visit).await?;
            let now = visit.backend.ground.clock.now();
            let sees_trail = visit.actor()?.has(Permission::AuditView);
            return Ok(view! { <ErasedPerson around id at now history sees_trail /> }.into_any());
        }
        let shown = Shown::of(&visit, &visible, id).await?;
        let factors = visit.backend.second_factors.factors_of(&visible, id).await?;
        let history = visit.backend.people.history(&visible, id).await?;
        let around = Surroundings::of(&visit).await?;
        Ok(view! {
            <PersonFrame around shown=shown.clone() part=Part::Overview>
                <div class="grid gap-6">
                    <Standing shown=shown.clone() />
                    <div class="grid items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
                        <PersonFacts shown=shown.clone() factors />
                        <Newest entries=history shown=shown.clone() />
                    </div>
                    {shown.may_change.then(|| view! { <DangerZone person=shown.person.clone() is_oneself=shown.is_oneself /> })}
                </div>
            </PersonFrame>
        }
        .into_any())
    })
}

/// The facts of an account.
#[component]
fn PersonFacts(shown: Shown, factors: Vec<Method>) -> impl IntoView {
    let (person, now) = (shown.person, shown.now);
    let names = role_names(&person, &shown.roles);
    view! {
        <Card title="Details">
            <Facts>
                <Fact name="Full name">{person.full_name.to_string()}</Fact>
                <Fact name="Username"><span class="font-mono text-label">{person.username.to_string()}</span></Fact>
                <Fact name="E-mail">{person.email.to_string()}</Fact>
                <Fact name="Roles">{names}</Fact>
                <Fact name="Dashboard"><span class="font-mono text-label">{Dashboard::ROUTE}</span></Fact>
                <Fact name="Status">{person.status.label()}</Fact>
                <Fact name="Second factor">{in_words(&factors)}</Fact>
                <Fact name="Last sign-in">{when(person.last_login_at, now)}</Fact>
                <Fact name="Sign-ins"><span class="figures">{person.login_count}</span></Fact>
                <Fact name="Member since">{when(Some(person.created_at), now)}</Fact>
                <Fact name="Id"><span class="font-mono text-label">{person.id.to_string()}</span></Fact>
            </Facts>
        </Card>
    }
}

/// "Passkey, authenticator app", or that there is none.
pub(super) fn in_words(factors: &[Method]) -> String {
    let mut words = factors.iter().map(|method| method.label());
    let first = words.next().unwrap_or("None").to_owned();
    words.fold(first, |words, next| format!("{words}, {}", next.to_lowercase()))
}

#[component]
fn Newest(entries: Vec<Entry>, shown: Shown) -> impl IntoView {
    let has_more = entries.len() > NEWEST;
    let href = Part::History.of(shown.id());
    let aside = has_more.then(|| view! { <a class="link" href=href>"All of it"</a> }.into_any());
    let entries: Vec<Entry> = entries.into_iter().take(NEWEST).collect();
    view! {
        <Card title="What happened last" aside=aside.unwrap_or_else(|| ().into_any())>
            <History entries now=shown.now reader=Reader::Other sees_trail=shown.sees_trail />
        </Card>
    }
}
