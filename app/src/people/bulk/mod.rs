//! One change for many people: the confirmation that says exactly how many and who, how far it is, and the report.

pub mod actions;
mod asked;
mod words;

use crate::{
    frame::{Framed, Surroundings},
    page::draw,
    people::list::page::way_back,
    ui::{Button, ButtonLink, ButtonTone, Card, Crumb, EmptyState, Icon, Notice, Progress, Tone},
};
use actions::ChangePeople;
use asked::{Asked, NAMED};
use leptos::{prelude::*, server_fn::ServerFn};
use server::{
    people::{BulkChange, Person},
    permit::ChangeMany,
    roles::Role,
};

/// What an address without an id of ours leads to.
const GONE: server::Error = server::Error::NotFound("This choice of people is no longer there");

/// `/people/selected`
#[component]
pub fn SelectedPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?.clone();
        let visible = actor.sees_people()?;
        actor.permit::<ChangeMany>(())?;
        let people = &visit.backend.people;
        // The newest one where the address names none.
        let id = visit.parameter("change").map(|id| id.parse().map_err(|_| GONE)).transpose()?;
        let change = people.bulk_change(&actor, id).await?;
        let roles = visit.backend.roles.all().await?;
        let list = way_back(|name| visit.parameter(name), &roles, people);
        let mut around = Surroundings::of(&visit).await?;
        let form = around.form();
        let summary = form.summary();
        let (title, content) = match change {
            None => ("Nobody is chosen".to_owned(), nobody(&list)),
            Some(change) if change.is_over() => {
                let refused: Vec<_> = change.refusals.iter().map(|one| one.person).collect();
                let refused = people.find_all(&visible, &refused).await?;
                (
                    words::outcome(&change.action, change.changed, &role_name(&change, &roles)),
                    report(&change, &refused, &list),
                )
            }
            Some(change) if change.is_begun() => {
                ("Working".to_owned(), under_way(&change, summary.is_none(), &list))
            }
            Some(change) => {
                let named = &change.people[..change.people.len().min(NAMED)];
                let named = people.find_all(&visible, named).await?;
                let give = people.roles_to_give(&actor).await?;
                let asked = Asked {
                    change: &change,
                    named: &named,
                    roles: &roles,
                    to_give: give,
                    actor: &actor,
                    list: &list,
                    shown: visit.parameter("shown").and_then(|shown| shown.parse().ok()),
                };
                (words::question(&change.action, change.people.len()), asked.draw(&form.errors))
            }
        };
        let crumbs = vec![Crumb::new("People", list)];
        Ok(view! {
            <Framed around place="/people" title=title crumbs count=None>
                <div class="mx-auto grid max-w-[44rem] gap-5">{summary} {content}</div>
            </Framed>
        })
    })
}

fn role_name(change: &BulkChange, roles: &[Role]) -> String {
    let code = change.action.role();
    roles.iter().find(|role| Some(&role.code) == code).map(|role| role.name.clone()).unwrap_or_default()
}

fn nobody(list: &str) -> AnyView {
    let list = list.to_owned();
    view! {
        <EmptyState icon=Icon::Users title="Nobody is chosen" text="Tick people in the list, then choose what to do with them.">
            <ButtonLink href=list label="Look at the list" tone=ButtonTone::Secondary />
        </EmptyState>
    }
    .into_any()
}

/// How far it is. Where scripts run it goes on by itself while all is well, else with the next press.
fn under_way(change: &BulkChange, all_is_well: bool, list: &str) -> AnyView {
    let by_itself = all_is_well.then_some("");
    let (done, count) = (change.done, change.people.len());
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let (id, list, back) = (change.id.to_string(), list.to_owned(), list.to_owned());
    let said = format!("{} of {} are done.", words::people(done), words::people(count));
    view! {
        <Card>
            <form class="grid gap-4" method="post" action=ChangePeople::PATH data-people-go-on=by_itself>
                <input type="hidden" name="change" value=id />
                <input type="hidden" name="list" value=list />
                <p role="status">{said}</p>
                <Progress label="Done so far" value=number(done) max=number(count) />
                <div class="flex flex-wrap justify-end gap-2">
                    <ButtonLink href=back label="Stop here" tone=ButtonTone::Secondary />
                    <Button>"Go on"</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

/// What came of it.
fn report(change: &BulkChange, refused: &[Person], list: &str) -> AnyView {
    let unchanged = (change.unchanged() > 0).then(|| words::unchanged(&change.action, change.unchanged()));
    let all_well = change.refused == 0;
    let (tone, icon) =
        if all_well { (Tone::Good, Icon::CircleCheck) } else { (Tone::Warn, Icon::TriangleAlert) };
    let title = match change.refused {
        0 => "All of it is done".to_owned(),
        refused => format!("{} could not be changed", words::people(refused)),
    };
    let text = unchanged.unwrap_or_else(|| {
        if all_well { "Each change is in the history of its person." } else { "The others are done." }.into()
    });
    let rows = change.refusals.iter().map(|refusal| {
        let person = refused.iter().find(|person| person.id == refusal.person);
        let name = person.map_or_else(|| refusal.person.to_string(), |person| person.full_name.to_string());
        view! {
            <li class="grid gap-0.5 px-4 py-2.5">
                <a class="truncate font-medium hover:underline" href=format!("/people/{}", refusal.person)>{name}</a>
                <span class="text-ink-soft">{refusal.why.clone()}</span>
            </li>
        }
    });
    let untold = change.refused - change.refusals.len();
    let untold = (untold > 0).then(|| {
        view! { <li class="px-4 py-2.5 text-ink-soft">{format!("and {} more", words::people(untold))}</li> }
    });
    let refusals = (!all_well).then(|| {
        let rows = rows.collect_view();
        view! {
            <Card title="Not changed" flush=true>
                <ul class="divide-y divide-line">{rows} {untold}</ul>
            </Card>
        }
    });
    view! {
        <div data-people-over="">
            <Notice tone icon title>{text}</Notice>
        </div>
        {refusals}
        <div class="flex justify-end">
            <ButtonLink href=list label="Back to the list" tone=ButtonTone::Secondary />
        </div>
    }
    .into_any()
}
