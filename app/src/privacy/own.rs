//! `/account/data`: taking along everything that is kept about one, and what becomes of it.

use crate::{
    account::sections::{AccountSection, Section as AccountPart},
    frame::Surroundings,
    page::draw,
    ui::{ButtonLink, ButtonTone, Icon, Section},
};
use leptos::prelude::*;

/// `/account/data`
#[component]
pub fn OwnDataPage() -> impl IntoView {
    draw(async |visit| {
        let is_asked_first = visit.actor()?.standing().due().is_some();
        let rules = visit.backend.privacy.rules();
        let around = Surroundings::of(&visit).await?;
        let kept = if rules.is_on() {
            format!(
                "Where nobody signs in to an account for {} days, it is erased with everything that is kept about its owner. A letter says so {} days before; signing in is enough to keep it.",
                rules.people_days, rules.warning_days
            )
        } else {
            "Your account is kept until somebody who looks after accounts erases it.".to_owned()
        };
        Ok(view! {
            <AccountSection around section=AccountPart::Data>
                <div class="divide-y divide-line">
                    <Section id="take-along" title="Take it along" text="Everything that is kept about you, in one file (JSON).">
                        <div class="grid justify-items-start gap-3">
                            <p class="text-ink-soft">
                                "Your account and its settings, where you are and were signed in, your keys and second factors by name, what those who look after accounts wrote down about you, which letters you got, and what you did. Passwords, keys and codes are not in it. That you took it along is recorded."
                            </p>
                            {is_asked_first.then(|| view! {
                                <p class="text-label text-ink-faint">"You will be asked to confirm that it is you, and come back here."</p>
                            })}
                            <ButtonLink href="/account/data.json" label="Download your data" icon=Icon::Download tone=ButtonTone::Secondary />
                        </div>
                    </Section>
                    <Section id="kept" title="How long it is kept" text="And who can erase it.">
                        <div class="grid gap-3 text-ink-soft">
                            <p>{kept}</p>
                            <p>"Ask somebody who looks after accounts if you want to be erased. The trail of what happened then goes on without your name and your devices; only what you did to others keeps the address you did it from."</p>
                        </div>
                    </Section>
                </div>
            </AccountSection>
        })
    })
}
