//! `/people/{id}/edit`: changing somebody. Who was quicker is shown beside what was typed, and the editor decides; suspending is
//! asked for once more.

use super::{
    comparison::Comparison,
    edit_actions::UpdatePerson,
    fields::{EmailField, FullNameField, RoleFields, Typed},
    person::{Part, Shown, named_in_address, read_id},
    standing::what_suspending_does,
};
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    page::{Visit, draw},
    ui::{Button, ButtonLink, ButtonTone, Choice, Crumb, Fact, Facts, Icon, Notice, Select, Tone},
};
use domain::{PersonId, person::PersonStatus};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    Error, Result,
    people::{ACCOUNT_ABOVE, Person},
    permit,
    roles::Role,
};

/// Under these names the form that is shown again finds what has to be asked.
pub(super) const STALE: &str = "stale";
pub(super) const ASK_SUSPEND: &str = "ask_suspend";
/// What the form changes.
const FIELDS: [&str; 4] = ["full_name", "email", "roles", "status"];

/// `/people/{id}/edit`
#[component]
pub fn EditPersonPage() -> impl IntoView {
    let id = named_in_address();
    draw(async move |visit| {
        let actor = visit.actor()?;
        let id = read_id(&id)?;
        actor.permit::<permit::UpdatePerson>(id)?;
        let visible = actor.sees_person()?;
        let shown = Shown::of(&visit, &visible, id).await?;
        if !shown.may_change {
            return Err(Error::Forbidden(ACCOUNT_ABOVE));
        }
        let given = visit.backend.people.roles_to_give(actor).await?;
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        let crumbs = vec![
            Crumb::new("People", "/people"),
            Crumb::new(shown.person.full_name.to_string(), Part::Overview.of(id)),
        ];
        let form = if flash.values.contains_key(STALE) {
            let changed_by = changed_by(&visit, &visible, id).await?;
            view! { <Comparison flash shown changed_by /> }.into_any()
        } else if flash.values.contains_key(ASK_SUSPEND) {
            view! { <AskSuspend flash shown /> }.into_any()
        } else {
            view! { <EditForm flash shown given /> }.into_any()
        };
        Ok(view! {
            <Framed around place="/people" title="Edit" crumbs count=None>
                <div class="mx-auto max-w-[44rem]">{form}</div>
            </Framed>
        })
    })
}

/// Who changed last what the form changes too, where the trail names them.
pub(super) async fn changed_by(
    visit: &Visit,
    visible: &permit::Visible<permit::People>,
    id: PersonId,
) -> Result<Option<String>> {
    let history = visit.backend.people.history(visible, id).await?;
    let is_one = |field: &str| FIELDS.contains(&field);
    let change = history.into_iter().find(|entry| entry.changes().iter().any(|change| is_one(&change.field)));
    Ok(change.and_then(|entry| entry.actor_name).map(|name| name.to_string()))
}

/// What the account looked like when the form was opened: whatever comes between, what was changed since can be told from it.
pub struct AsItWas {
    person: String,
    version: String,
    full_name: String,
    email: String,
    roles: String,
    status: String,
}

impl AsItWas {
    pub fn now(person: &Person) -> Self {
        Self {
            person: person.id.to_string(),
            version: person.version.to_string(),
            full_name: person.full_name.to_string(),
            email: person.email.to_string(),
            roles: codes(person),
            status: choice_of(person.status).to_owned(),
        }
    }

    /// As it was when somebody began to type, where the form is shown again.
    fn when_begun(flash: &Flash, person: &Person) -> Self {
        if !flash.values.contains_key("version") {
            return Self::now(person);
        }
        Self {
            person: person.id.to_string(),
            version: flash.value("version"),
            full_name: flash.value("was_full_name"),
            email: flash.value("was_email"),
            roles: flash.value("was_roles"),
            status: flash.value("was_status"),
        }
    }
}

/// It goes along with the form.
#[component]
pub(super) fn Hidden(was: AsItWas) -> impl IntoView {
    view! {
        <input type="hidden" name="person" value=was.person />
        <input type="hidden" name="version" value=was.version />
        <input type="hidden" name="was_full_name" value=was.full_name />
        <input type="hidden" name="was_email" value=was.email />
        <input type="hidden" name="was_roles" value=was.roles />
        <input type="hidden" name="was_status" value=was.status />
    }
}

/// The roles of somebody as one line of codes.
pub(super) fn codes(person: &Person) -> String {
    person.roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// The status as the form offers it: a lock is none of its choices.
pub(super) const fn choice_of(status: PersonStatus) -> &'static str {
    match status {
        PersonStatus::Locked => PersonStatus::Active.code(),
        other => other.code(),
    }
}

#[component]
fn EditForm(flash: Flash, shown: Shown, given: Vec<Role>) -> impl IntoView {
    let summary = flash.summary();
    let person = shown.person.clone();
    let was = AsItWas::when_begun(&flash, &person);
    let typed = Typed::again(&flash).unwrap_or_else(|| Typed {
        full_name: person.full_name.to_string(),
        email: person.email.to_string(),
        roles: person.roles.iter().map(ToString::to_string).collect(),
    });
    let status = flash.values.get("status").cloned().unwrap_or_else(|| choice_of(person.status).to_owned());
    let back = Part::Overview.of(shown.id());
    let (username, email) = (person.username.to_string(), person.email.to_string());
    view! {
        <form class="grid max-w-[36rem] gap-5" method="post" action=UpdatePerson::PATH novalidate>
            {summary}
            <Hidden was />
            <Facts>
                <Fact name="Username"><span class="font-mono text-label">{username}</span>" stays as it is"</Fact>
            </Facts>
            <FullNameField value=typed.full_name flash=flash.clone() />
            <EmailField value=typed.email flash=flash.clone() own=email />
            <RoleFields roles=given chosen=typed.roles flash=flash.clone() />
            {(!shown.is_oneself).then(|| view! { <StatusField person status flash=flash.clone() /> })}
            <div class="flex flex-wrap gap-2">
                <Button>"Save the changes"</Button>
                <ButtonLink href=back label="Cancel" tone=ButtonTone::Quiet />
            </div>
        </form>
    }
}

/// Asks once more before it suspends somebody. What was typed goes along.
#[component]
fn AskSuspend(flash: Flash, shown: Shown) -> impl IntoView {
    let name = shown.first_name();
    let what = format!("{} What else you changed is saved with it.", what_suspending_does(&name));
    let was = AsItWas::when_begun(&flash, &shown.person);
    let typed = FIELDS.map(|field| view! { <input type="hidden" name=field value=flash.value(field) /> });
    let back = Part::Overview.of(shown.id());
    view! {
        <form class="grid max-w-[36rem] gap-5" method="post" action=UpdatePerson::PATH>
            <Hidden was />
            {typed}
            <input type="hidden" name="confirmed" value="true" />
            <Notice tone=Tone::Warn icon=Icon::Ban title=format!("Suspend {name}?")>
                {what}
            </Notice>
            <div class="flex flex-wrap gap-2">
                <Button tone=ButtonTone::Danger wraps=true>{format!("Save and suspend {name}")}</Button>
                <ButtonLink href=back label=format!("Keep {name} as they are") tone=ButtonTone::Quiet wraps=true />
            </div>
        </form>
    }
}

#[component]
fn StatusField(person: Person, status: String, flash: Flash) -> impl IntoView {
    let error = flash.errors.of("status").map(str::to_owned);
    // Whoever is invited or unverified becomes active by what they do themselves.
    let present = match person.status {
        PersonStatus::Suspended | PersonStatus::Locked => PersonStatus::Active,
        other => other,
    };
    let choices = [present, PersonStatus::Suspended].map(|status| Choice::new(status.code(), status.label()));
    view! { <Select label="Status" name="status" choices=choices.to_vec() selected=status error /> }
}
