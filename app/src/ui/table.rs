//! Tables: sort headers that are links, rows that become cards on phones, a menu at the end of each row.
//!
//! The ARIA roles repeat what the elements say, because on phones they are no longer displayed as a table.

use leptos::prelude::*;

use super::{Glyph, Icon, IconButton, Menu};

/// The order of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Ascending,
    Descending,
}

/// Which columns give way first when the window is narrow. On phones all of them are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spare {
    /// Hidden below 1536 pixels.
    Early,
    /// Hidden below 1280 pixels.
    Late,
    /// Hidden below 1024 pixels.
    Last,
}

impl Spare {
    const fn attribute(self) -> &'static str {
        match self {
            Spare::Early => "early",
            Spare::Late => "late",
            Spare::Last => "last",
        }
    }
}

/// The head of a column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    label: &'static str,
    /// The columns of ticks and of menus: as narrow as what is in them, and their heads are spoken, not shown.
    kind: CellKind,
    sort: Option<(String, Option<Sort>)>,
    spare: Option<Spare>,
    at_end: bool,
}

impl Column {
    pub fn new(label: &'static str) -> Self {
        Self { label, ..Self::default() }
    }

    /// The column of ticks.
    pub fn ticks() -> Self {
        Self { label: "Chosen", kind: CellKind::Select, ..Self::default() }
    }

    /// The column of row menus.
    pub fn actions() -> Self {
        Self { label: "Actions", kind: CellKind::Actions, ..Self::default() }
    }

    /// The head becomes a link to the list in another order; `now` is the order it has.
    pub fn sorted(mut self, href: impl Into<String>, now: Option<Sort>) -> Self {
        self.sort = Some((href.into(), now));
        self
    }

    /// May be left out in narrow windows; its cells say the same.
    pub fn spare(mut self, spare: Spare) -> Self {
        self.spare = Some(spare);
        self
    }

    /// Figures stand at the end.
    pub fn at_end(mut self) -> Self {
        self.at_end = true;
        self
    }

    fn is_spoken_only(&self) -> bool {
        self.kind != CellKind::Rest
    }

    fn draw(self) -> AnyView {
        let kind = self.is_spoken_only().then(|| self.kind.attribute());
        let order = self.sort.as_ref().and_then(|(_, now)| *now);
        let icon = if order == Some(Sort::Descending) { Icon::ArrowDown } else { Icon::ArrowUp };
        let label = match self.sort {
            Some((href, _)) => view! {
                <a class="sort" href=href>
                    {self.label}
                    <Glyph icon=icon size=13 />
                </a>
            }
            .into_any(),
            None if self.kind == CellKind::Select => view! {
                <span class="sr-only">{self.label}</span>
                <input class="tick" type="checkbox" aria-label="Choose all on this page" data-choose-page="" data-needs-script="" />
            }
            .into_any(),
            None if self.is_spoken_only() => view! { <span class="sr-only">{self.label}</span> }.into_any(),
            None => self.label.into_any(),
        };
        let aria_sort = order.map(|order| match order {
            Sort::Ascending => "ascending",
            Sort::Descending => "descending",
        });
        view! {
            <th
                scope="col"
                role="columnheader"
                data-cell=kind
                aria-sort=aria_sort
                data-align=self.at_end.then_some("end")
                data-spare=self.spare.map(Spare::attribute)
            >
                {label}
            </th>
        }
        .into_any()
    }
}

/// A table that runs to the edges of its page; its children are `Row`s.
#[component]
pub fn Table(
    /// What is listed.
    #[prop(into)]
    label: String,
    columns: Vec<Column>,
    /// Somebody chose the columns: none of them gives way, and where they do not fit the table is moved sideways in its frame.
    #[prop(optional)]
    whole: bool,
    /// A `SelectionBar`, where rows can be ticked.
    #[prop(optional)]
    selection: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let look = format!("data-table {}", sharing(&columns, whole));
    let heads = columns.into_iter().map(Column::draw).collect::<Vec<_>>();
    view! {
        <div class="table-area" data-whole=whole.then_some("")>
            <div class="table-frame">
                <table class=look role="table" aria-label=label>
                    <thead role="rowgroup">
                        <tr role="row">{heads}</tr>
                    </thead>
                    <tbody role="rowgroup">{children()}</tbody>
                </table>
            </div>
            {selection}
        </div>
    }
}

/// The classes that say how many columns share the width, in wide windows and in each that is narrower.
fn sharing(columns: &[Column], whole: bool) -> String {
    let shared = columns.iter().filter(|column| !column.is_spoken_only());
    let without = |hidden| {
        shared.clone().filter(|column| whole || column.spare.is_none_or(|spare| spare > hidden)).count()
    };
    let (all, wide, middle, narrow) =
        (shared.clone().count(), without(Spare::Early), without(Spare::Late), without(Spare::Last));
    format!(
        "columns-of-{all} max-2xl:columns-of-{wide} max-xl:columns-of-{middle} max-lg:columns-of-{narrow}"
    )
}

/// A row; its children are `Cell`s.
#[component]
pub fn Row(
    /// What is in it is out of use.
    #[prop(optional)]
    muted: bool,
    children: Children,
) -> impl IntoView {
    view! { <tr role="row" data-muted=muted.then_some("")>{children()}</tr> }
}

/// What becomes of a cell on phones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// Flows with the other cells in the card's last lines.
    #[default]
    Rest,
    /// The card's title: who or what the row is.
    Lead,
    /// A line of its own.
    Line,
    /// The row's menu, in the card's corner.
    Actions,
    /// The tick; on phones it stands before the card.
    Select,
}

impl CellKind {
    const fn attribute(self) -> &'static str {
        match self {
            CellKind::Rest => "rest",
            CellKind::Lead => "lead",
            CellKind::Line => "line",
            CellKind::Actions => "actions",
            CellKind::Select => "select",
        }
    }
}

/// A cell.
#[component]
pub fn Cell(
    #[prop(optional)] kind: CellKind,
    /// Drawn before the value on phones, where the column's head is out of sight.
    #[prop(optional)]
    label: Option<&'static str>,
    #[prop(optional)] spare: Option<Spare>,
    /// Figures stand at the end.
    #[prop(optional)]
    at_end: bool,
    /// Further classes, for words only: "text-ink-soft".
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <td
            class=class
            role="cell"
            data-cell=kind.attribute()
            data-label=label
            data-align=at_end.then_some("end")
            data-spare=spare.map(Spare::attribute)
        >
            {children()}
        </td>
    }
}

/// The last cell of a row: three dots that open a menu. Its children are menu entries.
#[component]
pub fn RowMenu(
    /// One of its kind in the page.
    #[prop(into)]
    id: String,
    /// As "Actions for Maria Almeida".
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <Cell kind=CellKind::Actions>
            <IconButton icon=Icon::Ellipsis label=label.clone() opens_menu=id.clone() />
            <Menu id=id label=label>
                {children()}
            </Menu>
        </Cell>
    }
}

/// What can be done with the ticked rows; it comes up from the foot as soon as one is ticked.
#[component]
pub fn SelectionBar(
    /// What will happen, as "Suspending signs people out at once".
    #[prop(into)]
    text: String,
    children: Children,
) -> impl IntoView {
    let look = "selection-bar sticky z-10 flex-wrap items-center justify-between gap-3 border-t border-line bg-sheet \
                px-6 py-3 shadow-float max-md:gap-y-1 max-md:px-4 max-md:py-2";
    view! {
        <div class=look role="region" aria-label="Selected rows">
            <p class="text-ink-soft" data-selection-words="">{text}</p>
            <div class="flex flex-wrap items-center gap-2">{children()}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_are_hidden_leave_their_share_to_the_others() {
        let columns = [
            Column::ticks(),
            Column::new("Name"),
            Column::new("Role").spare(Spare::Last),
            Column::new("Username").spare(Spare::Late),
            Column::new("Joined").spare(Spare::Early),
            Column::actions(),
        ];
        let classes = "columns-of-4 max-2xl:columns-of-3 max-xl:columns-of-2 max-lg:columns-of-1";
        assert_eq!(sharing(&columns, false), classes);
        let whole = "columns-of-4 max-2xl:columns-of-4 max-xl:columns-of-4 max-lg:columns-of-4";
        assert_eq!(sharing(&columns, true), whole);
    }
}
