//! What happened to an account, in sentences: changes of passwords, second factors, sessions and keys.

use crate::ui::{Icon, Tone};
use server::audit::Entry;

/// The entry as a sentence, if it is one of these. `who` begins it ("You", "Maria Almeida"), `actor` did it.
pub(super) fn of_account(entry: &Entry, who: &str, actor: &str) -> Option<String> {
    let their = if who == "You" { "your" } else { "their" };
    let doer = if entry.is_of_oneself() { who } else { actor };
    let named = entry.detail("name").map(|name| format!(" “{name}”")).unwrap_or_default();
    Some(match entry.action.as_str() {
        "person.password_changed" => format!("{who} changed {their} password"),
        "person.password_change_refused" => {
            format!("A change of {their} password was refused, because the old one was wrong")
        }
        "person.profile_changed" => format!("{doer} changed {their} name"),
        "session.new_device" if who == "You" => "A letter told you of a new device or place".to_owned(),
        "session.new_device" => format!("{who} signed in from a new device or place"),
        "session.ended" => match entry.detail("device") {
            Some(device) => format!("{who} ended the session on {device}"),
            None => format!("{who} ended a session"),
        },
        "session.replaced" if entry.is_of_oneself() => {
            format!("{who} signed in anew in the same browser, which ended the session before")
        }
        "session.replaced" if who == "You" => {
            "Somebody else signed in in your browser, which ended your session".to_owned()
        }
        "session.replaced" => format!("{actor} signed in in the browser of {who}, which ended that session"),
        "session.others_ended" => format!("{who} signed out everywhere else"),
        "session.all_ended" => format!("{who} signed out everywhere"),
        "api_key.made" => format!("{who} made the API key{named}"),
        "api_key.revoked" => format!("{doer} revoked the API key{named}"),
        "api_key.reminded" if who == "You" => {
            format!("A letter told you that the API key{named} expires soon")
        }
        "api_key.reminded" => format!("A letter told {who} that the API key{named} expires soon"),
        "second_factor.enrolment_begun" => format!("{who} began to set up {}", factor(entry)),
        "second_factor.enrolled" => format!("{doer} set up {}", factor(entry)),
        "second_factor.removed" => format!("{doer} removed a second factor"),
        "second_factor.recovery_codes_made" => format!("{who} got new recovery codes"),
        "second_factor.recovery_code_used" => format!("{who} used a recovery code"),
        "second_factor.code_sent" => "A code was sent".to_owned(),
        "second_factor.accepted" => format!("{who} entered a right code"),
        _ => return None,
    })
}

pub(super) fn sign(action: &str) -> (Icon, Tone) {
    match action {
        "person.password_changed" => (Icon::KeyRound, Tone::Good),
        "person.password_change_refused" => (Icon::CircleX, Tone::Bad),
        "session.new_device" => (Icon::Laptop, Tone::Warn),
        "session.ended" | "session.replaced" | "session.others_ended" | "session.all_ended" => {
            (Icon::LogOut, Tone::Plain)
        }
        "session.refresh_reused" => (Icon::TriangleAlert, Tone::Bad),
        "person.profile_changed" => (Icon::Pencil, Tone::Plain),
        "api_key.reminded" => (Icon::Clock, Tone::Plain),
        "api_key.made" => (Icon::KeyRound, Tone::Info),
        "api_key.revoked" => (Icon::Trash, Tone::Plain),
        action if action.starts_with("second_factor.") => (Icon::Fingerprint, Tone::Info),
        _ => (Icon::Activity, Tone::Plain),
    }
}

fn factor(entry: &Entry) -> &'static str {
    match entry.detail("method").as_deref() {
        Some("totp") => "an authenticator app",
        Some("sms") => "codes by text message",
        Some("email") => "codes by e-mail",
        _ => "a second factor",
    }
}
