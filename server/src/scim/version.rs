//! Versions (RFC 7644, 3.14): the number of changes of an account as its ETag, and what `If-Match` asks of it.

use super::refusal::{Answer, Refusal};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};

pub fn tag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// Refuses where whoever asks has seen another version.
pub fn check(headers: &HeaderMap, version: i64) -> Answer<()> {
    match names(headers, &header::IF_MATCH, version) {
        Some(false) => {
            let words = "This account was changed in the meantime. Get it again, then try again.";
            Err(Refusal::plain(StatusCode::PRECONDITION_FAILED, words))
        }
        _ => Ok(()),
    }
}

/// Whether whoever asks has this version already.
pub fn is_known(headers: &HeaderMap, version: i64) -> bool {
    names(headers, &header::IF_NONE_MATCH, version) == Some(true)
}

/// Whether the header, where it is there, names this version. Weak and strong tags are one here: an account has no two forms.
fn names(headers: &HeaderMap, name: &HeaderName, version: i64) -> Option<bool> {
    let value = headers.get(name)?.to_str().unwrap_or_default();
    let version = format!("\"{version}\"");
    let mut tags = value.split(',').map(str::trim);
    Some(tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u6_a_version_is_named_weakly_strongly_or_by_a_star() {
        for (value, expected) in [
            ("W/\"7\"", true),
            ("\"7\"", true),
            ("*", true),
            ("\"6\", W/\"7\"", true),
            ("\"6\"", false),
            ("7", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::IF_MATCH, value.parse().unwrap())]);
            assert_eq!(check(&headers, 7).is_ok(), expected, "{value}");
        }
        assert!(check(&HeaderMap::new(), 7).is_ok() && !is_known(&HeaderMap::new(), 7));
    }
}
