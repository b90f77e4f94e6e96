//! The frame round every page: a rail with the places, a top bar with title and action, a bottom bar on phones.
//!
//! Layout only. It is given what to show and where its two forms (role, sign-out) post to; it asks nobody.

use domain::listing::SearchText;
use leptos::prelude::*;

use super::navigation::{BottomLink, RailGroups};
use super::{
    Avatar, AvatarSize, BackLink, Breadcrumbs, Crumb, Glyph, Icon, Menu, MenuButton, MenuHeading, MenuLink,
    MenuRule, MenuSide, NavGroup, Shortcut, ThemeSwitch, Wordmark,
};

/// A role that the person has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleChoice {
    pub code: String,
    pub label: String,
}

/// Who is signed in, and how they act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FramePerson {
    pub name: String,
    pub email: String,
    /// The code of the role they act in.
    pub role: String,
    /// All their roles; with one alone there is nothing to switch.
    pub roles: Vec<RoleChoice>,
    /// Where `<form method="post">` with `role=CODE` goes.
    pub role_action: String,
    /// Where `<form method="post">` to sign out goes.
    pub sign_out_action: String,
    pub account_href: String,
    /// Where a press on the theme switch posts `theme=…` to.
    pub theme_action: String,
}

impl FramePerson {
    fn role_label(&self) -> String {
        let role = self.roles.iter().find(|role| role.code == self.role);
        role.map_or_else(|| self.role.clone(), |role| role.label.clone())
    }
}

/// A page in its frame; the children are the page itself.
#[component]
pub fn Frame(
    /// The address of the place in `navigation` that is the present one.
    #[prop(into)]
    place: String,
    navigation: Vec<NavGroup>,
    person: FramePerson,
    /// The page's `h1`.
    #[prop(into)]
    title: String,
    /// The places above the page.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// A quiet figure behind the title, as "1,284".
    #[prop(optional, into)]
    count: Option<String>,
    /// The page's one primary action.
    #[prop(optional)]
    action: Option<AnyView>,
    /// The way into search and the command palette: a `SearchTrigger`.
    #[prop(optional)]
    search: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let back = crumbs.last().cloned().map(|crumb| view! { <BackLink crumb=crumb /> });
    let trail = (!crumbs.is_empty()).then(|| view! { <Breadcrumbs crumbs=crumbs /> });
    let count = count.filter(|count| !count.is_empty()).map(
        |count| view! { <span class="text-label text-ink-faint figures" id="page-count">{count}</span> },
    );
    view! {
        <a class="skip-link" href="#content">
            "Skip to content"
        </a>
        <div class="frame">
            <Rail place=place.clone() groups=navigation.clone() person=person.clone() />
            <div class="min-w-0">
                <header class="top-bar">
                    <div class="flex min-w-0 flex-1 items-center gap-1.5">
                        {back} {trail}
                        <h1
                            class="truncate text-read font-semibold tracking-tight md:text-work"
                            id="page-title"
                            tabindex="-1"
                        >
                            {title}
                        </h1>
                        {count}
                    </div>
                    <div class="top-bar-tools flex shrink-0 items-center gap-2">{search} {action}</div>
                </header>
                <main class="page" id="content">
                    {children()}
                </main>
            </div>
            <BottomBar place=place groups=navigation person=person />
        </div>
    }
}

/// The way into the command palette. For whoever may find people it is a box that searches them where no script runs; for
/// others the palette knows only what the navigation leads to, so without scripts it is not there.
#[component]
pub fn SearchTrigger(finds_people: bool) -> impl IntoView {
    let look = "inline-flex h-8 items-center rounded-control border border-line-strong/55 bg-sheet text-ink-faint \
                transition-colors lg:w-60 touch:h-11 touch:w-11 touch:border-transparent touch:bg-transparent";
    let opener = "inline-flex h-full min-w-8 shrink-0 items-center justify-center rounded-control hover:text-ink touch:w-11";
    let shortcut = view! {
        <span class="pointer-events-none hidden pr-2 lg:inline-flex touch:hidden" aria-hidden="true" data-needs-script="">
            <Shortcut keys="Ctrl K" />
        </span>
    };
    if !finds_people {
        return view! {
            <button class=format!("{look} cursor-pointer hover:bg-wash hover:text-ink") type="button" data-palette="" data-needs-script="" aria-keyshortcuts="Control+K Meta+K">
                <span class=opener><Glyph icon=Icon::Search size=15 /></span>
                <span class="flex-1 text-start max-lg:sr-only touch:sr-only">"Jump to a page"</span>
                {shortcut}
            </button>
        }
        .into_any();
    }
    view! {
        <form class=format!("{look} has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-2 has-[input:focus-visible]:outline-accent") action="/people" data-palette="">
            <button class=opener type="submit" aria-label="Search" aria-keyshortcuts="Control+K Meta+K">
                <Glyph icon=Icon::Search size=15 />
            </button>
            <input
                class="min-w-0 flex-1 bg-transparent text-work text-ink outline-none placeholder:text-ink-faint max-lg:hidden touch:hidden"
                name="search"
                type="search"
                placeholder="Search or jump to"
                aria-label="Find people or jump to a page"
                maxlength=SearchText::LONGEST.to_string()
                autocomplete="off"
            />
            {shortcut}
        </form>
    }
    .into_any()
}

#[component]
fn Rail(place: String, groups: Vec<NavGroup>, person: FramePerson) -> impl IntoView {
    let role = person.role_label();
    view! {
        <nav class="side-rail" aria-label="Main">
            <a class="rail-home mb-4 flex h-9 items-center px-2" href="/" aria-label="Countersign, home">
                <Wordmark />
            </a>
            <RailGroups groups=groups place=place />
            <div class="mt-auto pt-4">
                <button
                    class="rail-person flex w-full items-center gap-2.5 rounded-control p-2 text-start hover:bg-wash"
                    type="button"
                    popovertarget="account-menu"
                >
                    <Avatar name=person.name.clone() size=AvatarSize::Rail />
                    <span class="rail-word min-w-0 flex-1">
                        <span class="block truncate font-medium">{person.name.clone()}</span>
                        <span class="block truncate text-small text-ink-faint">
                            <span class="sr-only">"Acting as "</span>
                            {role}
                        </span>
                    </span>
                    <span class="rail-word text-ink-faint">
                        <Glyph icon=Icon::Chevrons size=15 />
                    </span>
                </button>
                <Menu id="account-menu" label="Your account" side=MenuSide::Above>
                    <AccountEntries person=person />
                </Menu>
            </div>
        </nav>
    }
}

#[component]
fn BottomBar(place: String, groups: Vec<NavGroup>, person: FramePerson) -> impl IntoView {
    let (main, rest): (Vec<_>, Vec<_>) =
        groups.into_iter().flat_map(|group| group.items).partition(|item| item.main);
    let seats = main
        .into_iter()
        .map(|item| {
            let current = item.href == place;
            view! { <BottomLink item=item current=current /> }
        })
        .collect_view();
    let entries = rest
        .into_iter()
        .map(|item| {
            let current = item.href == place;
            view! { <MenuLink href=item.href label=item.label icon=item.icon current=current /> }
        })
        .collect_view();
    view! {
        <nav class="bottom-bar" aria-label="Main">
            {seats}
            <button class="bottom-link" type="button" popovertarget="more-menu">
                <Glyph icon=Icon::Ellipsis size=20 />
                <span>"More"</span>
            </button>
            <Menu id="more-menu" label="More places, and your account">
                {entries}
                <MenuRule />
                <AccountEntries person=person />
            </Menu>
        </nav>
    }
}

/// Who one is, the roles to switch to, account, theme, sign-out.
#[component]
fn AccountEntries(person: FramePerson) -> impl IntoView {
    let roles = (person.roles.len() > 1).then(|| {
        let entries = person
            .roles
            .into_iter()
            .map(|role| {
                let current = role.code == person.role;
                view! { <RoleEntry role=role current=current /> }
            })
            .collect_view();
        view! {
            <MenuRule />
            <MenuHeading label="Acting as" />
            <form method="post" action=person.role_action>
                {entries}
            </form>
        }
    });
    view! {
        <div class="flex items-center gap-3 px-2 py-2">
            <Avatar name=person.name.clone() size=AvatarSize::List />
            <div class="min-w-0">
                <p class="truncate font-medium">{person.name}</p>
                <p class="truncate text-label text-ink-faint">{person.email}</p>
            </div>
        </div>
        {roles}
        <MenuRule />
        <MenuLink href=person.account_href label="My account" icon=Icon::User />
        <ThemeSwitch action=person.theme_action.clone() />
        <MenuRule />
        <form method="post" action=person.sign_out_action>
            <MenuButton label="Sign out" icon=Icon::LogOut />
        </form>
    }
}

#[component]
fn RoleEntry(role: RoleChoice, current: bool) -> impl IntoView {
    let sign = match current {
        true => view! { <Glyph icon=Icon::Check /> }.into_any(),
        false => view! { <span class="w-4"></span> }.into_any(),
    };
    view! {
        <button
            class="menu-item"
            type="submit"
            name="role"
            value=role.code
            aria-current=current.then_some("true")
        >
            {sign}
            <span class="min-w-0 flex-1 truncate">{role.label}</span>
        </button>
    }
}
