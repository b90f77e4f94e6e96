//! What the long list is asked: pages of it, and searches of every kind that is hard for an index.

use crate::client::{Connection, Identity, Question};
use anyhow::{Context, Result};
use serde_json::Value;
use std::net::SocketAddr;

/// How many rows a page has.
const SIZE: usize = 50;
/// Leafed to by following the cursors, as a person or a program would.
const FAR_PAGE: usize = 500;

/// Every order of the list, each in one direction.
const ORDERS: [(&str, &str); 9] = [
    ("sorted by name", "full_name"),
    ("sorted by username", "-username"),
    ("sorted by e-mail", "email"),
    ("sorted by role", "role"),
    ("sorted by status", "status"),
    ("sorted by second factor", "-mfa"),
    ("sorted by last sign-in", "-last_login_at"),
    ("sorted by number of sign-ins", "-login_count"),
    ("sorted by creation", "-created_at"),
];

/// How the store keeps names and addresses, which decides what it can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    Plain,
    Encrypted,
}

impl Texts {
    /// The order in which searches and filters are asked: by name, or as people joined where names have no order.
    const fn order(self) -> &'static str {
        match self {
            Self::Plain => "full_name",
            Self::Encrypted => "created_at",
        }
    }

    fn have_order(self, sort: &str) -> bool {
        self == Self::Plain || !matches!(sort.trim_start_matches('-'), "full_name" | "email")
    }
}

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
    /// The first page in this order.
    const fn first(sort: &'static str) -> Self {
        Self { search: "", filter: "", sort, cursor: None }
    }

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

/// Every kind of question that such a store knows. Leafs to the far pages, which takes as many requests.
pub async fn all(texts: Texts, address: SocketAddr, who: &Identity) -> Result<Vec<Kind>> {
    let mut kinds = first_pages(texts);
    kinds.push(far_pages(texts, address, who).await?);
    kinds.extend(searches(texts));
    kinds.extend(filters(texts));
    Ok(kinds)
}

fn first_pages(texts: Texts) -> Vec<Kind> {
    let mixed = match texts {
        Texts::Plain => ["full_name", "-last_login_at", "email", "-created_at"],
        Texts::Encrypted => ["-created_at", "-last_login_at", "-username", "status"],
    };
    let each = Kind { name: "first page, each order", asked: mixed.into_iter().map(Asked::first).collect() };
    let known = ORDERS.into_iter().filter(|(_, sort)| texts.have_order(sort));
    let alone = known.map(|(name, sort)| Kind { name, asked: vec![Asked::first(sort)] });
    std::iter::once(each).chain(alone).collect()
}

async fn far_pages(texts: Texts, address: SocketAddr, who: &Identity) -> Result<Kind> {
    let mut asked = Vec::new();
    for sort in ["full_name", "-last_login_at"].into_iter().filter(|sort| texts.have_order(sort)) {
        let cursor = Some(leaf(address, who, sort).await?);
        asked.push(Asked { cursor, ..Asked::first(sort) });
    }
    Ok(Kind { name: "page 500", asked })
}

fn searches(texts: Texts) -> Vec<Kind> {
    let search = |name, sought: [&'static str; 3]| Kind {
        name,
        asked: sought.map(|search| Asked { search, ..Asked::first(texts.order()) }).into(),
    };
    let mut kinds = vec![
        search("search, few hits", ["saoirse virtanen", "xiang o'connor", "zoë zhang"]),
        search("search, one hit", ["77123@people", "500321@", "31999@people.ex"]),
        search("search, many hits", ["son", "ana", "people.example"]),
    ];
    if texts == Texts::Plain {
        kinds.push(search("search, hits at the end of the order", ["zoë", "yusuf", "xiang"]));
        kinds.push(search("search, hits at the end, few thousand", ["zoe b", "wanjiru s", "valentina m"]));
    }
    kinds.extend([
        search("search, two letters", ["zo", "an", "xi"]),
        search("search, no hit", ["qqqxyz", "nobody at all", "zoe qq"]),
        search("search, beginning of a name", ["saoirse", "valentina", "wanjiru"]),
        search("search, middle of a word", ["oirs", "lentin", "anjir"]),
    ]);
    kinds
}

fn filters(texts: Texts) -> Vec<Kind> {
    let filtered = |name, filters: &[&'static str], search| Kind {
        name,
        asked: filters.iter().map(|filter| Asked { search, filter, ..Asked::first(texts.order()) }).collect(),
    };
    vec![
        filtered("filter: role", &["role=CUSTOMER", "role=STAFF", "role=USER_ADMIN"], ""),
        filtered(
            "filter: status",
            &["status=active", "status=suspended", "status=invited", "status=locked"],
            "",
        ),
        filtered("filter: second factor", &["mfa=none", "mfa=any", "mfa=totp"], ""),
        filtered(
            "filter: last sign-in",
            &["last_login=never", "last_login=within_30_days", "last_login=not_for_90_days"],
            "",
        ),
        filtered("filter: created", &["created_from=2025-01-01", "created_to=2024-12-31"], ""),
        filtered(
            "filters together",
            &["role=STAFF&status=active&mfa=none", "role=CUSTOMER&last_login=never"],
            "",
        ),
        filtered("filter and search", &["role=STAFF", "status=active", "mfa=none"], "saoirse"),
    ]
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
pub(super) fn encoded(text: &str) -> String {
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

    #[test]
    fn an_encrypted_store_is_asked_for_no_order_that_it_does_not_have() {
        let texts = Texts::Encrypted;
        let kinds = [first_pages(texts), searches(texts), filters(texts)];
        let asked: Vec<Asked> = kinds.into_iter().flatten().flat_map(|kind| kind.asked).collect();
        assert!(asked.len() > 30 && asked.iter().all(|asked| texts.have_order(asked.sort)));
    }
}
