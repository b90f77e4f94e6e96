//! Two versions side by side: what was typed, and what somebody else made of the account meanwhile. The editor decides, field by
//! field; what only one of the two has changed is chosen already.

use super::{
    edit_actions::UpdatePerson,
    editing::{AsItWas, Hidden, choice_of, codes},
    person::{Part, Shown},
};
use crate::{
    flash::Flash,
    ui::{Badge, Button, ButtonLink, ButtonTone, Icon, Notice, Tone},
};
use domain::person::PersonStatus;
use leptos::{prelude::*, server_fn::ServerFn};
use server::roles::Role;

/// A field in three versions.
struct Versions {
    /// What the form calls it.
    name: &'static str,
    label: &'static str,
    mine: String,
    theirs: String,
    was: String,
}

impl Versions {
    /// Whether somebody has to decide at all.
    fn differ(&self) -> bool {
        self.mine != self.theirs
    }

    /// What was not typed anew gives way; where both typed, what is there stays unless the editor decides otherwise.
    fn prefers_mine(&self) -> bool {
        self.theirs == self.was
    }

    fn both_changed(&self) -> bool {
        self.mine != self.was && self.theirs != self.was
    }
}

#[component]
pub(super) fn Comparison(flash: Flash, shown: Shown, changed_by: Option<String>) -> impl IntoView {
    let person = shown.person.clone();
    let version = |name, label, theirs: String| Versions {
        name,
        label,
        // One's own status is in no form: nothing was typed for it.
        mine: Some(flash.value(name)).filter(|typed| !typed.is_empty()).unwrap_or_else(|| theirs.clone()),
        theirs,
        was: flash.value(&format!("was_{name}")),
    };
    let fields = [
        version("full_name", "Full name", person.full_name.to_string()),
        version("email", "E-mail", person.email.to_string()),
        version("roles", "Roles", codes(&person)),
        version("status", "Status", choice_of(person.status).to_owned()),
    ];
    let who = changed_by.unwrap_or_else(|| "Somebody else".into());
    let rows = fields
        .into_iter()
        .map(|field| {
            if field.differ() {
                view! { <Decide field roles=shown.roles.clone() /> }.into_any()
            } else {
                view! { <input type="hidden" name=field.name value=field.theirs /> }.into_any()
            }
        })
        .collect::<Vec<_>>();
    let back = Part::Overview.of(shown.id());
    view! {
        <form class="grid gap-5" method="post" action=UpdatePerson::PATH novalidate data-comparison="">
            <Notice tone=Tone::Warn icon=Icon::TriangleAlert title="This account was changed in the meantime">
                {format!("{who} changed it while you were editing. Nothing of yours is saved yet. Choose for each field what it should be.")}
            </Notice>
            <Hidden was=AsItWas::now(&person) />
            <input type="hidden" name="decided" value="true" />
            <div class="grid gap-4">{rows}</div>
            <div class="flex flex-wrap gap-2">
                <Button>"Save what is chosen"</Button>
                <ButtonLink href=back label="Leave it as it is now" tone=ButtonTone::Quiet />
            </div>
        </form>
    }
}

#[component]
fn Decide(field: Versions, roles: Vec<Role>) -> impl IntoView {
    let (name, label) = (field.name, field.label);
    let words = |value: &str| in_words(name, value, &roles);
    let (mine, theirs) = (words(&field.mine), words(&field.theirs));
    let both =
        field.both_changed().then(|| view! { <Badge label="Both of you changed it" tone=Tone::Warn /> });
    let prefers_mine = field.prefers_mine();
    view! {
        <fieldset class="rounded-card border border-line bg-sheet p-4">
            <legend class="flex flex-wrap items-center gap-2 px-1 font-medium">{label} {both}</legend>
            <div class="grid gap-3 sm:grid-cols-2">
                <Side id=format!("{name}-mine") name value=field.mine head="What you typed" words=mine checked=prefers_mine />
                <Side id=format!("{name}-theirs") name value=field.theirs head="As it is now" words=theirs checked=!prefers_mine />
            </div>
        </fieldset>
    }
}

#[component]
fn Side(
    id: String,
    name: &'static str,
    value: String,
    head: &'static str,
    words: String,
    checked: bool,
) -> impl IntoView {
    let input = id.clone();
    view! {
        <label
            class="flex min-w-0 items-start gap-2.5 rounded-control border border-line p-3 has-[:checked]:border-accent has-[:checked]:bg-wash"
            for=input
        >
            <input class="tick" type="radio" id=id name=name value=value checked=checked />
            <span class="min-w-0">
                <span class="block text-label text-ink-faint">{head}</span>
                <span class="wrap-anywhere">{words}</span>
            </span>
        </label>
    }
}

/// A value as people read it.
fn in_words(field: &str, value: &str, roles: &[Role]) -> String {
    match field {
        "roles" => {
            let name = |code: &str| {
                roles
                    .iter()
                    .find(|role| role.code.as_str() == code)
                    .map_or(code.to_owned(), |role| role.name.clone())
            };
            value.split(',').map(name).collect::<Vec<_>>().join(", ")
        }
        "status" => {
            let status = PersonStatus::ALL.into_iter().find(|status| status.code() == value);
            status.map_or(value, |status| status.label()).to_owned()
        }
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(was: &str, mine: &str, theirs: &str) -> Versions {
        Versions { name: "email", label: "E-mail", mine: mine.into(), theirs: theirs.into(), was: was.into() }
    }

    #[test]
    fn u3_what_only_one_has_changed_is_chosen_already() {
        let only_mine = versions("a", "b", "a");
        assert!(only_mine.differ() && only_mine.prefers_mine() && !only_mine.both_changed());
        let only_theirs = versions("a", "a", "b");
        assert!(only_theirs.differ() && !only_theirs.prefers_mine() && !only_theirs.both_changed());
        let both = versions("a", "b", "c");
        assert!(both.differ() && !both.prefers_mine() && both.both_changed());
        assert!(!versions("a", "b", "b").differ(), "both wanted the same");
    }
}
