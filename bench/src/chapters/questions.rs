//! What the long list is asked: pages of it, and searches of every kind that is hard for an index.

use crate::client::{Connection, Identity, Question};
use anyhow::{Context, Result};
use serde_json::Value;
use std::net::SocketAddr;

/// How many rows a page has.
const SIZE: usize = 50;
/// Leafed to by following the cursors, as a person or a program would.
const FAR_PAGE: usize = 500;

/// A kind of question; each text is one that is asked in turn.
pub struct Kind {
    pub name: &'static str,
    asked: Vec<Asked>,
}

struct Asked {
    search: &'static str,
    /// As it stands in an address.
    filter: &'static str,
    sort: &'static str,
    cursor: Option<String>,
}

impl Kind {
    /// The questions as the REST API takes them.
    pub fn over_rest(&self, who: &Identity) -> Vec<Question> {
        self.asked
            .iter()
            .map(|asked| Question::get(format!("/api/v1/users?limit={SIZE}{}", asked.parameters())).by(who))
            .collect()
    }

    /// The same as addresses of the page.
    pub fn as_pages(&self, who: &Identity) -> Vec<Question> {
        self.asked
            .iter()
            .map(|asked| {
                Question::get(format!("/people?{}", asked.parameters().trim_start_matches('&'))).by(who)
            })
            .collect()
    }
}

impl Asked {
    fn parameters(&self) -> String {
        let mut text = format!("&sort={}", self.sort);
        if !self.filter.is_empty() {
            text.push_str(&format!("&{}", self.filter));
        }
        if !self.search.is_empty() {
            text.push_str(&format!("&search={}", encoded(self.search)));
        }
        if let Some(cursor) = &self.cursor {
            text.push_str(&format!("&cursor={cursor}"));
        }
        text
    }
}

/// Every kind of question. Leafs to the far pages, which takes as many requests.
pub async fn all(address: SocketAddr, who: &Identity) -> Result<Vec<Kind>> {
    let by_name = leaf(address, who, "full_name").await?;
    let by_sign_in = leaf(address, who, "-last_login_at").await?;
    let search = |name, texts: [&'static str; 3]| Kind {
        name,
        asked: texts.map(|search| Asked { search, filter: "", sort: "full_name", cursor: None }).into(),
    };
    let at = |name, places: Vec<(&'static str, Option<String>)>| Kind {
        name,
        asked: places.into_iter().map(|(sort, cursor)| Asked { search: "", filter: "", sort, cursor }).collect(),
    };
    let order = |name, sort| at(name, vec![(sort, None)]);
    let filtered = |name, filters: &[&'static str], search| Kind {
        name,
        asked: filters.iter().map(|filter| Asked { search, filter, sort: "full_name", cursor: None }).collect(),
    };
    Ok(vec![
        at(
            "first page, each order",
            vec![("full_name", None), ("-last_login_at", None), ("email", None), ("-created_at", None)],
        ),
        order("sorted by name", "full_name"),
        order("sorted by username", "-username"),
        order("sorted by e-mail", "email"),
        order("sorted by status", "status"),
        order("sorted by last sign-in", "-last_login_at"),
        order("sorted by number of sign-ins", "-login_count"),
        order("sorted by creation", "-created_at"),
        at("page 500", vec![("full_name", Some(by_name)), ("-last_login_at", Some(by_sign_in))]),
        search("search, few hits", ["saoirse virtanen", "xiang o'connor", "zoë zhang"]),
        search("search, one hit", ["77123@people", "500321@", "31999@people.ex"]),
        search("search, many hits", ["son", "ana", "people.example"]),
        search("search, hits at the end of the order", ["zoë", "yusuf", "xiang"]),
        search("search, hits at the end, few thousand", ["zoe b", "wanjiru s", "valentina m"]),
        search("search, two letters", ["zo", "an", "xi"]),
        search("search, no hit", ["qqqxyz", "nobody at all", "zoe qq"]),
        search("search, beginning of a name", ["saoirse", "valentina", "wanjiru"]),
        search("search, middle of a word", ["oirs", "lentin", "anjir"]),
        filtered("filter: role", &["role=CUSTOMER", "role=STAFF", "role=USER_ADMIN"], ""),
        filtered("filter: status", &["status=active", "status=suspended", "status=invited", "status=locked"], ""),
        filtered("filter: second factor", &["mfa=none", "mfa=any", "mfa=totp"], ""),
        filtered("filter: last sign-in", &["last_login=never", "last_login=within_30_days", "last_login=not_for_90_days"], ""),
        filtered("filter: created", &["created_from=2025-01-01", "created_to=2024-12-31"], ""),
        filtered("filters together", &["role=STAFF&status=active&mfa=none", "role=CUSTOMER&last_login=never"], ""),
        filtered("filter and search", &["role=STAFF", "status=active", "mfa=none"], "saoirse"),
    ])
}

/// Follows the cursors and answers the one that leads to the far page. A list that ends before gives its last.
async fn leaf(address: SocketAddr, who: &Identity, sort: &str) -> Result<String> {
    let mut connection = Connection::open(address).await?;
    let mut cursor: Option<String> = None;
    for _ in 1..FAR_PAGE {
        let asked = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let question = Question::get(format!("/api/v1/users?limit={SIZE}&sort={sort}{asked}")).by(who);
        let page = connection.fetch(&question).await?.json()?;
        match page.get("next_cursor").and_then(Value::as_str) {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    cursor.context("the list has a single page")
}

/// A text as part of an address.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_encoded_for_an_address() {
        assert_eq!(encoded("zoë o'c@"), "zo%C3%AB%20o%27c%40");
    }
}
