//! `/account`: who one is here.

use super::{
    actions::UpdateProfile,
    email::Waiting,
    sections::{AccountSection, Section as AccountPart},
};
use crate::{
    flash::Flash,
    frame::Surroundings,
    page::draw,
    people::{role_names, when},
    ui::{Button, ButtonLink, ButtonTone, Fact, Facts, Section, TextField},
};
use domain::{Permission, Timestamp, person::EmailAddress};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{links::EmailChange, people::Person, roles::Role};

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?;
        let person = visit.backend.people.find(&actor.sees_person()?, actor.id()).await?;
        let may_change = actor.has(Permission::UsersUpdateOwn);
        let waiting = visit.backend.links.email_change(actor).await?;
        let roles = visit.backend.roles.all().await?;
        let now = visit.backend.ground.clock.now();
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        Ok(view! {
            <AccountSection around section=AccountPart::Profile>
                <div class="divide-y divide-line">
                    {may_change.then(|| view! { <NameForm flash person=person.clone() /> })}
                    {may_change.then(|| view! { <EmailPart waiting present=person.email.clone() /> })}
                    <Details person roles now may_change />
                </div>
            </AccountSection>
        })
    })
}

#[component]
fn NameForm(flash: Flash, person: Person) -> impl IntoView {
    let summary = flash.summary();
    let error = flash.errors.of("full_name").map(str::to_owned);
    let name = flash.values.get("full_name").cloned().unwrap_or_else(|| person.full_name.to_string());
    view! {
        <Section id="name" title="Your name" text="How you are called here: in lists, in letters and in what you sign.">
            <form class="grid max-w-96 gap-4" method="post" action=UpdateProfile::PATH novalidate>
                {summary}
                <input type="hidden" name="version" value=person.version />
                <TextField label="Full name" name="full_name" value=name error autocomplete="name" required=true />
                <div><Button>"Save name"</Button></div>
            </form>
        </Section>
    }
}

/// The address, the way to another one, and what waits.
#[component]
fn EmailPart(waiting: Option<EmailChange>, present: EmailAddress) -> impl IntoView {
    let email = present.to_string();
    let change = waiting.is_none().then(|| {
        view! { <ButtonLink href="/account/email" label="Change it…" tone=ButtonTone::Secondary /> }
    });
    view! {
        <Section id="email" title="Your e-mail address" text="Where letters about your account go, and links to choose a new password.">
            <div class="grid justify-items-start gap-4">
                <p class="font-medium wrap-anywhere">{email}</p>
                {change}
                {waiting.map(|change| view! { <Waiting change present /> })}
            </div>
        </Section>
    }
}

#[component]
fn Details(person: Person, roles: Vec<Role>, now: Timestamp, may_change: bool) -> impl IntoView {
    let names = role_names(&person, &roles);
    view! {
        <Section id="sign-in" title="Signing in" text="Your username stays as it is. You can sign in with it or with your e-mail address.">
            <Facts>
                <Fact name="Username"><span class="font-mono text-label break-all">{person.username.to_string()}</span></Fact>
                {(!may_change).then(|| view! { <Fact name="E-mail"><span class="break-all">{person.email.to_string()}</span></Fact> })}
                <Fact name="Last sign-in">{when(person.last_login_at, now)}</Fact>
                <Fact name="Sign-ins"><span class="figures">{person.login_count}</span></Fact>
            </Facts>
        </Section>
        <Section id="roles" title="Roles" text="What you may do here. Whoever looks after accounts can change them.">
            <Facts>
                <Fact name="Roles">{names}</Fact>
                <Fact name="Member since">{when(Some(person.created_at), now)}</Fact>
                <Fact name="Id"><span class="font-mono text-label break-all">{person.id.to_string()}</span></Fact>
            </Facts>
        </Section>
    }
}
