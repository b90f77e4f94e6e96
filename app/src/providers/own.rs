//! The providers that one's own account is connected to, beside the password, and parting from them.

use super::actions::PartProvider;
use crate::{
    people::when,
    ui::{Button, ButtonSize, ButtonTone, Card, Dialog, DialogActions, Glyph, Icon, Section},
};
use domain::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use server::providers::Link;

const TEXT: &str = "Accounts elsewhere that sign you in here without your password.";

/// A connection, with what its provider is called.
pub struct Connection {
    pub name: String,
    pub link: Link,
}

/// Each provider the account is connected to; nothing where there is none.
#[component]
pub fn Connections(
    connections: Vec<Connection>,
    /// Without a password the account keeps its providers.
    has_password: bool,
    now: Timestamp,
) -> impl IntoView {
    (!connections.is_empty()).then(|| {
        let rows = connections
            .into_iter()
            .enumerate()
            .map(|(number, connection)| view! { <Row number connection has_password now /> })
            .collect_view();
        view! {
            <Section id="providers" title="Other ways to sign in" text=TEXT>
                <Card flush=true>
                    <ul class="divide-y divide-line">{rows}</ul>
                </Card>
            </Section>
        }
    })
}

#[component]
fn Row(number: usize, connection: Connection, has_password: bool, now: Timestamp) -> impl IntoView {
    let Connection { name, link } = connection;
    let dialog = format!("part-{number}");
    let part = if has_password {
        view! { <Part dialog name=name.clone() issuer=link.issuer /> }.into_any()
    } else {
        view! { <p class="text-label text-ink-soft">"Choose a password first: this is your way in."</p> }
            .into_any()
    };
    view! {
        <li class="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
            <span class="mt-0.5 text-ink-faint"><Glyph icon=Icon::Globe size=18 /></span>
            <div class="grid min-w-0 flex-1 basis-48 gap-0.5">
                <p class="font-medium wrap-anywhere">{name}</p>
                <p class="text-label text-ink-faint">
                    "Connected " {when(Some(link.linked_at), now)} ", last used " {when(Some(link.last_used_at), now)}
                </p>
            </div>
            {part}
        </li>
    }
}

#[component]
fn Part(dialog: String, name: String, issuer: String) -> impl IntoView {
    let spoken = format!(" {name}");
    let question = format!("Disconnect {name}?");
    let text = format!(
        "{name} no longer signs you in here, and you get a letter about it. Whoever signs in there with your e-mail address \
         connects it anew."
    );
    view! {
        <Button tone=ButtonTone::Secondary size=ButtonSize::Small opens_dialog=dialog.clone()>
            "Disconnect…"<span class="sr-only">{spoken}</span>
        </Button>
        <Dialog id=dialog.clone() title=question text>
            <form method="post" action=PartProvider::PATH>
                <input type="hidden" name="issuer" value=issuer />
                <DialogActions>
                    <Button tone=ButtonTone::Secondary closes_dialog=dialog>"Keep it"</Button>
                    <Button tone=ButtonTone::Danger>"Disconnect"</Button>
                </DialogActions>
            </form>
        </Dialog>
    }
}
