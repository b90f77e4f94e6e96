//! `/`: the dashboard of the role one acts in.

use super::{degraded::RedisNotice, user_admin::UserAdminDashboard};
use crate::{
    frame::{Framed, Surroundings},
    page::draw,
    ui::{ButtonLink, ButtonTone, EmptyState, Icon},
};
use domain::dashboard::Dashboard;
use leptos::prelude::*;

/// `/`
#[component]
pub fn DashboardPage() -> impl IntoView {
    draw(async |visit| {
        let actor = visit.actor()?.clone();
        // A role may have lost the right that its dashboard rests on; then the plain one is drawn.
        let content = match (actor.dashboard(), actor.sees_people()) {
            (Dashboard::UserAdmin, Ok(visible)) => {
                let dashboards = &visit.backend.dashboards;
                let figures = dashboards.of_user_admin(&visible).await?;
                let days = dashboards.sign_ins_by_day(&visible).await?;
                let recent = match actor.sees_trail() {
                    Ok(trail) => Some(dashboards.recent(&trail).await?),
                    Err(_) => None,
                };
                let now = visit.backend.ground.clock.now();
                let redis_away = visit.backend.redis.away_since();
                view! {
                    {redis_away.map(|since| view! { <RedisNotice since now /> })}
                    <UserAdminDashboard figures days recent now />
                }
                .into_any()
            }
            (dashboard, _) => view! { <QuietDashboard dashboard /> }.into_any(),
        };
        let around = Surroundings::of(&visit).await?;
        let first_name = actor.full_name().first_name().to_owned();
        Ok(view! {
            <Framed around place="/" title="Home" count=None>
                <div class="mx-auto grid max-w-[76rem] gap-6">
                    <div class="grid gap-1">
                        <h2 class="text-head font-semibold tracking-tighter text-balance break-words">{format!("Welcome back, {first_name}!")}</h2>
                        <p class="text-read text-ink-soft text-pretty">"You act as " {actor.role_name().to_owned()} "."</p>
                    </div>
                    {content}
                </div>
            </Framed>
        })
    })
}

/// The dashboard of a role for which nothing can wait yet: it says what will, and leads on.
#[component]
fn QuietDashboard(dashboard: Dashboard) -> impl IntoView {
    let (icon, title, text) = match dashboard {
        Dashboard::Approver => (
            Icon::Stamp,
            "No decision waits for you",
            "Documents that ask for your decision will stand here.",
        ),
        Dashboard::ProductManager => {
            (Icon::Package, "Nothing is short", "Products that run low and recent changes will stand here.")
        }
        Dashboard::Member | Dashboard::UserAdmin => {
            (Icon::FileText, "Nothing waits for you", "Your documents and notices will stand here.")
        }
    };
    view! {
        <div class="rounded-card border border-line bg-sheet py-6">
            <EmptyState in_card=true icon title text>
                <ButtonLink href="/account" label="Go to my account" tone=ButtonTone::Secondary />
            </EmptyState>
        </div>
    }
}
