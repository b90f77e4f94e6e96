//! The columns of the list: which there are, and which of them somebody wants to see. The choice is kept in a cookie.

use super::link::Link;
use crate::ui::{Button, ButtonSize, Checkbox, Column, Menu, MenuHeading, MenuSide, Sort, Spare};
use axum::http::request::Parts;
use domain::listing::PeopleColumn;
use leptos::{prelude::*, server_fn::ServerFn};
use server::http::cookies;

/// The cookie that keeps the choice.
pub(in crate::people) const COOKIE: &str = "people_columns";

/// A column that may be left out. The name always stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Optional {
    Email,
    Username,
    Role,
    Status,
    SecondFactor,
    LastSignIn,
    SignIns,
    Joined,
}

impl Optional {
    const ALL: [Self; 8] = [
        Self::Email,
        Self::Username,
        Self::Role,
        Self::Status,
        Self::SecondFactor,
        Self::LastSignIn,
        Self::SignIns,
        Self::Joined,
    ];
    const USUAL: [Self; 6] =
        [Self::Email, Self::Username, Self::Role, Self::Status, Self::LastSignIn, Self::Joined];

    const fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Username => "username",
            Self::Role => "role",
            Self::Status => "status",
            Self::SecondFactor => "mfa",
            Self::LastSignIn => "last_login",
            Self::SignIns => "login_count",
            Self::Joined => "created",
        }
    }

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Email => "E-mail",
            Self::Username => "Username",
            Self::Role => "Role",
            Self::Status => "Status",
            Self::SecondFactor => "Second factor",
            Self::LastSignIn => "Last sign-in",
            Self::SignIns => "Sign-ins",
            Self::Joined => "Joined",
        }
    }

    const fn sorts_by(self) -> PeopleColumn {
        match self {
            Self::Email => PeopleColumn::Email,
            Self::Username => PeopleColumn::Username,
            Self::Role => PeopleColumn::Role,
            Self::Status => PeopleColumn::Status,
            Self::SecondFactor => PeopleColumn::SecondFactor,
            Self::LastSignIn => PeopleColumn::LastSignIn,
            Self::SignIns => PeopleColumn::SignIns,
            Self::Joined => PeopleColumn::Created,
        }
    }

    pub(super) const fn spare(self) -> Option<Spare> {
        match self {
            Self::Email | Self::Status => None,
            Self::Username | Self::SecondFactor | Self::SignIns | Self::Joined => Some(Spare::Early),
            Self::Role => Some(Spare::Last),
            Self::LastSignIn => Some(Spare::Late),
        }
    }
}

/// The columns that are shown, beside the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    columns: Vec<Optional>,
    /// Somebody chose them, so all of them stay in a narrow window too.
    is_chosen: bool,
}

impl Shown {
    /// As this browser has chosen, or the usual ones.
    pub(super) fn of_this_browser() -> Self {
        let parts = expect_context::<Parts>();
        let kept = cookies::preference(&parts.headers, COOKIE);
        let usual = || Self { columns: Optional::USUAL.to_vec(), is_chosen: false };
        kept.map_or_else(usual, |words| Self::chosen(words.split('.')))
    }

    /// Those that are named, in their own order; names that mean nothing are passed over.
    pub(in crate::people) fn chosen<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Self {
        let is_named = |column: &Optional| words.clone().any(|word| word == column.word());
        Self { columns: Optional::ALL.into_iter().filter(is_named).collect(), is_chosen: true }
    }

    /// As the cookie keeps it. The name is always among them: a cookie without a value is taken for none.
    pub(in crate::people) fn in_words(&self) -> String {
        let words = self.columns.iter().map(|column| column.word());
        std::iter::once("name").chain(words).collect::<Vec<_>>().join(".")
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Optional> + '_ {
        self.columns.iter().copied()
    }

    pub(super) const fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    /// The heads, links that sort: but by names and addresses only where these are not encrypted. Before them the ticks, where rows can be `chosen`.
    pub(super) fn heads(&self, link: &Link, chosen: bool) -> Vec<Column> {
        let sorted = |label, column: PeopleColumn| {
            if !link.sorts_names && matches!(column, PeopleColumn::Name | PeopleColumn::Email) {
                return Column::new(label);
            }
            let now = (link.order.column == column).then_some(if link.order.descending {
                Sort::Descending
            } else {
                Sort::Ascending
            });
            Column::new(label).sorted(link.ordered(link.order.toggled(column)), now)
        };
        let optional = self.iter().map(|column| {
            let head = sorted(column.label(), column.sorts_by());
            let head = column.spare().into_iter().fold(head, Column::spare);
            if column == Optional::SignIns { head.at_end() } else { head }
        });
        let mut heads = Vec::new();
        heads.extend(chosen.then(Column::ticks));
        heads.push(sorted("Name", PeopleColumn::Name));
        heads.extend(optional);
        heads.push(Column::actions());
        heads
    }
}

/// The menu in which the columns are chosen.
#[component]
pub(super) fn ColumnChoice(shown: Shown, back: String) -> impl IntoView {
    let ticks = Optional::ALL.into_iter().map(|column| {
        let (word, checked) = (column.word(), shown.iter().any(|one| one == column));
        view! { <Checkbox label=column.label() name="columns[]" value=word id=format!("column-{word}") checked /> }
    });
    let ticks = ticks.collect_view();
    view! {
        <Menu id="people-columns" label="Columns" side=MenuSide::End>
            <form class="grid gap-2 p-1" method="post" action=super::actions::ChooseColumns::PATH>
                <MenuHeading label="Show besides the name" />
                <div class="grid gap-1.5 px-2">{ticks}</div>
                <input type="hidden" name="back" value=back />
                <div class="px-2 pt-1 pb-1.5">
                    <Button size=ButtonSize::Small>"Show these columns"</Button>
                </div>
            </form>
        </Menu>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u5_the_columns_are_kept_as_words() {
        let shown = Shown::chosen("created.mfa.nonsense.email".split('.'));
        assert_eq!(shown.columns, [Optional::Email, Optional::SecondFactor, Optional::Joined]);
        assert_eq!(shown.in_words(), "name.email.mfa.created");
        assert_eq!(Shown::chosen("".split('.')).columns, []);
    }
}
