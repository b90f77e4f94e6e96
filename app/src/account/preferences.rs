//! `/account/preferences`: how pages look, in which time zone times are told, and the language.

use super::{
    preferences_actions::SavePreferences,
    sections::{AccountSection, Section as AccountPart},
};
use crate::{
    flash::Flash,
    frame::Surroundings,
    moments::{self, Zone},
    page::draw,
    ui::{Button, Choice, Fact, Facts, Radio, Section, Select},
};
use domain::{
    Timestamp,
    preferences::{Preferences, Theme},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/account/preferences`
#[component]
pub fn PreferencesPage() -> impl IntoView {
    draw(async |visit| {
        let preferences = visit.backend.people.preferences(visit.actor()?).await?;
        let now = visit.backend.ground.clock.now();
        // Nobody loses what this browser shows because they chose another time zone.
        let preferences = Preferences { theme: preferences.theme.or(visit.theme()), ..preferences };
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        Ok(view! {
            <AccountSection around section=AccountPart::Preferences>
                <PreferencesForm preferences flash now />
            </AccountSection>
        })
    })
}

#[component]
fn PreferencesForm(preferences: Preferences, flash: Flash, now: Timestamp) -> impl IntoView {
    let summary = flash.summary();
    let error = flash.errors.of("time_zone").map(str::to_owned);
    let chosen = preferences.theme.unwrap_or(Theme::System);
    let radios = [(Theme::System, "As the device has it"), (Theme::Light, "Light"), (Theme::Dark, "Dark")]
        .into_iter()
        .map(|(theme, label)| {
            let checked = theme == chosen;
            view! { <Radio label name="theme" value=theme.code() checked /> }
        })
        .collect_view();
    let zone = preferences.time_zone.as_ref().map(ToString::to_string).unwrap_or_default();
    let present = moments::in_full(now);
    view! {
        <form method="post" action=SavePreferences::PATH novalidate>
            {summary.map(|summary| view! { <div class="pb-6">{summary}</div> })}
            <div class="divide-y divide-line">
                <Section id="theme" title="Theme" text="It goes with your account to every device you sign in on.">
                    <fieldset class="grid gap-2.5">
                        <legend class="sr-only">"Theme"</legend>
                        {radios}
                    </fieldset>
                </Section>
                <Section id="times" title="Times" text="On pages. Letters, files and the API tell times in UTC.">
                    <div class="grid max-w-96 gap-3">
                        <Select label="Time zone" name="time_zone" choices=zones() selected=zone error hint="Without a choice it is what your browser says, and UTC where it says nothing." />
                        <p class="text-ink-soft">"It is " <span data-now="">{present}</span> "."</p>
                    </div>
                </Section>
                <Section id="language" title="Language" text="Countersign speaks English alone so far.">
                    <Facts><Fact name="Language">"English"</Fact></Facts>
                </Section>
            </div>
            <div class="lg:pl-[17.5rem]"><Button>"Save preferences"</Button></div>
        </form>
    }
}

/// No choice, and every time zone by its name.
fn zones() -> Vec<Choice> {
    let none = Choice::new("", "As my browser says");
    let named = Zone::names().into_iter().map(|name| {
        let label = name.replace('_', " ");
        Choice::new(name, label)
    });
    [none].into_iter().chain(named).collect()
}
