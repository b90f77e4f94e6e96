//! What the trail keeps as codes, in words: fields, their values, and why a sign-in was refused.

use crate::moments;
use domain::{person::PersonStatus, preferences::Theme, second_factor::Method};
use std::collections::BTreeMap;

/// What a field is called.
pub(super) fn label(field: &str) -> String {
    match field {
        "email" => "E-mail".into(),
        "external_id" => "Id in the directory".into(),
        "second_factor_required" => "Second factor".into(),
        "provider" => "Signs in with".into(),
        other => {
            let mut words = other.replace('_', " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            words
        }
    }
}

/// A value as people read it. What has no other words stays as it is.
pub(super) fn in_words(field: &str, value: &str, roles: &BTreeMap<String, String>) -> String {
    let word = |code: &str| -> String {
        let known = match field {
            "roles" | "role" => return role(code, roles),
            "status" => PersonStatus::ALL.into_iter().find(|one| one.code() == code).map(PersonStatus::label),
            "second_factor" => Method::from_code(code).map(Method::label),
            "second_factor_required" => match code {
                "true" => Some("Required"),
                "false" => Some("Not required"),
                _ => None,
            },
            "theme" => Theme::from_code(code).map(theme),
            "language" => (code == "en").then_some("English"),
            _ => None,
        };
        known.unwrap_or(code).to_owned()
    };
    match field {
        "locked_until" => moments::written_in_full(value).unwrap_or_else(|| value.to_owned()),
        "roles" | "second_factor" => value.split(", ").map(word).collect::<Vec<_>>().join(", "),
        _ => word(value),
    }
}

/// As it is called now; one that the store does not know any more may have come with the program.
fn role(code: &str, roles: &BTreeMap<String, String>) -> String {
    let built_in = || domain::role::built_in(code).map_or(code, |role| role.name);
    roles.get(code).map_or_else(built_in, String::as_str).to_owned()
}

const fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "As the device has it",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

/// Why somebody was not let in, behind "Refused, ".
pub(super) fn why_refused(why: &str) -> &str {
    match why {
        "locked" => "because of too many wrong passwords or codes before",
        "role not held" => "in a role that they do not have",
        "no role" => "because they have no role",
        "no second factor" => "because a second factor is required and none is set up",
        "suspended" => "because the account is suspended",
        "invited" => "because the invitation is not accepted yet",
        "unverified" => "because the address is not verified yet",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u2_what_is_kept_as_a_code_is_read_in_words() {
        let roles = BTreeMap::from([("CASE_WORKER".to_owned(), "Case worker".to_owned())]);
        for (field, value, words) in [
            ("roles", "CASE_WORKER, PIN, GONE_LONG_AGO", "Case worker, Person in need, GONE_LONG_AGO"),
            ("status", "suspended", "Suspended"),
            ("second_factor", "totp, sms", "Authenticator app, Text message"),
            ("second_factor_required", "true", "Required"),
            ("theme", "system", "As the device has it"),
            ("language", "en", "English"),
            ("full_name", "totp, sms", "totp, sms"),
        ] {
            assert_eq!(in_words(field, value, &roles), words, "{field}");
        }
        assert_eq!(label("time_zone"), "Time zone");
        assert_eq!(label("full_name"), "Full name");
        assert_eq!(why_refused("wrong password"), "wrong password");
        assert!(!why_refused("role not held").contains("role not held"));
    }
}
