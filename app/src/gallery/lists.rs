//! Lists: filters that read as a sentence, a table that sorts and becomes cards on phones, pages, tabs, crumbs.

use leptos::prelude::*;

use super::specimen::{Group, Specimen};
use crate::ui::{
    Avatar, Badge, Breadcrumbs, Button, ButtonSize, ButtonTone, Cell, CellKind, Checkbox, Column, CopyEntry,
    Crumb, CutText, Dot, FilterChip, Icon, MenuButton, MenuLink, MenuRule, Pagination, Row, RowMenu,
    SelectionBar, Sort, Spare, Tab, Table, Tabs, Tone,
};

const PEOPLE: [(&str, &str, &str, bool); 4] = [
    (
        "Adaeze Okonkwo-Featherstonehaugh",
        "adaeze.okonkwo-featherstonehaugh@partners.example.org",
        "Staff",
        true,
    ),
    ("Ben Achterberg", "ben@example.org", "Platform management", false),
    ("Maria Almeida", "maria@example.org", "User Admin", false),
    ("Wu Lan", "wu.lan@example.org", "Staff", false),
];

#[component]
pub(super) fn Lists() -> impl IntoView {
    let columns = vec![
        Column::ticks(),
        Column::new("Name").sorted("#lists", Some(Sort::Ascending)),
        Column::new("E-mail").sorted("#lists", None),
        Column::new("Role").spare(Spare::Late),
        Column::new("Status").sorted("#lists", None),
        Column::new("Sign-ins").spare(Spare::Early).at_end(),
        Column::actions(),
    ];
    let rows = PEOPLE.into_iter().enumerate().map(|(at, person)| row(at, person)).collect::<Vec<_>>();
    let selection = view! {
        <SelectionBar text="Suspending signs people out at once. Nothing is deleted.">
            <Button tone=ButtonTone::Danger size=ButtonSize::Small>
                "Suspend the chosen"
            </Button>
        </SelectionBar>
    };
    let tabs = vec![
        Tab::new("Overview", "#lists").current(true),
        Tab::new("Sessions", "#lists").count(2),
        Tab::new("Activity", "#lists"),
        Tab::new("Rights", "#lists"),
    ];
    view! {
        <Group
            id="lists"
            title="Lists"
            text="The address holds the state: filters, order and page are links. On phones each row becomes a card and \
                  its menu a sheet."
        >
            <Specimen name="Breadcrumbs">
                <Breadcrumbs crumbs=vec![Crumb::new("Home", "#lists"), Crumb::new("People", "#lists")] />
            </Specimen>
            <Specimen name="Tabs">
                <Tabs tabs=tabs.clone() />
                <Tabs tabs=tabs label="The same, wrapped" wrapped=true />
            </Specimen>
            <Specimen name="FilterChip" row=true>
                <span class="text-label text-ink-soft">"People who"</span>
                <FilterChip name="signed in" value="this year" remove="#lists" />
                <span class="text-label text-ink-soft">"and"</span>
                <FilterChip name="have role" value="Staff" remove="#lists" />
            </Specimen>
            <Specimen name="Table, Row, Cell, RowMenu, SelectionBar, Pagination">
                <div class="px-4 lg:px-6">
                    <Table label="People" columns=columns selection=selection.into_any()>
                        {rows}
                    </Table>
                    <Pagination summary="1–4 of 86" previous=None next=Some("#lists".to_owned()) />
                </div>
            </Specimen>
        </Group>
    }
}

fn row(at: usize, (name, email, role, locked): (&'static str, &'static str, &'static str, bool)) -> AnyView {
    let status = match locked {
        true => view! { <Badge label="Locked" tone=Tone::Bad icon=Icon::Lock /> }.into_any(),
        false => view! { <Dot label="Active" /> }.into_any(),
    };
    view! {
        <Row muted=locked>
            <Cell kind=CellKind::Select>
                <Checkbox label="" name="chosen" id=format!("chosen-{at}") spoken=format!("Choose {name}") />
            </Cell>
            <Cell kind=CellKind::Lead>
                <a class="flex min-w-0 items-center gap-2.5 font-medium hover:underline" href="#lists">
                    <Avatar name=name />
                    <span class="truncate">{name}</span>
                </a>
            </Cell>
            <Cell kind=CellKind::Line class="text-ink-soft">
                <CutText text=email />
            </Cell>
            <Cell spare=Spare::Late>
                <span class="block truncate">{role}</span>
            </Cell>
            <Cell>{status}</Cell>
            <Cell label="Sign-ins" spare=Spare::Early at_end=true class="text-ink-soft">
                <span class="figures">{412 - 97 * at}</span>
            </Cell>
            <RowMenu id=format!("gallery-row-{at}") label=format!("Actions for {name}")>
                <MenuLink href="#lists" label="Open" />
                <MenuButton label="Send a reset link" />
                <CopyEntry value=email label="Copy e-mail address" />
                <MenuRule />
                <MenuButton label="Suspend…" danger=true opens_dialog="gallery-dialog" />
            </RowMenu>
        </Row>
    }
    .into_any()
}
