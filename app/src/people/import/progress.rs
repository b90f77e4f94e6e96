//! `/people/import/{id}`: what the file would do and what is wrong with it; then how far it is, and what came of it.

use super::{
    actions::{CancelImport, StartImport},
    banner::{Outcome, StateBadge, people},
    form::{named, page_of},
    how_far::{HowFar, InWords, if_cancelled},
};
use crate::{
    frame::{Framed, Surroundings},
    page::draw,
    people::{when, with_commas},
    ui::{
        Button, ButtonLink, ButtonSize, ButtonTone, Card, Cell, CellKind, Column, Crumb, Dialog,
        DialogActions, Fact, Facts, Icon, Progress, Row, Table,
    },
};
use domain::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;
use server::people::import::{Existing, Import, State, Status, WithoutPassword, Wrong};

/// So many wrong cells are shown; all of them are in the file.
const SHOWN: i64 = 20;
const CANCEL: &str = "cancel-import";
const LOOK_AGAIN_AFTER: u32 = 2;

/// `/people/import/{id}`
#[component]
pub fn ImportStatusPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    draw(async move |visit| {
        let visible = visit.actor()?.sees_imports()?;
        let id = named(&id)?;
        let status = visit.backend.imports.find(&visible, id).await?;
        let errors = visit.backend.imports.first_errors(&visible, id, SHOWN).await?;
        let now = visit.backend.ground.clock.now();
        if status.import.state.is_under_way() {
            visit.look_again_in(LOOK_AGAIN_AFTER);
        }
        let around = Surroundings::of(&visit).await?;
        let import = status.import.clone();
        let crumbs = vec![Crumb::new("People", "/people"), Crumb::new("Import", "/people/import")];
        Ok(view! {
            <Framed around place="/people" title=import.file_name.clone() crumbs count=None>
                <div class="mx-auto grid max-w-[60rem] gap-5">
                    <Outcome held=import.clone() />
                    {import.state.is_under_way().then(|| view! { <UnderWay status=status.clone() /> })}
                    <Found held=import.clone() now />
                    {(import.state == State::Checked).then(|| view! { <Decision held=import.clone() /> })}
                    {(!errors.is_empty()).then(|| view! { <Errors held=import errors /> })}
                </div>
            </Framed>
        })
    })
}

/// What the file has in it.
#[component]
fn Found(held: Import, now: Timestamp) -> impl IntoView {
    let import = held;
    let figures = [
        ("New", import.fresh, "text-ink"),
        ("Changed", import.changed, "text-ink"),
        ("As they are", import.same, "text-ink"),
        ("Wrong", import.wrong, if import.wrong > 0 { "text-bad" } else { "text-ink" }),
    ];
    let figures = figures
        .map(|(label, count, colour)| {
            view! {
                <div class="grid gap-1 bg-sheet p-4">
                    <dt class="text-label text-ink-soft">{label}</dt>
                    <dd class=format!("text-show font-semibold tracking-tighter figures {colour}")>{with_commas(count)}</dd>
                </div>
            }
        })
        .collect_view();
    let existing = match import.existing {
        Existing::Update => "Brought up to date, but for their passwords",
        Existing::Leave => "Left as they are",
    };
    let without = match import.without_password {
        WithoutPassword::Invite => "Invited by mail",
        WithoutPassword::Wait => "No letters: they choose one with “Forgot password”",
    };
    let ignored = (!import.ignored.is_empty()).then(|| {
        let names = import.ignored.clone();
        view! { <Fact name="Columns left alone">{names}</Fact> }
    });
    let by = import.begun_by.clone().map(|name| format!(" by {name}"));
    view! {
        <section class="grid gap-5" aria-labelledby="found">
            <h2 class="sr-only" id="found">"What the file would do"</h2>
            <dl class="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line md:grid-cols-4">{figures}</dl>
            <Card>
                <Facts>
                    <Fact name="State"><StateBadge state=import.state /></Fact>
                    <Fact name="In the file">{people(import.people)}</Fact>
                    <Fact name="Known people">{existing}</Fact>
                    <Fact name="No password">{without}</Fact>
                    {ignored}
                    <Fact name="Checked">{when(Some(import.created_at), now)} {by}</Fact>
                </Facts>
            </Card>
        </section>
    }
}

/// What can be done with a file that was checked.
#[component]
fn Decision(held: Import) -> impl IntoView {
    let import = held;
    let (id, count) = (import.id.to_string(), import.fresh + import.changed);
    if count == 0 {
        let words = if import.wrong > 0 && import.same > 0 {
            "Those who are right are here already, and just so. Mend the wrong rows and check the file again."
        } else if import.wrong > 0 {
            "No row of this file can be written as it is. Mend it and check it again."
        } else {
            "Everybody in this file is here already, and just so. There is nothing to do."
        };
        return view! {
            <div class="flex flex-wrap items-center justify-between gap-3">
                <p class="text-ink-soft">{words}</p>
                <ButtonLink href="/people/import" label="Check another file" tone=ButtonTone::Secondary />
            </div>
        }
        .into_any();
    }
    let (first, second) = if import.wrong > 0 {
        let label = format!("Import {} and skip {} wrong", people(count), with_commas(import.wrong));
        (("skip", label), None)
    } else {
        let label = format!("Import {} at one moment", people(count));
        (("refuse", label), Some(("skip", "Import in batches")))
    };
    let hint = if import.wrong > 0 {
        "The others are written a few hundred at a time. To write all or nobody, mend the file and check it again."
    } else {
        "At one moment, all of them are written or nobody; other changes wait meanwhile, some seconds for 100,000 people. In batches, others go on working in between."
    };
    let (mode, label) = first;
    let second = second.map(|(mode, label)| {
        view! { <Button tone=ButtonTone::Secondary name="bad_rows" value=mode>{label}</Button> }
    });
    view! {
        <section class="grid gap-3" aria-labelledby="decide">
            <h2 class="font-semibold tracking-tight" id="decide">"Go on?"</h2>
            <p class="text-ink-soft">{hint}</p>
            <div class="flex flex-wrap gap-2">
                <form class="contents" method="post" action=StartImport::PATH>
                    <input type="hidden" name="import" value=id.clone() />
                    <Button name="bad_rows" value=mode>{label}</Button>
                    {second}
                </form>
                <form class="contents" method="post" action=CancelImport::PATH>
                    <input type="hidden" name="import" value=id />
                    <Button tone=ButtonTone::Quiet>"Forget this file"</Button>
                </form>
            </div>
        </section>
    }
    .into_any()
}

/// How far an import is that is under way.
#[component]
fn UnderWay(status: Status) -> impl IntoView {
    let InWords { words, filled, whole } = HowFar::of(&status).in_words();
    let (value, max) = (filled.map(bounded), bounded(whole).max(1));
    let bar = match value {
        Some(value) => view! { <Progress label="The import" value max /> }.into_any(),
        None => view! { <Progress label="The import" /> }.into_any(),
    };
    let id = status.import.id.to_string();
    let again = page_of(&id);
    let text = if_cancelled(status.import.state, status.import.bad_rows);
    view! {
        <Card>
            <div class="grid gap-3">
                <p role="status">{words}</p>
                {bar}
                <div class="flex flex-wrap items-center justify-between gap-3">
                    <p class="text-label text-ink-faint">
                        "This page looks again every two seconds. You may leave it. " <a class="link" href=again>"Look now"</a>
                    </p>
                    <Button tone=ButtonTone::Secondary size=ButtonSize::Small opens_dialog=CANCEL>"Cancel…"</Button>
                </div>
            </div>
        </Card>
        <Dialog id=CANCEL title="Cancel this import?" text>
            <form method="post" action=CancelImport::PATH>
                <input type="hidden" name="import" value=id />
                <DialogActions>
                    <Button tone=ButtonTone::Secondary closes_dialog=CANCEL>"Go on importing"</Button>
                    <Button tone=ButtonTone::Danger>"Cancel the import"</Button>
                </DialogActions>
            </form>
        </Dialog>
    }
}

fn bounded(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(if count < 0 { 0 } else { u32::MAX })
}

/// The first of what is wrong, and the way to all of it.
#[component]
fn Errors(held: Import, errors: Vec<Wrong>) -> impl IntoView {
    let all = format!("{}/errors.csv", page_of(&held.id.to_string()));
    let rows = errors
        .into_iter()
        .map(|error| {
            let shown = if error.value.0.is_empty() { "—".to_owned() } else { error.value.0 };
            let column = if error.column_name.is_empty() { "—".to_owned() } else { error.column_name };
            view! {
                <Row>
                    <Cell kind=CellKind::Lead class="figures">{format!("Row {}", with_commas(error.number))}</Cell>
                    <Cell class="text-ink-soft">{column}</Cell>
                    <Cell label="Value" class="text-ink-soft wrap-anywhere">{shown}</Cell>
                    <Cell kind=CellKind::Line>{error.words}</Cell>
                </Row>
            }
        })
        .collect_view();
    let columns =
        vec![Column::new("Row"), Column::new("Column"), Column::new("Value"), Column::new("What is wrong")];
    view! {
        <section class="grid gap-3" aria-labelledby="wrong">
            <div class="flex flex-wrap items-center justify-between gap-3">
                <h2 class="font-semibold tracking-tight" id="wrong">"What is wrong"</h2>
                <ButtonLink href=all label="All errors as CSV" tone=ButtonTone::Secondary size=ButtonSize::Small icon=Icon::Download />
            </div>
            <Table label="What is wrong" columns>{rows}</Table>
        </section>
    }
}
