//! `/people/import`: what a file may have, the form that takes one, and the imports before.

use super::banner::StateBadge;
use crate::{
    flash::Flash,
    frame::{Framed, Surroundings},
    page::draw,
    people::{when, with_commas},
    ui::{Button, Card, Crumb, EmptyState, FileField, Fold, Icon, Radio, Section},
};
use domain::{ImportId, Timestamp};
use leptos::prelude::*;
use server::{
    Error, Result, config, http::upload::IMPORT_FORM, people::import::Import, permit::ImportPeople,
};

pub(super) const PLACE: &str = "/people/import";

const TEXT: &str = "A table of people, saved as CSV in UTF-8. Nothing is changed before you have seen what the file would do.";
const EXAMPLE: &str = "username,full_name,email,roles\nzoe,Zoë Almeida,zoe@example.com,STAFF\nben.o,Ben Okafor,ben@example.com,CSR_REP PIN\n";

/// What each column holds, for those who write a file.
const COLUMNS: [(&str, &str); 7] = [
    ("username", "Needed. Whoever has it already is that person."),
    ("full_name", "Needed for somebody new."),
    ("email", "Needed for somebody new."),
    ("roles", "Codes, the usual role first, with a space between them. Needed for somebody new."),
    ("status", "active, suspended or invited."),
    ("password", "For somebody new. It is hashed before anybody is written, and never kept as it is."),
    ("password_hash", "For somebody new, from another system: Argon2 or bcrypt, as it stands there."),
];

/// The page of an import; where there can be none, the page of all of them.
pub(super) fn page_of(id: &str) -> String {
    id.parse::<ImportId>().map_or_else(|_| PLACE.to_owned(), |id| format!("{PLACE}/{id}"))
}

/// The import that a form or an address names.
pub(super) fn named(id: &str) -> Result<ImportId> {
    id.parse().map_err(|_| Error::NotFound("There is no such import, or it was too long ago"))
}

/// `/people/import`
#[component]
pub fn ImportPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?;
        // Asked for here already: nobody should choose a file and be asked to confirm after it was sent.
        actor.permit::<ImportPeople>(())?;
        let imports = visit.backend.imports.newest(&actor.sees_imports()?).await?;
        let rules = visit.backend.imports.rules();
        let may_invite = visit.backend.imports.may_invite();
        let now = visit.backend.ground.clock.now();
        let mut around = Surroundings::of(&visit).await?;
        let flash = around.form();
        Ok(view! {
            <Framed around place="/people" title="Import people" crumbs=vec![Crumb::new("People", "/people")] count=None>
                <div class="mx-auto max-w-[60rem] divide-y divide-line">
                    <Section id="check" title="Check a file" text=TEXT>
                        <UploadForm flash rules may_invite />
                    </Section>
                    <Section id="imports" title="Newest imports" text="Files that nobody starts are forgotten after a day, everything else after a month.">
                        <Imports imports now />
                    </Section>
                </div>
            </Framed>
        })
    })
}

#[component]
fn UploadForm(flash: Flash, rules: config::Imports, may_invite: bool) -> impl IntoView {
    let summary = flash.summary();
    let error = flash.errors.of("file").map(str::to_owned);
    let hint = format!(
        "At most {} people and {} MiB; separated by commas, semicolons or tabs.",
        with_commas(rules.most_people.into()),
        rules.largest_mib
    );
    let columns = COLUMNS
        .map(|(name, says)| {
            view! {
                <div class="grid gap-x-4 sm:grid-cols-[9rem_minmax(0,1fr)]">
                    <dt class="font-mono text-label">{name}</dt>
                    <dd class="text-ink-soft">{says}</dd>
                </div>
            }
        })
        .collect_view();
    let invite = "They are sent invitations, a few every second, once everybody is there.";
    view! {
        <form class="grid gap-6" method="post" action=IMPORT_FORM enctype="multipart/form-data">
            {summary}
            <Fold summary="What a file has in it">
                <dl class="grid gap-2 pb-3">{columns}</dl>
                <pre class="overflow-x-auto rounded-control border border-line bg-desk p-3 font-mono text-label" tabindex="0" role="region" aria-label="An example of a file">{EXAMPLE}</pre>
                <p class="pt-3 text-ink-soft">"Columns with other names are left alone. A file that was exported here can be imported as it is."</p>
            </Fold>
            <fieldset class="grid gap-2.5">
                <legend class="mb-1.5 text-label font-medium">"People who have an account already"</legend>
                <Radio label="Bring their name, address, roles and status up to date" name="existing" value="update" hint="What the file leaves empty stays as it is, and so does their password." checked=true />
                <Radio label="Leave them as they are" name="existing" value="leave" />
            </fieldset>
            <fieldset class="grid gap-2.5">
                <legend class="mb-1.5 text-label font-medium">"New people for whom the file has no password"</legend>
                <Radio label="Invite them by mail" name="without_password" value="invite" hint=invite checked=may_invite disabled=!may_invite />
                <Radio label="Send no letters" name="without_password" value="wait" hint="They choose a password with “Forgot password” when they first come." checked=!may_invite />
            </fieldset>
            <FileField label="CSV file" name="file" accept=".csv,.tsv,text/csv,text/tab-separated-values" hint=hint error=error />
            <div><Button icon=Icon::Upload>"Check the file"</Button></div>
        </form>
    }
}

#[component]
fn Imports(imports: Vec<Import>, now: Timestamp) -> impl IntoView {
    if imports.is_empty() {
        return view! { <EmptyState icon=Icon::Upload title="No imports yet" text="What you bring in stands here, with who did it and what came of it." /> }.into_any();
    }
    let rows = imports.into_iter().map(|import| view! { <ImportRow held=import now /> }).collect_view();
    view! {
        <Card flush=true>
            <ul class="divide-y divide-line">{rows}</ul>
        </Card>
    }
    .into_any()
}

#[component]
fn ImportRow(held: Import, now: Timestamp) -> impl IntoView {
    let import = held;
    let by = import.begun_by.clone().map(|name| format!(", by {name}"));
    view! {
        <li class="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3">
            <div class="grid min-w-0 flex-1 basis-56 gap-0.5">
                <a class="min-w-0 font-medium wrap-anywhere hover:underline" href=page_of(&import.id.to_string())>{import.file_name.clone()}</a>
                <p class="text-label text-ink-soft">
                    {format!("{} people, ", with_commas(import.people))} {when(Some(import.created_at), now)} {by}
                </p>
            </div>
            <StateBadge state=import.state />
        </li>
    }
}
