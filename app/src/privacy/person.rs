//! The end of a person's page: taking along what is kept about them, and erasing them.

use crate::ui::{ButtonLink, ButtonTone, Card, Icon};
use domain::person::PersonStatus;
use leptos::prelude::*;
use server::people::Person;

/// What is done seldom and with care. Whoever looks may change the account.
#[component]
pub(crate) fn DangerZone(person: Person, is_oneself: bool) -> impl IntoView {
    let (id, name) = (person.id, person.full_name.first_name().to_owned());
    let is_suspended = person.status == PersonStatus::Suspended;
    let words = if is_oneself {
        "You cannot erase your own account; somebody else who looks after accounts can.".to_owned()
    } else if is_suspended {
        format!("Removes {name} for good, with everything that is kept about them. Nothing brings it back.")
    } else {
        format!(
            "Only somebody who is suspended can be erased. Suspend {name} first, and see whether anything is missed."
        )
    };
    let erases = (is_suspended && !is_oneself).then(|| {
        view! { <ButtonLink href=format!("/people/{id}/erase") label="Erase…" icon=Icon::Trash tone=ButtonTone::Danger /> }
    });
    view! {
        <Card title="Personal data">
            <div class="divide-y divide-line">
                <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 pb-4">
                    <p class="min-w-0 flex-1 basis-64 text-ink-soft">
                        {format!("Everything that is kept about {name}, in one file (JSON), for when they ask for it.")}
                    </p>
                    <ButtonLink href=format!("/people/{id}/data.json") label="Download the data" icon=Icon::Download tone=ButtonTone::Secondary />
                </div>
                <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 pt-4">
                    <p class="min-w-0 flex-1 basis-64 text-ink-soft">{words}</p>
                    {erases}
                </div>
            </div>
        </Card>
    }
}
