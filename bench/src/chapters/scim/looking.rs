//! What a directory looks for: pages of everybody, one person, and filters.

use super::{
    Judged::{self, ByAim, Told},
    PEOPLE,
};
use crate::{
    chapters::questions::encoded,
    client::{Connection, Identity, Question},
    figures::whole,
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::net::SocketAddr;

/// A kind of question; each address is one that is asked in turn.
pub struct Kind {
    pub name: String,
    pub judged: Judged,
    paths: Vec<String>,
}

/// Somebody who is there.
struct Known {
    id: String,
    username: String,
    email: String,
}

impl Kind {
    fn new(name: impl Into<String>, judged: Judged, paths: impl IntoIterator<Item = String>) -> Self {
        Self { name: name.into(), judged, paths: paths.into_iter().collect() }
    }

    pub fn questions(&self, directory: &Identity) -> Vec<Question> {
        self.paths.iter().map(|path| Question::get(path.clone()).by(directory)).collect()
    }
}

/// Every kind of question, about people who are there and about nobody.
pub async fn kinds(address: SocketAddr, directory: &Identity, people: u64) -> Result<Vec<Kind>> {
    let known = some(address, directory, people).await?;
    let far = (people / 2).max(1);
    let nobody = ["nobody-is-called-so", "zoe.nobody", "qqq.xyz"];
    let filtered = |filter: String| format!("{PEOPLE}?filter={}", encoded(&filter));
    let by = |test: &str, texts: [&str; 3]| texts.map(|text| filtered(format!("{test} \"{text}\"")));
    Ok(vec![
        Kind::new("first page of 100", ByAim, [format!("{PEOPLE}?count=100")]),
        Kind::new(
            format!("page of 100 from number {} on", whole(far as f64)),
            Told,
            [format!("{PEOPLE}?startIndex={far}&count=100")],
        ),
        Kind::new("one person, by id", ByAim, known.iter().map(|known| format!("{PEOPLE}/{}", known.id))),
        Kind::new(
            "`userName eq`",
            ByAim,
            known.iter().map(|known| filtered(format!("userName eq \"{}\"", known.username))),
        ),
        Kind::new("`userName eq`, nobody is called so", ByAim, by("userName eq", nobody)),
        Kind::new(
            "`emails.value eq`",
            ByAim,
            known.iter().map(|known| filtered(format!("emails.value eq \"{}\"", known.email))),
        ),
        Kind::new("`externalId eq`, nobody has it", ByAim, by("externalId eq", nobody)),
        Kind::new("`userName sw`", Told, by("userName sw", ["saoirse.v", "valentina.m", "xiang.o"])),
        Kind::new("`displayName co`", Told, by("displayName co", ["oirs", "virtan", "zhang"])),
    ])
}

/// Three people, from the first, second and third quarter of those who are there.
async fn some(address: SocketAddr, directory: &Identity, people: u64) -> Result<Vec<Known>> {
    let mut connection = Connection::open(address).await?;
    let mut known = Vec::new();
    for quarter in 1..=3_u64 {
        let place = (people * quarter / 4).max(1);
        let question = Question::get(format!("{PEOPLE}?startIndex={place}&count=1")).by(directory);
        let page = connection.fetch(&question).await?.json()?;
        known.push(Known::of(&page["Resources"][0]).context("nobody came back")?);
    }
    Ok(known)
}

impl Known {
    fn of(person: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Some(Self {
            id: text(&person["id"])?,
            username: text(&person["userName"])?,
            email: text(&person["emails"][0]["value"])?,
        })
    }
}
