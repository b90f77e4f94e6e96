//! The state of an account, and what can be done about it: suspending, restoring, unlocking, inviting again.

use super::{
    actions::{InviteAgain, RestorePerson, RevokeInvitation, SuspendPerson, UnlockPerson},
    person::Shown,
};
use crate::ui::{Button, ButtonLink, ButtonTone, Dialog, DialogActions, Icon, Notice, Tone};
use domain::person::PersonStatus;
use leptos::{prelude::*, server_fn::ServerFn};

const SUSPEND: &str = "suspend";
const TAKE_BACK: &str = "take-back-invitation";

/// The buttons in the head of the page.
#[component]
pub(super) fn Actions(shown: Shown) -> impl IntoView {
    if !shown.may_change {
        return ().into_any();
    }
    let id = shown.id();
    let is_suspended = shown.person.status == PersonStatus::Suspended;
    let may_suspend = !shown.is_oneself && !is_suspended;
    let restore = format!("Restore {}", shown.first_name());
    let restores = is_suspended.then(|| {
        view! {
            <form method="post" action=RestorePerson::PATH>
                <input type="hidden" name="person" value=id.to_string() />
                <Button tone=ButtonTone::Secondary icon=Icon::RotateCcw wraps=true>{restore}</Button>
            </form>
        }
    });
    let suspends = may_suspend.then(|| {
        view! { <Button tone=ButtonTone::Secondary icon=Icon::Ban opens_dialog=SUSPEND>"Suspend…"</Button> }
    });
    let dialog = may_suspend.then(|| view! { <SuspendDialog shown=shown.clone() /> });
    view! {
        <div class="flex flex-wrap items-center gap-2">
            {suspends}
            {restores}
            <ButtonLink href=format!("/people/{id}/edit") label="Edit" icon=Icon::Pencil />
        </div>
        {dialog}
    }
    .into_any()
}

/// All that happens to whoever is suspended, said before it does.
pub(super) fn what_suspending_does(name: &str) -> String {
    format!(
        "{name} is signed out at once in every browser and program, and cannot sign in. Tokens of theirs stop working, API keys open nothing until you restore the account, and remembered browsers are forgotten. A letter tells {name}, and another one when you restore the account. Nothing is removed: you can restore the account at any time."
    )
}

#[component]
fn SuspendDialog(shown: Shown) -> impl IntoView {
    let name = shown.first_name();
    let text = what_suspending_does(&name);
    view! {
        <Dialog id=SUSPEND title=format!("Suspend {name}?") text>
            <form class="grid gap-4" method="post" action=SuspendPerson::PATH>
                <input type="hidden" name="person" value=shown.id().to_string() />
                <AskedFirst shown=shown.clone() />
                <DialogActions>
                    <Button tone=ButtonTone::Secondary closes_dialog=SUSPEND>"Keep active"</Button>
                    <Button tone=ButtonTone::Danger wraps=true>{format!("Suspend {name}")}</Button>
                </DialogActions>
            </form>
        </Dialog>
    }
}

/// What comes between a press and what it does, where it is so.
#[component]
pub(super) fn AskedFirst(shown: Shown) -> impl IntoView {
    shown.is_asked_first.then(|| {
        view! { <p class="text-label text-ink-faint">"You will be asked to confirm that it is you, and come back here."</p> }
    })
}

/// What is unusual about the account, with the way out of it; nothing where all is as it should be.
#[component]
pub(super) fn Standing(shown: Shown) -> impl IntoView {
    let name = shown.first_name();
    let may = shown.may_change;
    match shown.person.status {
        PersonStatus::Active => ().into_any(),
        PersonStatus::Suspended => view! {
            <Notice tone=Tone::Bad icon=Icon::Ban title="Suspended">
                {format!("{name} cannot sign in, is signed out everywhere, and API keys of theirs open nothing. Nothing was removed.")}
            </Notice>
        }
        .into_any(),
        PersonStatus::Locked => {
            let action = either(may, || post(UnlockPerson::PATH, &shown, &format!("Unlock {name}")));
            view! {
                <Notice tone=Tone::Bad icon=Icon::Lock title="Locked" action>
                    "Too many wrong passwords. The lock opens by itself after a while; where they are signed in already, they stay signed in."
                </Notice>
            }
            .into_any()
        }
        PersonStatus::Invited => {
            let action = either(may, || view! { <InvitationActions shown=shown.clone() /> }.into_any());
            view! {
                <Notice tone=Tone::Info icon=Icon::Mail title="Invited" action>
                    {format!("{name} has not accepted the invitation yet. The link in the letter works once, and for a while.")}
                </Notice>
            }
            .into_any()
        }
        PersonStatus::Unverified => view! {
            <Notice tone=Tone::Warn icon=Icon::Clock title="Unverified">
                {format!("{name} has registered and not yet opened the link in the letter. Signing in sends a new one.")}
            </Notice>
        }
        .into_any(),
    }
}

/// The view, where it is meant to be there.
fn either(is_there: bool, view: impl FnOnce() -> AnyView) -> AnyView {
    if is_there { view() } else { ().into_any() }
}

fn post(action: &'static str, shown: &Shown, label: &str) -> AnyView {
    let (id, label) = (shown.id().to_string(), label.to_owned());
    view! {
        <form method="post" action=action>
            <input type="hidden" name="person" value=id />
            <Button tone=ButtonTone::Secondary wraps=true>{label}</Button>
        </form>
    }
    .into_any()
}

#[component]
fn InvitationActions(shown: Shown) -> impl IntoView {
    let name = shown.first_name();
    let again = post(InviteAgain::PATH, &shown, "Send again");
    view! {
        <div class="flex flex-wrap gap-2">
            {again}
            <Button tone=ButtonTone::Quiet opens_dialog=TAKE_BACK>"Take back…"</Button>
        </div>
        <Dialog
            id=TAKE_BACK
            title=format!("Take back the invitation of {name}?")
            text="The link in the letter stops working, and the account that nobody has taken goes with it. This cannot be undone; you can invite them again."
        >
            <form class="grid gap-4" method="post" action=RevokeInvitation::PATH>
                <input type="hidden" name="person" value=shown.id().to_string() />
                <AskedFirst shown=shown.clone() />
                <DialogActions>
                    <Button tone=ButtonTone::Secondary closes_dialog=TAKE_BACK>"Keep it"</Button>
                    <Button tone=ButtonTone::Danger>"Take it back"</Button>
                </DialogActions>
            </form>
        </Dialog>
    }
}
