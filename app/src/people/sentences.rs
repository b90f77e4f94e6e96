//! What happened, in sentences: to an account (passwords, second factors, sessions and keys), and to the installation.

use super::history::{GONE, GONE_FIRST};
use crate::ui::{Icon, Tone};
use server::audit::Entry;

/// The entry as a sentence, if it is one of these. `who` begins it ("You", "Maria Almeida"), `actor` did it.
pub(super) fn of_account(entry: &Entry, who: &str, actor: &str) -> Option<String> {
    let their = if who == "You" { "your" } else { "their" };
    let (whom, account) = match who {
        "You" => ("you", "your account"),
        GONE_FIRST => (GONE, GONE),
        who => (who, who),
    };
    let doer = if entry.is_of_oneself() { who } else { actor };
    let named = entry.detail("name").map(|name| format!(" “{name}”")).unwrap_or_default();
    Some(match entry.action.as_str() {
        "person.password_changed" => format!("{who} changed {their} password"),
        "person.password_change_refused" => {
            format!("A change of {their} password was refused, because the old one was wrong")
        }
        "person.profile_changed" => format!("{doer} changed {their} name"),
        "person.updated" => format!("{actor} changed {account}"),
        "person.suspended" => format!("{actor} suspended {account}"),
        "person.restored" => format!("{actor} restored {account}"),
        "person.data_exported" if doer == who => {
            format!("{who} took along everything that is kept about {}", them(who))
        }
        "person.data_exported" => format!("{actor} took along everything that is kept about {whom}"),
        "person.erasure_announced" => {
            format!("A letter told {whom} that the account will be erased, unless it is used")
        }
        "person.erased" => format!("{actor} erased {whom}"),
        "person.note_added" => format!("{actor} wrote a note about {account}"),
        "person.preferences_changed" => format!("{doer} changed {their} preferences"),
        "person.email_change_asked" => format!("{who} asked for another e-mail address"),
        "person.email_change_written" => "Letters about another e-mail address were sent".to_owned(),
        "person.email_change_agreed" => format!("One address agreed to another one for {their} account"),
        "person.email_change_stopped" => format!("The change of {their} e-mail address was stopped"),
        "person.email_changed" if who == "You" => "Your e-mail address changed".to_owned(),
        "person.email_changed" => format!("The e-mail address of {who} changed"),
        "session.new_device" if who == "You" => "A letter told you of a new device or place".to_owned(),
        "session.new_device" => format!("{who} signed in from a new device or place"),
        "session.ended" => match entry.detail("device") {
            Some(device) => {
                format!("{doer} ended {} session on {device}", if doer == who { "the" } else { their })
            }
            None => format!("{doer} ended a session"),
        },
        "session.replaced" if entry.is_of_oneself() => {
            format!("{who} signed in anew in the same browser, which ended the session before")
        }
        "session.replaced" if who == "You" => {
            "Somebody else signed in in your browser, which ended your session".to_owned()
        }
        "session.replaced" => format!("{actor} signed in in the browser of {who}, which ended that session"),
        "session.others_ended" => format!("{who} signed out everywhere else"),
        "person.second_factor_required" => format!("{actor} required a second factor of {whom}"),
        "person.second_factor_excused" => format!("{actor} no longer requires a second factor of {whom}"),
        "session.all_ended" if doer == who => format!("{who} signed out everywhere"),
        "session.all_ended" if who == "You" => format!("{actor} signed you out everywhere"),
        "session.all_ended" => format!("{actor} signed {whom} out everywhere"),
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

fn them(who: &str) -> &'static str {
    if who == "You" { "you" } else { "them" }
}

/// What happened to the installation and to the trail itself.
pub(super) fn of_operation(entry: &Entry, actor: &str) -> Option<String> {
    let details = entry.details();
    let entries = || crate::people::with_commas(details["entries"].as_i64().unwrap_or_default());
    Some(match entry.action.as_str() {
        "keys.rotated" => format!("{actor} made a new key that signs tokens"),
        "personal_data.encrypted" => format!("{actor} had names and addresses encrypted"),
        "personal_data.key_changed" => format!("{actor} had names and addresses encrypted with a new key"),
        "personal_data.decrypted" => format!("{actor} had names and addresses decrypted"),
        "operations.alerted" => "Whoever is on duty was alerted".to_owned(),
        "audit.trimmed" => {
            format!("{actor} removed {} entries from the trail, whose time was over", entries())
        }
        "audit.verified" if entry.outcome == "refused" => {
            format!("{actor} had the trail proven, and it is not whole")
        }
        "audit.verified" => format!("{actor} had the trail proven: {} entries, all whole", entries()),
        "audit.invented" => format!("{actor} filled the trail with {} invented sign-ins", entries()),
        "audit.exported" => match entry.detail("format").as_deref() {
            Some("csv") => format!("{actor} took the trail along as CSV"),
            _ => format!("{actor} took the trail along as JSON"),
        },
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
        "person.profile_changed" | "person.updated" | "person.preferences_changed" => {
            (Icon::Pencil, Tone::Plain)
        }
        "person.suspended" => (Icon::Ban, Tone::Bad),
        "person.restored" => (Icon::RotateCcw, Tone::Good),
        "person.data_exported" => (Icon::Download, Tone::Warn),
        "person.erasure_announced" => (Icon::Clock, Tone::Warn),
        "person.erased" => (Icon::Trash, Tone::Bad),
        "person.note_added" => (Icon::ScrollText, Tone::Plain),
        "person.email_changed" => (Icon::Mail, Tone::Warn),
        action if action.starts_with("person.email_change_") => (Icon::Mail, Tone::Info),
        "api_key.reminded" => (Icon::Clock, Tone::Plain),
        "api_key.made" => (Icon::KeyRound, Tone::Info),
        "api_key.revoked" => (Icon::Trash, Tone::Plain),
        "keys.rotated" | "personal_data.key_changed" => (Icon::RotateCcw, Tone::Plain),
        "personal_data.encrypted" => (Icon::Lock, Tone::Good),
        "personal_data.decrypted" => (Icon::LockOpen, Tone::Warn),
        "operations.alerted" => (Icon::Bell, Tone::Warn),
        "audit.trimmed" => (Icon::Clock, Tone::Plain),
        "audit.verified" => (Icon::ShieldCheck, Tone::Info),
        "audit.exported" => (Icon::Download, Tone::Info),
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
