//! Rows that can be ticked, and what can be done with those that are. Without scripts the ticks of this page are sent; with them
//! the choice survives leafing (`public/chosen.js`).

use super::{columns::Shown, link::Link, with_commas};
use crate::{
    people::bulk::actions::ChoosePeople,
    ui::{
        Button, ButtonKind, ButtonSize, ButtonTone, Checkbox, Menu, MenuButton, MenuSide, SelectionBar, Table,
    },
};
use domain::PersonId;
use leptos::{prelude::*, server_fn::ServerFn};
use server::people::Page;

/// The table in a form that says which list it stands in. The choice is kept for this person alone.
pub(super) fn table(
    link: &Link,
    list: String,
    page: &Page,
    manager: PersonId,
    columns: &Shown,
    rows: AnyView,
) -> AnyView {
    let shown = i64::try_from(page.people.len()).unwrap_or(i64::MAX);
    // More than can be counted are more than can be changed at once.
    let everyone = (page.total.exact && page.total.count > shown).then(|| {
        let count = with_commas(page.total.count);
        let label = if link.is_narrowed() {
            format!("All {count} that match")
        } else {
            format!("All {count} people")
        };
        view! {
            <span data-everyone=count>
                <Checkbox label name="everyone" id="choose-everyone" />
            </span>
        }
    });
    let selection = view! {
        <SelectionBar text="Those who are ticked on this page">
            {everyone}
            <button class="link text-label touch:min-h-11" type="button" data-choose-none="" data-needs-script="">"Choose nobody"</button>
            <Button tone=ButtonTone::Secondary size=ButtonSize::Small name="action" value="suspend">"Suspend…"</Button>
            <Button tone=ButtonTone::Secondary size=ButtonSize::Small name="action" value="restore">"Restore…"</Button>
            <Button tone=ButtonTone::Secondary size=ButtonSize::Small kind=ButtonKind::Button opens_menu="people-more">"More"</Button>
            <Menu id="people-more" label="More to do with them" side=MenuSide::Above>
                <MenuButton label="Give a role…" name="action" value="give_role" />
                <MenuButton label="Take a role…" name="action" value="take_role" />
                <MenuButton label="Require a second factor…" name="action" value="require_second_factor" />
                <MenuButton label="No longer require one…" name="action" value="excuse_from_second_factor" />
                <MenuButton label="Export…" name="action" value="export" />
            </Menu>
        </SelectionBar>
    };
    // Whoever chooses everybody is told where others match by then.
    let found = page.total.count.to_string();
    let (columns, whole) = (columns.heads(link, true), columns.is_chosen());
    let manager = manager.to_string();
    view! {
        <form method="post" action=ChoosePeople::PATH data-people-chosen=manager>
            <input type="hidden" name="list" value=list />
            <input type="hidden" name="shown" value=found />
            <Table label="People" columns whole selection=selection.into_any()>{rows}</Table>
        </form>
    }
    .into_any()
}
