//! `/people/{id}/signing-in`: how somebody gets in: where they are signed in, their second factors, their keys, and how they came
//! in lately. All of it can be ended from here.

use super::{
    access_actions::{EndSessionOf, EndSessionsOf, RequireSecondFactor, ResetSecondFactors, RevokeApiKeyOf},
    history::SignIns,
    overview::in_words,
    person::{Part, PersonFrame, Shown, named_in_address, read_id},
    standing::AskedFirst,
};
use crate::{
    account::{
        api_keys::KeyRow,
        sessions::{Ends, SessionRow},
    },
    frame::Surroundings,
    page::draw,
    ui::{Button, ButtonTone, Card, Dialog, DialogActions, EmptyState, Icon, Section},
};
use domain::{SessionId, second_factor::Method};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{api_keys::ApiKey, identity::sessions::OpenSession};

const END_ALL: &str = "end-all-sessions";
const RESET: &str = "reset-second-factors";

/// `/people/{id}/signing-in`
#[component]
pub fn SigningInPage() -> impl IntoView {
    let id = named_in_address();
    draw(async move |visit| {
        let actor = visit.actor()?;
        let visible = actor.sees_people()?;
        let id = read_id(&id)?;
        let shown = Shown::of(&visit, &visible, id).await?;
        let sessions = visit.backend.identity.sessions_of(&visible, id).await?;
        let keys = visit.backend.api_keys.of_person(&visible, id).await?;
        let factors = visit.backend.second_factors.factors_of(&visible, id).await?;
        let sign_ins = visit.backend.people.sign_ins(&visible, id).await?;
        let (present, now) = (actor.session(), shown.now);
        let around = Surroundings::of(&visit).await?;
        Ok(view! {
            <PersonFrame around shown=shown.clone() part=Part::SigningIn>
                <div class="divide-y divide-line">
                    <Sessions sessions present shown=shown.clone() />
                    <Factors factors shown=shown.clone() />
                    <Keys keys shown=shown />
                    <Section id="sign-ins" title="Recent sign-ins" text="The newest, and those that were refused.">
                        {if sign_ins.is_empty() {
                            view! { <EmptyState icon=Icon::LogIn title="No sign-ins yet" text="Nobody has tried to sign in to this account." /> }.into_any()
                        } else {
                            view! { <Card flush=true><SignIns entries=sign_ins now /></Card> }.into_any()
                        }}
                    </Section>
                </div>
            </PersonFrame>
        })
    })
}

#[component]
fn Sessions(sessions: Vec<OpenSession>, present: SessionId, shown: Shown) -> impl IntoView {
    let ends = shown.may_change.then(|| Ends { action: EndSessionOf::PATH, person: Some(shown.id()) });
    let may_end_all = shown.may_change && !sessions.is_empty();
    let (now, name) = (shown.now, shown.first_name());
    let rows = sessions
        .into_iter()
        .map(|session| view! { <SessionRow session present now ends=ends.clone() /> })
        .collect::<Vec<_>>();
    let list = if rows.is_empty() {
        let text = format!("{name} is signed in nowhere.");
        view! { <EmptyState icon=Icon::Monitor title="No open sessions" text /> }.into_any()
    } else {
        view! { <Card flush=true><ul class="divide-y divide-line">{rows}</ul></Card> }.into_any()
    };
    view! {
        <Section id="sessions" title="Sessions" text="Browsers, and programs that signed in with the password. Ending one acts at once.">
            <div class="grid gap-3">
                {list}
                {may_end_all.then(|| view! { <EndAll shown /> })}
            </div>
        </Section>
    }
}

#[component]
fn EndAll(shown: Shown) -> impl IntoView {
    let name = shown.first_name();
    let text = format!(
        "Every browser and every program of {name} is signed out at once. They can sign in again; API keys go on working."
    );
    view! {
        <div>
            <Button tone=ButtonTone::Secondary opens_dialog=END_ALL>"End all sessions…"</Button>
        </div>
        <Dialog id=END_ALL title=format!("Sign {name} out everywhere?") text>
            <form class="grid gap-4" method="post" action=EndSessionsOf::PATH>
                <input type="hidden" name="person" value=shown.id().to_string() />
                <AskedFirst shown=shown.clone() />
                <DialogActions>
                    <Button tone=ButtonTone::Secondary closes_dialog=END_ALL>"Keep them"</Button>
                    <Button tone=ButtonTone::Danger>"End all sessions"</Button>
                </DialogActions>
            </form>
        </Dialog>
    }
}

#[component]
fn Factors(factors: Vec<Method>, shown: Shown) -> impl IntoView {
    let name = shown.first_name();
    let has_some = !factors.is_empty();
    let words =
        if has_some { in_words(&factors) } else { format!("{name} signs in with the password alone.") };
    let required = shown.person.must_have_second_factor;
    let required_words = if required {
        format!("{name} has to have one: without it, the next sign-in begins with setting one up.")
    } else {
        format!("{name} need not have one, unless one of their roles asks for it.")
    };
    let text = format!(
        "Until {name} sets one up again, the password alone is enough. They are signed out everywhere and told by letter. Make sure that it is really {name} who asks for this."
    );
    view! {
        <Section id="second-factors" title="Second factors" text="What is asked for after the password.">
            <div class="grid justify-items-start gap-3">
                <p>{words}</p>
                <p class="text-ink-soft">{required_words}</p>
                {shown.may_change.then(|| view! {
                    <form method="post" action=RequireSecondFactor::PATH>
                        <input type="hidden" name="person" value=shown.id().to_string() />
                        <input type="hidden" name="required" value=(!required).to_string() />
                        <Button tone=ButtonTone::Secondary>{if required { "No longer require one" } else { "Require one" }}</Button>
                    </form>
                })}
                {(has_some && shown.may_change).then(|| view! {
                    <Button tone=ButtonTone::Secondary opens_dialog=RESET>"Reset second factors…"</Button>
                    <Dialog id=RESET title=format!("Remove every second factor of {name}?") text>
                        <form class="grid gap-4" method="post" action=ResetSecondFactors::PATH>
                            <input type="hidden" name="person" value=shown.id().to_string() />
                            <AskedFirst shown=shown.clone() />
                            <DialogActions>
                                <Button tone=ButtonTone::Secondary closes_dialog=RESET>"Keep them"</Button>
                                <Button tone=ButtonTone::Danger>"Remove them all"</Button>
                            </DialogActions>
                        </form>
                    </Dialog>
                })}
            </div>
        </Section>
    }
}

#[component]
fn Keys(keys: Vec<ApiKey>, shown: Shown) -> impl IntoView {
    let (now, may_revoke) = (shown.now, shown.may_change);
    let of = Some((shown.id(), RevokeApiKeyOf::PATH));
    let rows =
        keys.into_iter().map(|key| view! { <KeyRow held=key now of may_revoke /> }).collect::<Vec<_>>();
    let list = if rows.is_empty() {
        let text = format!("No program acts for {}.", shown.first_name());
        view! { <EmptyState icon=Icon::KeyRound title="No API keys" text /> }.into_any()
    } else {
        view! { <Card flush=true><ul class="divide-y divide-line">{rows}</ul></Card> }.into_any()
    };
    view! {
        <Section id="api-keys" title="API keys" text="Keys by which programs act in their name.">
            {list}
        </Section>
    }
}
