//! `/account/sessions`: where one is signed in, and ending it.

use super::{
    actions::{EndOtherSessions, EndSession, SignOutEverywhere},
    sections::{AccountSection, Section as AccountPart},
};
use crate::{
    frame::Surroundings,
    page::draw,
    people::when,
    ui::{Badge, Button, ButtonSize, ButtonTone, Card, Dialog, DialogActions, Glyph, Icon, Section, Tone},
};
use domain::{PersonId, SessionId, Timestamp, device::DeviceKind};
use leptos::{prelude::*, server_fn::ServerFn};
use server::identity::sessions::OpenSession;

const DIALOG: &str = "sign-out-everywhere";

/// `/account/sessions`
#[component]
pub fn SessionsPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?;
        let present = actor.session();
        let sessions = visit.backend.identity.open_sessions(actor).await?;
        let now = visit.backend.ground.clock.now();
        let around = Surroundings::of(&visit).await?;
        let others = sessions.iter().filter(|session| session.id != present).count();
        let (mine, elsewhere): (Vec<_>, Vec<_>) =
            sessions.into_iter().partition(|session| session.id == present);
        let rows = mine
            .into_iter()
            .chain(elsewhere)
            .map(|session| view! { <SessionRow session present now ends=Some(Ends::own()) /> })
            .collect_view();
        Ok(view! {
            <AccountSection around section=AccountPart::Sessions>
                <div class="divide-y divide-line">
                    <Section
                        id="open-sessions"
                        title="Where you are signed in"
                        text="Browsers, and programs that signed in with your password. Ending one acts at once."
                    >
                        <Card flush=true>
                            <ul class="divide-y divide-line">{rows}</ul>
                        </Card>
                    </Section>
                    <EndMany others />
                </div>
            </AccountSection>
        })
    })
}

/// The form that ends a session.
#[derive(Clone, Debug)]
pub struct Ends {
    pub action: &'static str,
    /// Whose it is, where it is not one's own.
    pub person: Option<PersonId>,
}

impl Ends {
    const fn own() -> Self {
        Self { action: EndSession::PATH, person: None }
    }
}

/// An open session; without `ends` it is only shown.
#[component]
pub(crate) fn SessionRow(
    session: OpenSession,
    present: SessionId,
    now: Timestamp,
    ends: Option<Ends>,
) -> impl IntoView {
    let device = session.device();
    let is_present = session.id == present;
    let icon = match device.kind {
        DeviceKind::Computer => Icon::Monitor,
        DeviceKind::Phone => Icon::Smartphone,
        DeviceKind::Program => Icon::Server,
        DeviceKind::Unknown => Icon::Globe,
    };
    let kind = if session.is_browser() { "Browser" } else { "API" };
    let place = if session.ip.is_empty() { "an unknown address".to_owned() } else { session.ip.clone() };
    let spoken = format!(" the session on {}", device.name);
    view! {
        <li class="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
            <span class="mt-0.5 text-ink-faint"><Glyph icon size=18 /></span>
            <div class="grid min-w-0 flex-1 basis-48 gap-0.5">
                <p class="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
                    <span class="min-w-0 wrap-anywhere">{device.name.clone()}</span>
                    {is_present.then(|| view! { <Badge label="This device" tone=Tone::Good /> })}
                </p>
                <p class="text-label text-ink-soft">
                    {kind} ", as " {session.role_name} ", from " <span class="font-mono wrap-anywhere">{place}</span>
                </p>
                <p class="text-label text-ink-faint">
                    "Signed in " {when(Some(session.created_at), now)} ", last seen " {when(Some(session.last_seen_at), now)}
                </p>
            </div>
            {ends
                .filter(|_| !is_present)
                .map(|ends| {
                    let person = ends.person.map(|id| view! { <input type="hidden" name="person" value=id.to_string() /> });
                    view! {
                        <form method="post" action=ends.action>
                            {person}
                            <input type="hidden" name="session" value=session.id.to_string() />
                            <Button tone=ButtonTone::Secondary size=ButtonSize::Small>
                                "End"<span class="sr-only">{spoken}</span>
                            </Button>
                        </form>
                    }
                })}
        </li>
    }
}

/// Ending all but this one, or all of them.
#[component]
fn EndMany(others: usize) -> impl IntoView {
    let words = match others {
        0 => "You are signed in here alone.".to_owned(),
        1 => "You are signed in at one other place.".to_owned(),
        others => format!("You are signed in at {others} other places."),
    };
    view! {
        <Section
            id="end-sessions"
            title="Sign out elsewhere"
            text="If you see a place that you do not know, sign out there and change your password."
        >
            <div class="grid justify-items-start gap-3">
                <p class="text-ink-soft">{words}</p>
                <div class="flex flex-wrap gap-2">
                    {(others > 0)
                        .then(|| {
                            view! {
                                <form method="post" action=EndOtherSessions::PATH>
                                    <Button tone=ButtonTone::Secondary>"End all other sessions"</Button>
                                </form>
                            }
                        })}
                    <Button tone=ButtonTone::Quiet opens_dialog=DIALOG>"Sign out everywhere…"</Button>
                </div>
            </div>
            <Dialog
                id=DIALOG
                title="Sign out everywhere?"
                text="Every browser and every program is signed out at once, this one too. API keys go on working until you revoke them under API keys."
            >
                <form method="post" action=SignOutEverywhere::PATH>
                    <DialogActions>
                        <Button tone=ButtonTone::Secondary closes_dialog=DIALOG>"Stay signed in"</Button>
                        <Button tone=ButtonTone::Danger>"Sign out everywhere"</Button>
                    </DialogActions>
                </form>
            </Dialog>
        </Section>
    }
}
