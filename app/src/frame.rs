//! The frame, filled: the places this person may go to, who they are, what the page before left to be said, and the script
//! that wakes the islands.

use crate::{
    account::preferences_actions::SaveTheme,
    flash::Flash,
    identity::actions::{ActAs, SignOut},
    page::Visit,
    palette::{Command, CommandPalette},
    ui::{
        Crumb, Frame, FramePerson, Icon, NavGroup, NavItem, RoleChoice, SearchTrigger, Toast, Toasts, Tone,
    },
};
use domain::Permission;
use leptos::{prelude::*, server_fn::ServerFn};
use server::{Actor, Result};

/// What the frame needs to know besides the page itself; gathered before the page is drawn.
pub struct Surroundings {
    actor: Actor,
    flash: Flash,
    development: bool,
    assets: String,
}

impl Surroundings {
    /// Gathers them for whoever is signed in.
    pub async fn of(visit: &Visit) -> Result<Self> {
        let page = visit.address.split('?').next().unwrap_or_default();
        Ok(Self {
            actor: visit.actor()?.clone(),
            flash: visit.take_flash().await.for_page(page),
            development: visit.backend.config.development,
            assets: assets(visit),
        })
    }

    /// What a form on the page before left for this one: it is told there, and not once more beside the page.
    pub fn form(&mut self) -> Flash {
        let good = self.flash.good.take();
        std::mem::replace(&mut self.flash, Flash { good, ..Flash::default() })
    }

    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What the page before left: what the frame does not show by itself (wrong fields, values) is there for the page.
    pub const fn flash(&self) -> &Flash {
        &self.flash
    }
}

/// A page in its frame.
#[component]
pub fn Framed(
    around: Surroundings,
    /// The place in the navigation that is the present one.
    place: &'static str,
    #[prop(into)] title: String,
    #[prop(optional)] crumbs: Vec<Crumb>,
    #[prop(optional_no_strip, into)] count: Option<String>,
    /// The page's one primary action.
    #[prop(optional_no_strip)]
    action: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let Surroundings { actor, flash, development, assets } = around;
    let groups = places(&actor, development);
    let commands = commands(&groups);
    let finds_people = actor.has(Permission::UsersView);
    let search = view! { <SearchTrigger finds_people /> }.into_any();
    let count = count.unwrap_or_default();
    let action = action.unwrap_or_else(|| ().into_any());
    view! {
        {crate::page::title(&title)}
        <Frame place=place navigation=groups person=person(&actor) title=title crumbs=crumbs count=count action=action search=search>
            {children()}
        </Frame>
        <Toasts>
            {flash.good.map(|message| view! { <Toast message /> })}
            {flash.bad.map(|message| view! { <Toast tone=Tone::Bad message /> })}
        </Toasts>
        <CommandPalette commands sign_out=SignOut::PATH.to_owned() finds_people />
        <Islands assets />
    }
}

/// Where the browser's half lies.
pub fn assets(visit: &Visit) -> String {
    format!("assets/{}/pkg", visit.backend.site.hash())
}

/// Wakes the islands. Pages without any load no wasm: the sign-in page above all.
#[component]
pub fn Islands(assets: String) -> impl IntoView {
    let options = LeptosOptions::builder().output_name("countersign").site_pkg_dir(assets).build();
    view! { <HydrationScripts options islands=true /> }
}

/// The places this person may go to. What one may not do is not shown.
fn places(actor: &Actor, development: bool) -> Vec<NavGroup> {
    let mut main = vec![NavItem::new("Home", Icon::House, "/").main()];
    if actor.has(Permission::UsersView) {
        main.push(NavItem::new("People", Icon::Users, "/people").main());
    }
    if actor.has(Permission::RolesManage) {
        main.push(NavItem::new("Roles", Icon::ShieldCheck, "/roles"));
    }
    if actor.has(Permission::AuditView) {
        main.push(NavItem::new("Audit trail", Icon::ScrollText, "/audit"));
    }
    main.push(NavItem::new("My account", Icon::User, "/account").main());
    let mut groups = vec![NavGroup::new(main)];
    if development {
        let mut pages = vec![
            NavItem::new("Components", Icon::Stamp, "/ui"),
            NavItem::new("API", Icon::BookOpen, "/api/docs"),
        ];
        if actor.has(Permission::UsersView) {
            pages.insert(0, NavItem::new("Mail box", Icon::Mail, "/mailbox"));
        }
        groups.push(NavGroup::titled("Development", pages));
    }
    groups
}

fn commands(groups: &[NavGroup]) -> Vec<Command> {
    let places = groups.iter().flat_map(|group| &group.items);
    places.map(|item| Command { label: format!("Go to {}", item.label), href: item.href.clone() }).collect()
}

fn person(actor: &Actor) -> FramePerson {
    FramePerson {
        name: actor.full_name().to_string(),
        email: actor.email().to_string(),
        role: actor.role().to_string(),
        roles: actor
            .roles()
            .iter()
            .map(|role| RoleChoice { code: role.code.to_string(), label: role.name.clone() })
            .collect(),
        role_action: ActAs::PATH.to_owned(),
        sign_out_action: SignOut::PATH.to_owned(),
        account_href: "/account".into(),
        theme_action: SaveTheme::PATH.to_owned(),
    }
}
