//! `/people/{id}` of somebody who was erased: that they were, and what the trail goes on saying of the id.

use crate::{
    frame::{Framed, Surroundings},
    people::{History, Reader, when},
    ui::{Card, Crumb, Fact, Facts, Icon, Notice, Tone},
};
use domain::{PersonId, Timestamp};
use leptos::prelude::*;
use server::audit::Entry;

#[component]
pub(crate) fn ErasedPerson(
    around: Surroundings,
    id: PersonId,
    at: Timestamp,
    now: Timestamp,
    history: Vec<Entry>,
    sees_trail: bool,
) -> impl IntoView {
    view! {
        <Framed around place="/people" title="Somebody who was erased" crumbs=vec![Crumb::new("People", "/people")] count=None>
            <div class="mx-auto grid max-w-[60rem] grid-cols-[minmax(0,1fr)] gap-6">
                <Notice tone=Tone::Info icon=Icon::Trash title="This person was erased">
                    "The account is gone, with everything that was kept about them. Who it was can no longer be said here: the trail has the id alone."
                </Notice>
                <Card title="What is left">
                    <Facts>
                        <Fact name="Erased">{when(Some(at), now)}</Fact>
                        <Fact name="Id"><span class="font-mono text-label">{id.to_string()}</span></Fact>
                    </Facts>
                </Card>
                <Card title="What happened last">
                    <History entries=history now reader=Reader::Other sees_trail />
                </Card>
            </div>
        </Framed>
    }
}
