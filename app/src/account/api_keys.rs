//! `/account/api-keys`: keys for programs that act in one's name.

use super::{
    actions::{MakeApiKey, NEW_KEY, RevokeApiKey},
    sections::{AccountSection, Section as AccountPart},
};
use crate::{
    flash::Flash,
    frame::Surroundings,
    moments,
    page::draw,
    people::when,
    ui::{
        Badge, Button, ButtonSize, ButtonTone, Card, Checkbox, Choice, CopyButton, Dialog, DialogActions,
        EmptyState, FieldError, Icon, Notice, Section, Select, TextField, Tone,
    },
};
use domain::{Permission, Permissions, PersonId, Timestamp, api_key::PREFIX};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{Actor, api_keys::ApiKey, config::Api};

/// How long a key may last, where the rules allow it.
const CHOICES: [u32; 6] = [7, 30, 60, 90, 180, 365];
const TEXT: &str = "A key lets a program act in your name without your password. It can do no more than you choose here, and never more than your role may.";

/// `/account/api-keys`
#[component]
pub fn ApiKeysPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?.clone();
        let keys = visit.backend.api_keys.of(&actor).await?;
        let now = visit.backend.ground.clock.now();
        let rules = visit.backend.config.api.clone();
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        let made = flash.values.get(NEW_KEY).and_then(|sealed| visit.backend.api_keys.unwrap(&actor, sealed));
        let made = made.map(|secret| view! { <NewKey secret=secret.reveal().to_owned() /> });
        Ok(view! {
            <AccountSection around section=AccountPart::ApiKeys>
                {made}
                <div class="divide-y divide-line">
                    <Section id="keys" title="Your keys" text="A key that you no longer need is best revoked.">
                        <Keys keys now />
                    </Section>
                    <Section id="new-key" title="Make a key" text=TEXT>
                        <NewKeyForm flash actor rules />
                    </Section>
                </div>
            </AccountSection>
        })
    })
}

/// The key, this once.
#[component]
fn NewKey(secret: String) -> impl IntoView {
    let value = secret.clone();
    view! {
        <div class="pb-7">
            <Notice tone=Tone::Good icon=Icon::KeyRound title="Your new key">
                <p>"Copy it now and keep it as you would a password: it is not shown again."</p>
                <p class="mt-2 flex items-center gap-2">
                    <code class="min-w-0 rounded-control border border-line bg-sheet px-2 py-1 font-mono text-label break-all text-ink select-all" data-new-key="">
                        {secret}
                    </code>
                    <CopyButton value label="Copy the key" />
                </p>
            </Notice>
        </div>
    }
}

#[component]
fn Keys(keys: Vec<ApiKey>, now: Timestamp) -> impl IntoView {
    if keys.is_empty() {
        return view! {
            <EmptyState icon=Icon::KeyRound title="No keys yet" text="Make one for a program that should act in your name." />
        }
        .into_any();
    }
    let rows =
        keys.into_iter().map(|key| view! { <KeyRow held=key now of=None may_revoke=true /> }).collect_view();
    view! {
        <Card flush=true>
            <ul class="divide-y divide-line">{rows}</ul>
        </Card>
    }
    .into_any()
}

/// A key, and the form that revokes it.
#[component]
pub(crate) fn KeyRow(
    held: ApiKey,
    now: Timestamp,
    /// Whose it is, where it is not one's own, and the form that revokes it then.
    of: Option<(PersonId, &'static str)>,
    may_revoke: bool,
) -> impl IntoView {
    let key = held;
    let name = key.name.to_string();
    let (person, action) = of.unzip();
    let action = action.unwrap_or(RevokeApiKey::PATH);
    let person = person.map(|id| view! { <input type="hidden" name="person" value=id.to_string() /> });
    let scopes = in_one_sentence(key.scopes());
    let (dialog, question, spoken) =
        (format!("revoke-{}", key.id), format!("Revoke “{name}”?"), format!(" {name}"));
    let expiry = match key.expires_at {
        None => "never expires".to_owned(),
        Some(at) if key.is_expired(now) => format!("expired on {}", moments::day(at)),
        Some(at) => format!("expires on {}", moments::day(at)),
    };
    let state = if key.is_expired(now) {
        Some(view! { <Badge label="Expired" tone=Tone::Bad /> }.into_any())
    } else if !key.has_role {
        let label = if of.is_some() { "They lost its role" } else { "You lost its role" };
        Some(view! { <Badge label tone=Tone::Warn /> }.into_any())
    } else {
        None
    };
    let used = match key.last_used_at {
        None => view! { "not used yet" }.into_any(),
        Some(at) => {
            let from = key
                .last_used_ip
                .clone()
                .map(|ip| view! { " from " <span class="font-mono wrap-anywhere">{ip}</span> });
            view! { "last used " {when(Some(at), now)} {from} }.into_any()
        }
    };
    view! {
        <li class="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
            <div class="grid min-w-0 flex-1 basis-48 gap-0.5">
                <p class="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
                    <span class="min-w-0 wrap-anywhere">{name}</span>
                    <span class="font-mono text-label font-normal text-ink-soft">{format!("{PREFIX}…{}", key.ending)}</span>
                    {state}
                </p>
                <p class="text-label text-ink-soft">{format!("As {}: {scopes}", key.role_name)}</p>
                <p class="text-label text-ink-faint">
                    "Made " {when(Some(key.created_at), now)} ", " {used} ", " {expiry}
                </p>
            </div>
            {may_revoke.then(|| {
                view! {
                    <Button tone=ButtonTone::Secondary size=ButtonSize::Small opens_dialog=dialog.clone()>
                        "Revoke…"<span class="sr-only">{spoken}</span>
                    </Button>
                    <Dialog
                        id=dialog.clone()
                        title=question
                        text="Programs that use this key are refused from now on. This cannot be undone."
                    >
                        <form method="post" action=action>
                            {person}
                            <input type="hidden" name="key" value=key.id.to_string() />
                            <DialogActions>
                                <Button tone=ButtonTone::Secondary closes_dialog=dialog>"Keep it"</Button>
                                <Button tone=ButtonTone::Danger>"Revoke the key"</Button>
                            </DialogActions>
                        </form>
                    </Dialog>
                }
            })}
        </li>
    }
}

/// "See every account, read the audit trail".
fn in_one_sentence(scopes: Permissions) -> String {
    let words: Vec<&str> = scopes.iter().map(Permission::says).collect();
    let later = words.iter().skip(1).map(|words| format!(", {}", words.to_lowercase()));
    words.first().map(|first| (*first).to_owned()).into_iter().chain(later).collect()
}

#[component]
fn NewKeyForm(flash: Flash, actor: Actor, rules: Api) -> impl IntoView {
    let summary = flash.summary();
    let [name_error, scopes_error, days_error] =
        ["name", "scopes", "expires_in_days"].map(|field| flash.errors.of(field).map(str::to_owned));
    let name = flash.value("name");
    let chosen = flash.value("scopes");
    let usual = rules.key_days.to_string();
    let days = flash.values.get("expires_in_days").cloned().unwrap_or(usual);
    let scopes = Permission::ALL
        .iter()
        .filter(|permission| actor.has(**permission))
        .map(|permission| {
            let code = permission.code();
            let checked = chosen.split(',').any(|one| one == code);
            view! {
                <Checkbox label=permission.says() name="scopes[]" value=code id=format!("scope-{code}") hint=code checked />
            }
        })
        .collect_view();
    let described = scopes_error.is_some().then_some("scopes-error");
    let is_asked_first = actor.standing().due().is_some();
    view! {
        <form class="grid gap-5" method="post" action=MakeApiKey::PATH novalidate>
            {summary}
            <div class="max-w-96">
                <TextField label="Name" name="name" value=name error=name_error hint="What the key is for: “Nightly export”." autocomplete="off" required=true />
            </div>
            <fieldset class="grid gap-2.5" id="scopes" tabindex="-1" aria-describedby=described>
                <legend class="mb-1.5 text-label font-medium">{format!("What it may do, as {}", actor.role_name())}</legend>
                <div class="grid gap-x-6 gap-y-2.5 sm:grid-cols-2">{scopes}</div>
                {scopes_error.map(|words| view! { <FieldError id="scopes-error".to_owned() message=words /> })}
            </fieldset>
            <div class="max-w-60">
                <Select label="Expires" name="expires_in_days" choices=choices(&rules) selected=days error=days_error />
            </div>
            <div class="flex flex-wrap items-center gap-x-3 gap-y-1.5">
                <Button>"Make the key"</Button>
                {is_asked_first.then(|| view! { <p class="text-label text-ink-faint">"You will be asked to confirm that it is you."</p> })}
            </div>
        </form>
    }
}

/// The times that the rules allow, the usual one among them.
fn choices(rules: &Api) -> Vec<Choice> {
    let mut days: Vec<u32> = CHOICES.into_iter().chain([rules.key_days]).collect();
    days.retain(|days| rules.allows_lasting_keys() || *days <= rules.longest_key_days);
    days.sort_unstable();
    days.dedup();
    let after = |days: u32| match days {
        365 => "After a year".to_owned(),
        1 => "After a day".to_owned(),
        days => format!("After {days} days"),
    };
    let mut choices: Vec<Choice> =
        days.into_iter().map(|days| Choice::new(days.to_string(), after(days))).collect();
    if rules.allows_lasting_keys() {
        choices.push(Choice::new("0", "Never"));
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(key_days: u32, longest_key_days: u32) -> Vec<String> {
        let rules = Api { key_days, longest_key_days, ..Api::default() };
        choices(&rules).into_iter().map(|choice| choice.value).collect()
    }

    #[test]
    fn t6_only_times_that_are_allowed_are_offered() {
        assert_eq!(values(90, 365), ["7", "30", "60", "90", "180", "365"]);
        assert_eq!(values(14, 30), ["7", "14", "30"]);
        assert_eq!(values(90, 0), ["7", "30", "60", "90", "180", "365", "0"]);
    }
}
