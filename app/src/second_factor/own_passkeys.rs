//! One's own passkeys, on the page of second factors: which there are, and adding, renaming and removing them.

use super::{
    passkey_actions::{AddPasskey, RemovePasskey, RenamePasskey},
    passkeys::PasskeyForm,
};
use crate::{
    flash::Flash,
    people::when,
    ui::{Badge, Button, ButtonTone, Fold, Icon, Section, TextField, Tone},
};
use domain::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use server::second_factor::{Overview, OwnPasskey};

const ABOUT: &str = "A key that your phone, computer or security key keeps, unlocked by your fingerprint, face or PIN. \
                     Nobody can trick it out of you, and it signs you in without a password: the best choice for most.";

#[component]
pub fn PasskeysPart(overview: Overview, flash: Flash, next: String, now: Timestamp) -> impl IntoView {
    let Overview { passkeys, offers_passkeys, .. } = overview;
    if passkeys.is_empty() && !offers_passkeys {
        return ().into_any();
    }
    let is_first = passkeys.is_empty();
    let add = offers_passkeys.then(|| view! { <Add is_first flash=flash.clone() next /> });
    let list = if is_first {
        view! { <p><Badge label="Off" /></p> }.into_any()
    } else {
        let rows = passkeys
            .into_iter()
            .map(|passkey| view! { <Item passkey flash=flash.clone() now /> })
            .collect_view();
        view! { <ul class="w-full divide-y divide-line">{rows}</ul> }.into_any()
    };
    view! {
        <Section id="passkeys" title="Passkeys" text=ABOUT>
            <div class="grid justify-items-start gap-4">{list} {add}</div>
        </Section>
    }
    .into_any()
}

#[component]
fn Add(is_first: bool, flash: Flash, next: String) -> impl IntoView {
    let error = flash.errors.of("passkey_name").map(str::to_owned);
    let value = flash.value("passkey_name");
    let tone = if is_first { ButtonTone::Primary } else { ButtonTone::Secondary };
    let name = view! {
        <input type="hidden" name="next" value=next />
        <TextField label="Name" name="name" id="passkey_name" value error hint="To tell it from others, such as Laptop or Blue key." autocomplete="off" required=true />
    };
    view! {
        <div class="w-full max-w-80">
            <PasskeyForm action=AddPasskey::PATH occasion="add" field="answer" before=name.into_any() otherwise="Another second factor will do.">
                <Button tone icon=Icon::Fingerprint class="justify-self-start">
                    {if is_first { "Set up a passkey" } else { "Add another passkey" }}
                </Button>
            </PasskeyForm>
        </div>
    }
}

#[component]
fn Item(passkey: OwnPasskey, flash: Flash, now: Timestamp) -> impl IntoView {
    let OwnPasskey { id, name, created_at, last_used_at } = passkey;
    let (id, field) = (id.to_string(), format!("rename-{id}"));
    let error = flash.errors.of(&field).map(str::to_owned);
    let is_open = error.is_some();
    let used = match last_used_at {
        Some(at) => view! { "last used " {when(Some(at), now)} }.into_any(),
        None => "not used yet".into_any(),
    };
    view! {
        <li class="grid gap-1 py-3 first:pt-0">
            <p class="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span class="min-w-0 font-medium break-words">{name.clone()}</span>
                <Badge label="On" tone=Tone::Good />
            </p>
            <p class="text-label text-ink-faint">"Added " {when(Some(created_at), now)} ", " {used}</p>
            <Fold summary="Rename or remove…" open=is_open>
                <div class="grid justify-items-start gap-4 pb-2">
                    <form class="grid w-full max-w-80 gap-3" method="post" action=RenamePasskey::PATH novalidate>
                        <input type="hidden" name="passkey" value=id.clone() />
                        <TextField label="New name" name="name" id=field value=name error autocomplete="off" required=true />
                        <Button tone=ButtonTone::Secondary class="justify-self-start">"Rename it"</Button>
                    </form>
                    <form class="grid justify-items-start gap-3" method="post" action=RemovePasskey::PATH>
                        <input type="hidden" name="passkey" value=id />
                        <p class="text-ink-soft">"It will no longer sign you in. Delete it on the device, too: Countersign cannot."</p>
                        <Button tone=ButtonTone::Danger>"Remove it"</Button>
                    </form>
                </div>
            </Fold>
        </li>
    }
}
