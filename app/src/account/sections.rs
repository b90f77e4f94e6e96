//! The sections of an account, and the frame that they share.

use crate::{
    frame::{Framed, Surroundings},
    ui::{Crumb, Tab, Tabs},
};
use leptos::prelude::*;

/// A section, which has an address of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    Profile,
    Preferences,
    Password,
    SecondFactor,
    Sessions,
    ApiKeys,
    Events,
    Data,
}

impl Section {
    const ALL: [Self; 8] = [
        Self::Profile,
        Self::Preferences,
        Self::Password,
        Self::SecondFactor,
        Self::Sessions,
        Self::ApiKeys,
        Self::Events,
        Self::Data,
    ];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Profile => "Profile",
            Self::Preferences => "Preferences",
            Self::Password => "Password",
            Self::SecondFactor => "Second factor",
            Self::Sessions => "Sessions",
            Self::ApiKeys => "API keys",
            Self::Events => "Recent events",
            Self::Data => "Your data",
        }
    }

    pub const fn href(self) -> &'static str {
        match self {
            Self::Profile => "/account",
            Self::Preferences => "/account/preferences",
            Self::Password => "/account/password",
            Self::SecondFactor => "/account/second-factor",
            Self::Sessions => "/account/sessions",
            Self::ApiKeys => "/account/api-keys",
            Self::Events => "/account/events",
            Self::Data => "/account/data",
        }
    }
}

/// A section in its frame, below the way round all sections.
#[component]
pub fn AccountSection(around: Surroundings, section: Section, children: Children) -> impl IntoView {
    let (title, crumbs) = match section {
        Section::Profile => ("My account", Vec::new()),
        other => (other.label(), vec![Crumb::new("My account", Section::Profile.href())]),
    };
    let tabs = Section::ALL
        .into_iter()
        .map(|one| Tab::new(one.label(), one.href()).current(one == section))
        .collect::<Vec<_>>();
    view! {
        <Framed around place="/account" title crumbs count=None>
            <div class="mx-auto grid max-w-[60rem] grid-cols-[minmax(0,1fr)] gap-7">
                <Tabs tabs label="Sections of your account" wrapped=true />
                <div class="min-w-0">{children()}</div>
            </div>
        </Framed>
    }
}
