//! `/people/{id}/history`: everything that happened to an account, with what each change was before and after.

use super::{
    history::{History, Reader},
    person::{Part as PersonPart, PersonFrame, Shown, named_in_address, read_id},
};
use crate::{
    frame::Surroundings,
    page::draw,
    ui::{Card, Pagination},
};
use leptos::prelude::*;
use server::audit::Part;

/// `/people/{id}/history`
#[component]
pub fn PersonHistoryPage() -> impl IntoView {
    let id = named_in_address();
    draw(async move |visit| {
        let visible = visit.actor()?.sees_person()?;
        let id = read_id(&id)?;
        let shown = Shown::of(&visit, &visible, id).await?;
        // An address that is not ours begins with the newest.
        let part = visit.parameter("page").and_then(|text| Part::parse(&text)).unwrap_or(Part::Newest);
        let page = visit.backend.people.history_page(&visible, id, part).await?;
        let around = Surroundings::of(&visit).await?;
        let address = |part: Part| format!("{}?page={part}", PersonPart::History.of(id));
        let (newer, older) = (page.newer.map(address), page.older.map(address));
        let has_pages = newer.is_some() || older.is_some();
        let (now, sees_trail) = (shown.now, shown.sees_trail);
        Ok(view! {
            <PersonFrame around shown part=PersonPart::History>
                <div class="grid max-w-[48rem] gap-4">
                    <Card title="Everything that happened">
                        <History entries=page.entries now reader=Reader::Other sees_trail />
                    </Card>
                    {has_pages.then(|| view! { <Pagination summary="The newest come first" previous=newer next=older /> })}
                </div>
            </PersonFrame>
        })
    })
}
