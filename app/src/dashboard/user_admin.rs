//! The User Admin's dashboard: how many people, who needs a look, and how signing in went.

use crate::{
    audit, moments,
    people::{RecentEvents, with_commas},
    ui::{BarChart, BarSeries, Card, Tile, Tiles, Tone},
};
use domain::Timestamp;
use leptos::prelude::*;
use server::{
    audit::{Entry, TrailForm},
    dashboard::{Day, Figures, week_begins},
};
use std::time::Duration;

/// Counts stop here.
const MOST: i64 = 10_000;
const DAY: Duration = Duration::from_secs(86_400);

#[component]
pub fn UserAdminDashboard(
    figures: Figures,
    days: Vec<Day>,
    recent: Option<Vec<Entry>>,
    now: Timestamp,
) -> impl IntoView {
    let new = format!("/people?created_from={}&sort=-created_at", moments::written_day(week_begins(now)));
    let refused_tile = refused_sign_ins(figures.failed_today, now, recent.is_some());
    let locked_tone = if figures.locked > 0 { Tone::Bad } else { Tone::Plain };
    let labels: Vec<String> = days.iter().map(|day| moments::counted_day(day.begins)).collect();
    let marks: Vec<String> =
        days.iter().step_by(10).map(|day| moments::short_day(day.begins)).chain(["Today".into()]).collect();
    let series = vec![
        BarSeries::new("Succeeded", Tone::Plain, days.iter().map(|day| day.succeeded).collect()),
        BarSeries::new("Refused", Tone::Bad, days.iter().map(|day| day.refused).collect()),
    ];
    let sum: u64 = days.iter().map(|day| day.succeeded).sum();
    let refused: u64 = days.iter().map(|day| day.refused).sum();
    let description =
        format!("{sum} sign-ins in the last {} days, and {refused} that were refused.", days.len());
    view! {
        <Tiles>
            <Tile label="People" figure=counted(figures.people) note=format!("{} suspended", counted(figures.suspended)) href="/people" />
            <Tile label="New this week" figure=counted(figures.new_this_week) note="in the last 7 days" href=new />
            <Tile label="Locked" figure=counted(figures.locked) note="by wrong passwords" href="/people?status=locked" tone=locked_tone />
            <Tile label="Signed in" figure=counted(figures.signed_in_now) note="open sessions" href="/people?last_login=within_30_days&sort=-last_login_at" />
            {refused_tile}
        </Tiles>
        <div class="grid items-start gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
            <Card title="Sign-ins, last 30 days" aside=view! { <Legend /> }.into_any()>
                <BarChart id="sign-ins" title="Sign-ins, last 30 days" description labels series marks />
            </Card>
            {recent.map(|entries| {
                view! {
                    <Card title="What happened lately" flush=true>
                        <RecentEvents entries now />
                    </Card>
                }
            })}
        </div>
    }
}

/// Whoever may look at the trail finds each of them there.
fn refused_sign_ins(count: i64, now: Timestamp, sees_trail: bool) -> AnyView {
    let (label, figure, note) = ("Refused sign-ins", counted(count), "in the last 24 hours");
    if !sees_trail {
        return view! { <Tile label figure note /> }.into_any();
    }
    let form = TrailForm {
        action: "session.sign_in_failed".into(),
        from: moments::exact(now.before(DAY)),
        ..TrailForm::default()
    };
    let href = audit::address(&form, "");
    view! { <Tile label figure note href /> }.into_any()
}

#[component]
fn Legend() -> impl IntoView {
    view! {
        <ul class="flex gap-3 text-label text-ink-soft">
            <li class="flex items-center gap-1.5"><span class="size-2 rounded-[2px] bg-accent-fill"></span>"Succeeded"</li>
            <li class="flex items-center gap-1.5"><span class="size-2 rounded-[2px] bg-bad-solid"></span>"Refused"</li>
        </ul>
    }
}

fn counted(count: i64) -> String {
    if count > MOST { format!("{}+", with_commas(MOST)) } else { with_commas(count) }
}
