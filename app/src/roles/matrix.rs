//! The matrix of roles and permissions: a table on a desk, which goes sideways in its frame where there are many roles; a list of
//! cards on phones.

use super::{fields::BuiltInBadge, reach::people};
use crate::ui::{Card, Fold, Glyph, Icon};
use domain::{Permission, PermissionGroup, Permissions};
use leptos::prelude::*;
use server::roles::RoleInFull;

/// All roles with all permissions.
#[component]
pub fn Matrix(roles: Vec<RoleInFull>) -> impl IntoView {
    let cards = roles.iter().cloned().map(|role| view! { <RoleCard role /> }).collect_view();
    let heads = roles.iter().map(head).collect_view();
    let columns = roles.len() + 1;
    let bodies = PermissionGroup::ALL
        .into_iter()
        .map(|group| {
            let rows = group.permissions().map(|permission| row(permission, &roles)).collect_view();
            view! {
                <tbody>
                    <tr class="border-y border-line bg-desk">
                        <th class="px-4 py-1.5 text-start text-label font-medium text-ink-soft" scope="rowgroup" colspan=columns>
                            <span class="sticky left-4">{group.label()}</span>
                        </th>
                    </tr>
                    {rows}
                </tbody>
            }
        })
        .collect_view();
    view! {
        <div class="scrolls-sideways hidden rounded-card border border-line bg-sheet lg:block" role="region" aria-label="Permissions of every role" tabindex="0">
            <table class="w-full border-collapse">
                <thead>
                    <tr>
                        <th class="sticky left-0 z-10 min-w-70 bg-sheet px-4 py-3 text-start align-bottom text-label font-medium text-ink-soft" scope="col">
                            "Permission"
                        </th>
                        {heads}
                    </tr>
                </thead>
                {bodies}
            </table>
        </div>
        <ul class="grid gap-3 lg:hidden">{cards}</ul>
    }
}

fn head(role: &RoleInFull) -> impl IntoView + use<> {
    view! {
        <th class="px-2 py-3 text-center align-bottom" scope="col">
            <a class="mx-auto block max-w-24 text-small font-medium break-words hyphens-auto underline decoration-line-strong underline-offset-3 hover:decoration-ink" href=format!("/roles/{}", role.code)>
                {role.name.to_string()}
            </a>
            <span class="mt-0.5 block text-small font-normal whitespace-nowrap text-ink-faint figures">{people(role.people, role.people_exact)}</span>
        </th>
    }
}

fn row(permission: Permission, roles: &[RoleInFull]) -> impl IntoView + use<> {
    let cells = roles
        .iter()
        .map(|role| {
            let sign = if role.permissions.contains(permission) {
                view! { <span class="inline-block text-good"><Glyph icon=Icon::Check /></span> <span class="sr-only">"yes"</span> }
                    .into_any()
            } else {
                view! { <span class="text-line-strong" aria-hidden="true">"–"</span> <span class="sr-only">"no"</span> }.into_any()
            };
            view! { <td class="relative px-2 py-1.5 text-center">{sign}</td> }
        })
        .collect_view();
    view! {
        <tr class="group border-b border-line last:border-b-0 hover:bg-desk">
            <th class="sticky left-0 z-10 bg-sheet px-4 py-1.5 text-start font-normal whitespace-nowrap group-hover:bg-desk" scope="row">
                {permission.says()}
                // Programs know it by this name; on narrower desks the role's own page says it.
                <span class="ml-2 font-mono text-small text-ink-faint max-2xl:hidden">{permission.code()}</span>
            </th>
            {cells}
        </tr>
    }
}

#[component]
fn RoleCard(role: RoleInFull) -> impl IntoView {
    let number = role.permissions.len();
    let summary = format!("{number} of {} permissions", Permissions::ALL.len());
    let groups = PermissionGroup::ALL
        .into_iter()
        .filter_map(|group| {
            let held = group.permissions().filter(|one| role.permissions.contains(*one));
            let lines = held.map(|one| view! { <li>{one.says()}</li> }).collect::<Vec<_>>();
            (!lines.is_empty()).then(|| {
                view! {
                    <div class="grid gap-0.5">
                        <h3 class="text-label font-medium text-ink-soft">{group.label()}</h3>
                        <ul class="grid list-disc gap-0.5 pl-5">{lines}</ul>
                    </div>
                }
            })
        })
        .collect_view();
    view! {
        <li>
            <Card>
                <div class="flex flex-wrap items-start gap-x-3 gap-y-1">
                    <div class="min-w-0 flex-1 basis-48">
                        <h2 class="font-semibold tracking-tight wrap-anywhere">
                            <a class="reach hover:underline" href=format!("/roles/{}", role.code)>{role.name.to_string()}</a>
                        </h2>
                        <p class="font-mono text-small text-ink-faint wrap-anywhere">{role.code.to_string()}</p>
                    </div>
                    {role.built_in.then(|| view! { <BuiltInBadge /> })}
                </div>
                <p class="mt-1 text-ink-soft">{people(role.people, role.people_exact)}</p>
                <div class="mt-1">
                    <Fold summary><div class="grid gap-3">{groups}</div></Fold>
                </div>
            </Card>
        </li>
    }
}
