//! Whom a change reaches, in words and with names.

use crate::{
    people::{when, with_commas},
    ui::{Avatar, AvatarSize, Card},
};
use domain::Timestamp;
use leptos::prelude::*;
use server::{identity::Acting, roles::Reach};

/// "12 people", "1 person", "Nobody".
pub fn people(count: i64, exact: bool) -> String {
    match count {
        0 => "Nobody".into(),
        1 if exact => "1 person".into(),
        count => format!("{}{} people", with_commas(count), if exact { "" } else { "+" }),
    }
}

/// Who has the role, who acts in it now, and the keys that do.
#[component]
pub fn ReachCard(reach: Reach, now: Timestamp) -> impl IntoView {
    let named = i64::try_from(reach.newest.len()).unwrap_or(0);
    let have = match reach.people {
        0 => "Nobody has this role.".to_owned(),
        1 => "1 person has this role.".to_owned(),
        count => format!("{} people have this role.", with_commas(count)),
    };
    let acting = match reach.acting {
        0 => "Nobody acts in it now.".to_owned(),
        1 => "1 person acts in it now:".to_owned(),
        count => format!("{} people act in it now:", with_commas(count)),
    };
    let keys = match reach.keys {
        0 => None,
        1 => Some("1 API key acts in it. It may do what it was made for as far as the role may.".to_owned()),
        count => Some(format!(
            "{} API keys act in it. Each may do what it was made for as far as the role may.",
            with_commas(count)
        )),
    };
    let more = (reach.acting > named)
        .then(|| view! { <li class="text-ink-faint">{format!("and {} more", with_commas(reach.acting - named))}</li> });
    let faces = reach.newest.into_iter().map(|acting| view! { <Face acting now /> }).collect_view();
    view! {
        <Card>
            <div class="grid gap-3">
                <p class="font-medium" data-people="">{have}</p>
                <p class="text-ink-soft">{acting}</p>
                {(named > 0).then(|| view! { <ul class="grid gap-2 sm:grid-cols-2">{faces}{more}</ul> })}
                {keys.map(|words| view! { <p class="text-ink-soft">{words}</p> })}
            </div>
        </Card>
    }
}

#[component]
fn Face(acting: Acting, now: Timestamp) -> impl IntoView {
    let name = acting.full_name.to_string();
    view! {
        <li class="flex min-w-0 items-center gap-2.5">
            <Avatar name=name.clone() size=AvatarSize::Row />
            <span class="min-w-0">
                <a class="block truncate hover:underline" href=format!("/people/{}", acting.person)>{name}</a>
                <span class="block text-label text-ink-faint">"seen " {when(Some(acting.seen_at), now)}</span>
            </span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::people;

    #[test]
    fn r4_how_many_people_a_change_reaches_is_said_as_people_say_it() {
        let said =
            [(0, true), (1, true), (1_284, true), (10_000, false)].map(|(count, exact)| people(count, exact));
        assert_eq!(
            said.each_ref().map(String::as_str),
            ["Nobody", "1 person", "1,284 people", "10,000+ people"]
        );
    }
}
