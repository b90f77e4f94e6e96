//! `/people/{id}/erase`: what goes and what stays, and the question. It is sent by a plain form, with the username typed by hand.

use super::actions::ErasePerson;
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    page::draw,
    people::read_id,
    ui::{Button, ButtonLink, ButtonTone, Crumb, Icon, Notice, TextField, Tone},
};
use domain::{PersonId, person::PersonStatus};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;
use server::{people::Person, privacy};

/// `/people/{id}/erase`
#[component]
pub fn ErasePage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    draw(async move |visit| {
        let actor = visit.actor()?;
        let id = read_id(&id)?;
        actor.permit::<privacy::ErasePerson>(id)?;
        let person = visit.backend.people.find(&actor.sees_person()?, id).await?;
        let may_change = visit.backend.people.may_change(actor, id).await?;
        let is_oneself = actor.id() == id;
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        let crumbs = vec![
            Crumb::new("People", "/people"),
            Crumb::new(person.full_name.to_string(), format!("/people/{id}")),
        ];
        let title = format!("Erase {}", person.full_name.first_name());
        let why_not = why_not(&person, may_change, is_oneself);
        let content = match why_not {
            Some((title, words)) => view! { <Refused id title words flash /> }.into_any(),
            None => view! { <Question person flash /> }.into_any(),
        };
        Ok(view! {
            <Framed around place="/people" title crumbs count=None>
                <div class="mx-auto grid max-w-[44rem] grid-cols-[minmax(0,1fr)] gap-5">{content}</div>
            </Framed>
        })
    })
}

/// Why they cannot be erased now, where it is so.
fn why_not(person: &Person, may_change: bool, is_oneself: bool) -> Option<(&'static str, String)> {
    let name = person.full_name.first_name();
    if is_oneself {
        Some(("This is you", "Somebody else who looks after accounts can erase your account.".into()))
    } else if !may_change {
        Some(("This account has more power than yours", server::people::ACCOUNT_ABOVE.into()))
    } else if person.status != PersonStatus::Suspended {
        Some((
            "Not suspended",
            format!(
                "Only somebody who is suspended can be erased. Suspend {name} first, and see whether anything is missed."
            ),
        ))
    } else {
        None
    }
}

#[component]
fn Refused(id: PersonId, title: &'static str, words: String, flash: Flash) -> impl IntoView {
    view! {
        {flash.summary()}
        <Notice tone=Tone::Warn icon=Icon::Lock title>{words}</Notice>
        <div><ButtonLink href=format!("/people/{id}") label="Back to the account" tone=ButtonTone::Secondary /></div>
    }
}

#[component]
fn Question(person: Person, flash: Flash) -> impl IntoView {
    let (name, username) = (person.full_name.first_name().to_owned(), person.username.to_string());
    let summary = flash.summary();
    let error = flash.errors.of("username").map(str::to_owned);
    let hint = format!("Their username is {username}.");
    view! {
        {summary}
        <Notice tone=Tone::Bad icon=Icon::TriangleAlert title="This cannot be undone">
            {format!("Nobody can bring {name} back, and nothing of what goes can be looked up later. Download the data first if it may be needed.")}
        </Notice>
        <div class="grid gap-3 text-ink-soft">
            <p>
                <span class="font-medium text-ink">"What goes: "</span>
                "the account, sessions, devices, keys, second factors, connected providers, settings, notes about them, and letters to them."
            </p>
            <p>
                <span class="font-medium text-ink">"What stays: "</span>
                "that something was done, when, and by the id of whom, without names, addresses and devices. Only what they did to others stays told as it is, with the address it was done from. The trail can still be proven."
            </p>
            <p>"Their username and their address are free again. Backups keep what they have until they are over."</p>
        </div>
        <form class="grid gap-5" method="post" action=ErasePerson::PATH novalidate>
            <input type="hidden" name="person" value=person.id.to_string() />
            <input type="hidden" name="version" value=person.version.to_string() />
            <div class="max-w-96">
                <TextField label=format!("Type the username of {name}") name="username" hint error autocomplete="off" required=true />
            </div>
            <div class="flex flex-wrap items-center gap-2">
                <Button tone=ButtonTone::Danger wraps=true>{format!("Erase {name} for good")}</Button>
                <ButtonLink href=format!("/people/{}", person.id) label="Keep the account" tone=ButtonTone::Quiet />
            </div>
        </form>
    }
}
