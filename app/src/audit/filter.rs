//! What the list is narrowed to: a form that leads to an address, and each condition as a chip that can be taken away.

use crate::{
    people::with_commas,
    ui::{Button, ButtonLink, ButtonTone, Choice, FilterChip, Fold, Icon, InputKind, Select, TextField},
};
use domain::FieldErrors;
use leptos::prelude::*;
use server::{audit::TrailForm, http::intake::encode};

/// What was asked for, as it stands in the address.
pub fn read(parameter: impl Fn(&str) -> Option<String>) -> TrailForm {
    // Longer than anything that one of the conditions can be is cut, and then wrong.
    let text = |name| parameter(name).unwrap_or_default().chars().take(200).collect::<String>();
    TrailForm {
        actor: text("actor"),
        subject: text("subject"),
        action: text("action"),
        from: text("from"),
        to: text("to"),
        ip: text("ip"),
        outcome: text("outcome"),
    }
}

/// The conditions as they travel in an address, without the question mark.
pub fn query(form: &TrailForm) -> String {
    let pairs = form.set().into_iter().map(|(name, value)| format!("{name}={}", encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The address of the page with these conditions, and what else it names.
pub fn address(form: &TrailForm, more: &str) -> String {
    let parts = [query(form), more.to_owned()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "/audit".into() } else { format!("/audit?{}", parts.join("&")) }
}

/// The form, folded away unless something in it is wrong, and the conditions that are set.
#[component]
pub fn TrailFilter(
    form: TrailForm,
    errors: FieldErrors,
    actions: Vec<String>,
    /// Then a part of a name is answered with those who have it.
    sees_people: bool,
) -> impl IntoView {
    let chips = form.set().into_iter().map(|(name, value)| chip(&form, name, value)).collect_view();
    let chips = (!form.is_empty()).then(|| {
        view! {
            <div class="flex min-w-0 flex-wrap items-center gap-1.5" role="group" aria-label="Filters that are set">
                {chips}
            </div>
        }
    });
    let wrong = |name: &str| errors.of(name).map(str::to_owned);
    let (wrong_actor, wrong_subject, wrong_action) = (wrong("actor"), wrong("subject"), wrong("action"));
    let (wrong_from, wrong_to) = (wrong("from"), wrong("to"));
    let (wrong_ip, wrong_outcome) = (wrong("ip"), wrong("outcome"));
    let whom = if sees_people { "A username, or a part of a name to choose from" } else { "A username" };
    // What is set stands in the chips below; what is wrong has to be seen.
    let (open, is_set) = (!errors.is_empty(), !form.is_empty());
    view! {
        <div class="grid min-w-0 gap-3">
            <Fold summary="Filter" open>
                <form class="grid items-start gap-3 rounded-card border border-line bg-sheet p-4 sm:grid-cols-2 lg:grid-cols-4" action="/audit" role="search">
                    <TextField label="By whom" name="actor" value=form.actor.clone() error=wrong_actor hint=whom placeholder="maria, operator, program" verbatim=true />
                    <TextField label="About whom" name="subject" value=form.subject.clone() error=wrong_subject hint=whom placeholder="maria" verbatim=true />
                    <Select label="What" name="action" choices=what(&actions, &form.action) selected=form.action.clone() error=wrong_action />
                    <Select label="How it ended" name="outcome" choices=outcomes(&form.outcome) selected=form.outcome.clone() error=wrong_outcome />
                    <TextField label="From (UTC)" name="from" kind=day(&form.from) value=form.from.clone() error=wrong_from />
                    <TextField label="Until (UTC)" name="to" kind=day(&form.to) value=form.to.clone() error=wrong_to />
                    <TextField label="IP address" name="ip" value=form.ip.clone() error=wrong_ip verbatim=true />
                    <div class="flex items-center gap-2 self-end sm:max-lg:self-center lg:pt-[1.6rem]">
                        <Button tone=ButtonTone::Secondary icon=Icon::ListFilter>"Show these"</Button>
                        {is_set.then(|| view! { <ButtonLink href="/audit" label="Show all" tone=ButtonTone::Quiet /> })}
                    </div>
                </form>
            </Fold>
            {chips}
        </div>
    }
}

/// A day is chosen from a calendar; a moment that somebody put into the address stays as it was written.
fn day(value: &str) -> InputKind {
    if value.is_empty() || value.len() == "2026-11-21".len() { InputKind::Date } else { InputKind::Text }
}

fn chip(form: &TrailForm, name: &'static str, value: &str) -> impl IntoView + use<> {
    let mut without = form.clone();
    let (field, words) = match name {
        "actor" => (&mut without.actor, "by"),
        "subject" => (&mut without.subject, "about"),
        "action" => (&mut without.action, "that are"),
        "from" => (&mut without.from, "from"),
        "to" => (&mut without.to, "until"),
        "ip" => (&mut without.ip, "from the address"),
        _ => (&mut without.outcome, "that ended"),
    };
    field.clear();
    let shown = if name == "action" { said(value) } else { value.to_owned() };
    view! { <FilterChip name=words value=shown remove=address(&without, "") /> }
}

/// Everything that is in the trail, and families of it.
fn what(actions: &[String], chosen: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", "Everything")];
    let mut family = "";
    for action in actions {
        let head = action.split_inclusive('.').next().unwrap_or_default();
        if head != family && head.ends_with('.') {
            family = head;
            choices.push(Choice::new(head, format!("{} (all)", said(head))));
        }
        choices.push(Choice::new(action.clone(), said(action)));
    }
    if !choices.iter().any(|choice| choice.value == chosen) {
        choices.push(Choice::new(chosen, chosen));
    }
    choices
}

fn outcomes(chosen: &str) -> Vec<Choice> {
    let mut choices =
        vec![Choice::new("", "Either way"), Choice::new("done", "Done"), Choice::new("refused", "Refused")];
    if !choices.iter().any(|choice| choice.value == chosen) {
        choices.push(Choice::new(chosen, chosen));
    }
    choices
}

/// An action in words: `session.sign_in_failed` is "Session: sign in failed".
pub fn said(action: &str) -> String {
    let (family, rest) = action.split_once('.').unwrap_or((action, ""));
    let mut words = family.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if words == "Api key" {
        words = "API key".into();
    }
    if rest.is_empty() { words } else { format!("{words}: {}", rest.replace('_', " ")) }
}

/// So many entries, in words.
pub fn entries(count: u64) -> String {
    let number = with_commas(i64::try_from(count).unwrap_or(i64::MAX));
    if count == 1 { format!("{number} entry") } else { format!("{number} entries") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u7_the_address_holds_every_condition() {
        let form = TrailForm {
            actor: "maria".into(),
            ip: "::1".into(),
            action: "session.".into(),
            ..TrailForm::default()
        };
        assert_eq!(address(&form, "page=x"), "/audit?actor=maria&action=session.&ip=%3A%3A1&page=x");
        assert_eq!(address(&TrailForm::default(), ""), "/audit");
        let read = read(|name| {
            form.set().iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned())
        });
        assert_eq!(read, form);
    }

    #[test]
    fn u7_actions_are_chosen_by_words_and_by_family() {
        let actions = ["api_key.made", "session.signed_in", "session.signed_out"].map(str::to_owned);
        let labels: Vec<String> = what(&actions, "x").into_iter().map(|choice| choice.label).collect();
        assert_eq!(
            labels,
            [
                "Everything",
                "API key (all)",
                "API key: made",
                "Session (all)",
                "Session: signed in",
                "Session: signed out",
                "x"
            ]
        );
    }
}
