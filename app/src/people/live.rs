//! Rules of a person's fields, told while one types: an island under each field. Where no scripts run, the server tells the same
//! after the form was sent.

use crate::{
    identity::strength::{listen, typed_into},
    ui::{Glyph, Icon},
};
use domain::person::{EmailAddress, FullName, Username};
use gloo_net::http::Request;
use leptos::{prelude::*, task::spawn_local};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What is typed is looked at when someone pauses; what was wrong, at every key, so that it goes as soon as it is right.
const PAUSE: Duration = Duration::from_millis(500);

/// Which rule a field follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    FullName,
    Username,
    Email,
}

/// What the server knows of a name or an address.
#[derive(Deserialize)]
struct Taken {
    username: Option<bool>,
    email: Option<bool>,
}

impl Rule {
    /// What is wrong with this; nothing where it is right, or nothing is typed yet.
    fn judge(self, typed: &str) -> String {
        let judged = match self {
            _ if typed.trim().is_empty() => Ok(()),
            Self::FullName => FullName::parse(typed).map(|_| ()),
            Self::Username => Username::parse(typed).map(|_| ()),
            Self::Email => EmailAddress::parse(typed).map(|_| ()),
        };
        judged.err().unwrap_or_default().to_owned()
    }

    /// Whether somebody has it already, in the words of the server. A question that fails tells nothing: the form asks again.
    async fn ask(self, typed: &str) -> String {
        let (name, words) = match self {
            Self::FullName => return String::new(),
            Self::Username => ("username", Username::TAKEN),
            Self::Email => ("email", EmailAddress::TAKEN),
        };
        let Ok(answer) = Request::get("/api/v1/users/taken").query([(name, typed)]).send().await else {
            return String::new();
        };
        let taken = answer.json::<Taken>().await.ok();
        let is_taken = taken.is_some_and(|taken| taken.username.or(taken.email) == Some(true));
        if is_taken { words.to_owned() } else { String::new() }
    }
}

/// Watches the field with this id. `error` is what the server said of it, `own` what may stay as it is.
#[island]
pub fn LiveRule(field: String, rule: Rule, error: String, own: String) -> impl IntoView {
    let id = format!("{field}-error");
    let told = RwSignal::new(error.clone());
    Effect::new(move |_| {
        let watched = field.clone();
        let refused = if error.is_empty() { String::new() } else { typed_into(&field) };
        let (own, error) = (own.clone(), error.clone());
        let tell = {
            let field = field.clone();
            move |words: String| {
                mark(&field, !words.is_empty());
                told.set(words);
            }
        };
        let look = {
            let (tell, field) = (tell.clone(), field.clone());
            move |typed: String| {
                let words = rule.judge(&typed);
                let is_settled =
                    !words.is_empty() || typed.trim().is_empty() || typed.trim().eq_ignore_ascii_case(&own);
                tell(words);
                if !is_settled {
                    let (tell, field) = (tell.clone(), field.clone());
                    spawn_local(async move {
                        let words = rule.ask(&typed).await;
                        // Meanwhile something else may have been typed.
                        if typed_into(&field) == typed {
                            tell(words);
                        }
                    });
                }
            }
        };
        let mut look_later = debounce(PAUSE, look);
        listen(vec![watched.clone()], move || {
            let typed = typed_into(&watched);
            if !error.is_empty() && typed == refused {
                tell(error.clone());
                return;
            }
            if told.with_untracked(|words| !words.is_empty()) {
                tell(rule.judge(&typed));
            }
            look_later(typed);
        });
    });
    view! {
        // What is spoken of has to be there before there is something to say.
        <div id=id aria-live="polite">
            <p class="flex gap-1.5 text-label text-bad" hidden=move || told.with(String::is_empty)>
                <Glyph icon=Icon::CircleAlert size=14 class="mt-[3px] shrink-0" />
                <span>{move || told.get()}</span>
            </p>
        </div>
    }
}

/// Says of a field whether it was accepted, as its look does.
fn mark(id: &str, is_wrong: bool) {
    let Some(field) = document().get_element_by_id(id) else { return };
    // Neither fails on an element that is there.
    let _ = if is_wrong {
        field.set_attribute("aria-invalid", "true")
    } else {
        field.remove_attribute("aria-invalid")
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u1_what_is_typed_is_judged_by_the_rules_of_the_server() {
        assert_eq!(Rule::Username.judge("a b c"), "Use letters a to z, digits, dots, dashes and underscores");
        assert_eq!(Rule::Email.judge("nora@"), "Please enter a valid email address");
        assert_eq!(Rule::FullName.judge("a\u{202E}b"), "Remove characters that cannot be seen");
        for (rule, right) in
            [(Rule::Username, "nora.q"), (Rule::Email, "nora@example.com"), (Rule::FullName, "Nora Quist")]
        {
            assert_eq!((rule.judge(right), rule.judge("  ")), (String::new(), String::new()));
        }
    }
}
