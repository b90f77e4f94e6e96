//! `/people/{id}/notes`: what those who look after accounts write down for each other.

use super::{
    access_actions::AddNote,
    person::{Part, PersonFrame, Shown, named_in_address, read_id},
    when,
};
use crate::{
    flash::Flash,
    frame::Surroundings,
    page::draw,
    ui::{Button, Card, EmptyState, Icon, TextArea},
};
use domain::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use server::people::Note;

/// `/people/{id}/notes`
#[component]
pub fn NotesPage() -> impl IntoView {
    let id = named_in_address();
    draw(async move |visit| {
        let actor = visit.actor()?;
        let sees_notes = actor.sees_notes()?;
        let visible = actor.sees_person()?;
        let id = read_id(&id)?;
        let shown = Shown::of(&visit, &visible, id).await?;
        let notes = visit.backend.people.notes(&sees_notes, id).await?;
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        let now = shown.now;
        Ok(view! {
            <PersonFrame around shown=shown.clone() part=Part::Notes>
                <div class="grid max-w-[48rem] gap-6">
                    <NoteForm flash shown />
                    <Notes notes now />
                </div>
            </PersonFrame>
        })
    })
}

#[component]
fn NoteForm(flash: Flash, shown: Shown) -> impl IntoView {
    let summary = flash.summary();
    let error = flash.errors.of("text").map(str::to_owned);
    let hint = format!(
        "Everybody who looks after accounts can read it. {} sees it only in the file of everything that is kept about them. It stays as it is: nobody changes or removes a note.",
        shown.first_name()
    );
    view! {
        <form class="grid gap-3" method="post" action=AddNote::PATH novalidate>
            {summary}
            <input type="hidden" name="person" value=shown.id().to_string() />
            <TextArea label="New note" name="text" value=flash.value("text") hint error rows=3 required=true />
            <div><Button>"Add the note"</Button></div>
        </form>
    }
}

#[component]
fn Notes(notes: Vec<Note>, now: Timestamp) -> impl IntoView {
    if notes.is_empty() {
        return view! {
            <EmptyState icon=Icon::ScrollText title="No notes yet" text="Write down what the next one who looks after this account should know." />
        }
        .into_any();
    }
    let rows = notes
        .into_iter()
        .map(|note| {
            let author = note.author.map_or_else(|| "Countersign".to_owned(), |name| name.to_string());
            view! {
                <li class="grid gap-1 px-4 py-3">
                    <p class="flex flex-wrap items-baseline justify-between gap-x-3 text-label text-ink-soft">
                        <span class="font-medium text-ink wrap-anywhere">{author}</span>
                        <span class="text-ink-faint">{when(Some(note.created_at), now)}</span>
                    </p>
                    <p class="whitespace-pre-line wrap-anywhere">{note.text.to_string()}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <Card flush=true>
            <ul class="divide-y divide-line">{rows}</ul>
        </Card>
    }
    .into_any()
}
