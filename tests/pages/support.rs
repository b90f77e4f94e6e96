//! What the tests of pages share: reading a page as a person would.

use scraper::{Html, Selector};
use server::testing::{Agent, Reply};
use std::collections::BTreeMap;

/// A page, taken apart.
pub struct Page {
    pub html: Html,
    pub status: u16,
}

impl Page {
    /// Reads the answer as a page; anything else fails the test.
    #[track_caller]
    pub fn of(reply: &Reply) -> Self {
        assert!(
            reply.header("content-type").starts_with("text/html"),
            "no page but {:?}: {}",
            reply.header("content-type"),
            reply.body
        );
        Self { html: Html::parse_document(&reply.body), status: reply.status }
    }

    /// The texts of everything that the selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html.select(&selector).map(|element| words(element.text())).collect()
    }

    /// The values of an attribute, wherever the selector finds it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.html.select(&selector).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// The one text that the selector finds.
    #[track_caller]
    pub fn text(&self, selector: &str) -> String {
        let mut texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "{selector} finds {texts:?}");
        texts.remove(0)
    }

    /// Everything that can be read on the page.
    pub fn words(&self) -> String {
        let body = Selector::parse("body").unwrap();
        let nodes = self.html.select(&body).flat_map(|body| body.descendants());
        let seen = nodes.filter(|node| {
            let mut around = node.ancestors().filter_map(|above| above.value().as_element());
            !around.any(|element| element.name() == "script")
        });
        let texts = seen.filter_map(|node| node.value().as_text().map(|text| &**text));
        words(texts)
    }

    /// Whether this can be read on the page, however it is laid out: long values may be cut into parts.
    pub fn says(&self, text: &str) -> bool {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        plain(&self.words()).contains(&plain(text))
    }

    /// The fields of the form that is sent to this address, with the values that stand in them.
    #[track_caller]
    pub fn form(&self, action: &str) -> BTreeMap<String, String> {
        let selector = Selector::parse(&format!("form[action='{action}']")).unwrap();
        let form = self.html.select(&selector).next().unwrap_or_else(|| panic!("no form for {action}"));
        let inputs = Selector::parse("input[name], select[name], textarea[name]").unwrap();
        let fields = form
            .select(&inputs)
            .filter(|field| field.attr("type") != Some("checkbox") || field.attr("checked").is_some());
        fields
            .map(|field| {
                (field.attr("name").unwrap().to_owned(), field.attr("value").unwrap_or_default().to_owned())
            })
            .collect()
    }
}

fn words<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

pub async fn open(agent: &mut Agent, path: &str) -> Page {
    Page::of(&agent.get(path).await)
}

/// Sends the sign-in form.
pub async fn sign_in(agent: &mut Agent, fields: &[(&str, &str)]) -> Reply {
    agent.post_form("/do/sign-in", fields).await
}

/// The address that an answer sends the browser on to.
#[track_caller]
pub fn goes_to(reply: &Reply) -> &str {
    assert_eq!(reply.status, 303, "{}", reply.body);
    reply.header("location")
}
