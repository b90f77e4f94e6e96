//! What the parts of a person's page share: who it is, the way round the parts, and what may be done.

use super::{role_names, standing::Actions, status::StatusBadge};
use crate::{
    frame::{Framed, Surroundings},
    page::Visit,
    ui::{Avatar, AvatarSize, Crumb, Tab, Tabs},
};
use domain::{Permission, PersonId, Timestamp};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use server::{
    Error, Result,
    people::Person,
    permit::{People, Visible},
    roles::Role,
};

/// A part of the page, which has an address of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Overview,
    SigningIn,
    History,
    Notes,
}

impl Part {
    const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::SigningIn => "Signing in",
            Self::History => "History",
            Self::Notes => "Notes",
        }
    }

    pub fn of(self, person: PersonId) -> String {
        let part = match self {
            Self::Overview => "",
            Self::SigningIn => "/signing-in",
            Self::History => "/history",
            Self::Notes => "/notes",
        };
        format!("/people/{person}{part}")
    }
}

/// The person that the address names, as it stands there.
pub(super) fn named_in_address() -> String {
    use_params_map().with_untracked(|params| params.get("id").unwrap_or_default())
}

/// Reads who is meant. What is no id is nobody's.
pub(crate) fn read_id(text: &str) -> Result<PersonId> {
    text.parse().map_err(|_| Error::NotFound("User not found"))
}

/// Whoever is shown, and what whoever looks may do.
#[derive(Clone)]
pub(super) struct Shown {
    pub person: Person,
    pub roles: Vec<Role>,
    pub now: Timestamp,
    /// Whether they may be changed: what one may not do is not shown.
    pub may_change: bool,
    pub is_oneself: bool,
    /// Whether it has to be shown first that it is still them who ask.
    pub is_asked_first: bool,
    /// Whether they may be told from where others acted.
    pub sees_trail: bool,
    parts: Vec<Part>,
    sees_everyone: bool,
}

impl Shown {
    /// Looks for the person; whoever may not be seen is not found.
    pub async fn of(visit: &Visit, visible: &Visible<People>, id: PersonId) -> Result<Self> {
        let actor = visit.actor()?;
        let person = visit.backend.people.find(visible, id).await?;
        let sees_everyone = actor.has(Permission::UsersView);
        let mut parts = vec![Part::Overview];
        if sees_everyone {
            parts.push(Part::SigningIn);
        }
        parts.push(Part::History);
        if actor.has(Permission::UsersManage) {
            parts.push(Part::Notes);
        }
        Ok(Self {
            person,
            roles: visit.backend.roles.all().await?,
            now: visit.backend.ground.clock.now(),
            may_change: visit.backend.people.may_change(actor, id).await?,
            is_oneself: actor.id() == id,
            is_asked_first: actor.standing().due_for_administration().is_some(),
            sees_trail: actor.has(Permission::AuditView),
            parts,
            sees_everyone,
        })
    }

    pub fn id(&self) -> PersonId {
        self.person.id
    }

    /// What to call them on a button: "Suspend Maria".
    pub fn first_name(&self) -> String {
        self.person.full_name.first_name().to_owned()
    }
}

/// A part in its frame, below the head and the way round.
#[component]
pub(super) fn PersonFrame(
    around: Surroundings,
    shown: Shown,
    part: Part,
    children: Children,
) -> impl IntoView {
    let name = shown.person.full_name.to_string();
    let mut crumbs = if shown.sees_everyone { vec![Crumb::new("People", "/people")] } else { Vec::new() };
    let title = match part {
        Part::Overview => name,
        other => {
            crumbs.push(Crumb::new(name, Part::Overview.of(shown.id())));
            other.label().to_owned()
        }
    };
    let tabs = shown
        .parts
        .iter()
        .map(|one| Tab::new(one.label(), one.of(shown.id())).current(*one == part))
        .collect::<Vec<_>>();
    view! {
        <Framed around place="/people" title crumbs count=None>
            <div class="mx-auto grid max-w-[72rem] grid-cols-[minmax(0,1fr)] gap-6">
                <PersonHead shown=shown.clone() />
                <Tabs tabs label="Parts of this account" />
                <div class="min-w-0">{children()}</div>
            </div>
        </Framed>
    }
}

#[component]
fn PersonHead(shown: Shown) -> impl IntoView {
    let person = shown.person.clone();
    let names = role_names(&person, &shown.roles);
    view! {
        <div class="flex flex-wrap items-center gap-x-4 gap-y-3">
            <Avatar name=person.full_name.to_string() size=AvatarSize::Head />
            <div class="min-w-0 flex-1 basis-60">
                <p class="text-head font-semibold tracking-tighter text-balance wrap-anywhere">{person.full_name.to_string()}</p>
                <p class="mt-1 text-ink-soft">{names}</p>
                <p class="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-soft">
                    <span class="min-w-0 font-mono text-label wrap-anywhere">{person.username.to_string()}</span>
                    <StatusBadge status=person.status />
                </p>
            </div>
            <Actions shown />
        </div>
    }
}
