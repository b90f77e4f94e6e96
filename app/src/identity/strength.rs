//! How strong a new password is, as one types it: an island under its field, drawn with the first character. Where no
//! scripts run it never appears, and the server judges alone.

use domain::password::{Owner, PasswordPolicy, Rating, Strength};
use leptos::{ev, prelude::*};
use std::time::Duration;

/// Screen readers are told when someone pauses, not at every key.
const PAUSE: Duration = Duration::from_millis(900);
const MORE_WORDS: &str = "Longer is stronger: a few more words would help.";

/// Watches the fields with these ids: the password, and the names that it must not hold.
#[island]
pub fn StrengthMeter(
    policy: PasswordPolicy,
    password: String,
    username: String,
    email: String,
) -> impl IntoView {
    // Signals of kinds that other islands have too: each kind more is code that browsers load.
    let score = RwSignal::new(0_usize);
    let told = RwSignal::new(String::new());
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        let ids = [password.clone(), username.clone(), email.clone()];
        let mut say = debounce(PAUSE, move |words| said.set(words));
        let rate = move || {
            let [password, username, email] = ids.each_ref().map(|id| typed_into(id));
            if password.is_empty() {
                told.set(String::new());
                say(String::new());
            } else {
                let rating = policy.rate(&password, &Owner::new(&username, &email));
                score.set(rating.strength.score().into());
                told.set(advice(&rating));
                say(in_words(&rating));
            }
        };
        listen(vec![password.clone(), username.clone(), email.clone()], rate);
    });
    let strength = move || Strength::ALL.get(score.get()).copied().unwrap_or(Strength::VeryWeak);
    view! {
        <div class="grid gap-1.5 pt-2" hidden=move || told.with(String::is_empty)>
            <div class="strength" data-score=move || strength().digit() aria-hidden="true">
                <span></span>
                <span></span>
                <span></span>
                <span></span>
                <span></span>
            </div>
            <p class="text-label text-ink-soft" aria-hidden="true">
                <span class="font-medium text-ink">{move || strength().label()}</span>
                ". "
                {move || told.get()}
            </p>
        </div>
        <p class="sr-only" role="status">
            {move || said.get()}
        </p>
    }
}

/// What to do next: one thing at a time, while someone types.
fn advice(rating: &Rating) -> String {
    match rating.broken.first() {
        Some(rule) => format!("{rule}."),
        None if rating.strength < Strength::Good => MORE_WORDS.into(),
        None => "It follows every rule.".into(),
    }
}

fn in_words(rating: &Rating) -> String {
    format!("Password strength: {}. {}", rating.strength.label(), advice(rating))
}

pub(crate) fn typed_into(id: &str) -> String {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlInputElement};

    let field = document().get_element_by_id(id).and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    field.map(|field| field.value()).unwrap_or_default()
}

/// Calls whenever something is typed, pasted or filled into one of these fields.
pub(crate) fn listen(ids: Vec<String>, mut act: impl FnMut() + 'static) {
    use leptos::{wasm_bindgen::JsCast, web_sys::Element};

    // What a browser filled in before the island woke is rated too.
    act();
    let act = std::cell::RefCell::new(act);
    let handle = window_event_listener(ev::input, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| ids.contains(&target.id()))
            && let Ok(mut act) = act.try_borrow_mut()
        {
            act();
        }
    });
    on_cleanup(move || handle.remove());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a10_the_meter_says_one_thing_to_do_at_a_time() {
        let say = |password| {
            in_words(&PasswordPolicy::default().rate(password, &Owner::new("maria", "maria@example.com")))
        };
        assert_eq!(say("gebirge"), "Password strength: Weak. Use at least 8 characters.");
        assert_eq!(
            say("Gebirgszug!"),
            "Password strength: Weak. Add a digit, or use at least 15 characters."
        );
        assert_eq!(
            say("Hello2019-x"),
            "Password strength: Fair. Longer is stronger: a few more words would help."
        );
        assert_eq!(say("a mountain range"), "Password strength: Strong. It follows every rule.");
        assert!(say("maria in the mountains").contains("Leave out your username"));
    }
}
