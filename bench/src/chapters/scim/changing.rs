//! How a directory looks after people: one after the other is made, read, given another name and let go.

use super::PEOPLE;
use crate::{
    chapters::answers::{ANSWERS, AT_MOST, WARM_UP},
    client::{Answer, Connection, Identity, Question},
    load::Outcome,
};
use anyhow::{Context, Result};
use hyper::StatusCode;
use serde_json::json;
use std::{net::SocketAddr, time::Instant};

const KIND: &str = "application/scim+json";
/// What is done with each person, in this order.
const STEPS: [&str; 4] = [
    "making somebody, who is invited by letter",
    "reading who was just made",
    "changing their name (`PATCH`)",
    "letting them go (`DELETE`, which suspends)",
];

/// How long each step takes. A few people come before, to warm up.
pub async fn measure(address: SocketAddr, directory: &Identity) -> Result<Vec<(&'static str, Outcome)>> {
    let mut connection = Connection::open(address).await?;
    for number in 0..WARM_UP {
        look_after(&mut connection, directory, number).await?;
    }
    let mut took = [const { Vec::new() }; STEPS.len()];
    let begun = Instant::now();
    for number in WARM_UP..WARM_UP + ANSWERS {
        if begun.elapsed() >= AT_MOST * 4 {
            break;
        }
        let person = look_after(&mut connection, directory, number).await?;
        for (took, milliseconds) in took.iter_mut().zip(person) {
            took.push(milliseconds);
        }
    }
    Ok(STEPS.into_iter().zip(took.map(outcome)).collect())
}

fn outcome(latencies: Vec<f64>) -> Outcome {
    let seconds = latencies.iter().sum::<f64>() / 1000.0;
    Outcome::of(latencies, seconds)
}

/// All the steps with one person; how many milliseconds each took.
async fn look_after(
    connection: &mut Connection,
    directory: &Identity,
    number: usize,
) -> Result<[f64; STEPS.len()]> {
    let create = Question::upload(PEOPLE, KIND, newcomer(number)).wants(StatusCode::CREATED);
    let (made, making) = timed(connection, create.by(directory)).await?;
    let made = made.json()?;
    let path = format!("{PEOPLE}/{}", made["id"].as_str().context("whoever was made has no id")?);
    let (_, reading) = timed(connection, Question::get(path.clone()).by(directory)).await?;
    let (_, changing) = timed(connection, Question::patch(&path, KIND, new_name()).by(directory)).await?;
    let (_, letting_go) = timed(connection, Question::delete(&path).by(directory)).await?;
    Ok([making, reading, changing, letting_go])
}

async fn timed(connection: &mut Connection, question: Question) -> Result<(Answer, f64)> {
    let begun = Instant::now();
    let answer = connection.fetch(&question).await?;
    Ok((answer, begun.elapsed().as_secs_f64() * 1000.0))
}

/// Somebody as Entra ID sends them.
fn newcomer(number: usize) -> String {
    let username = format!("newcomer-{number:05}");
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "externalId": format!("id of {username}"),
        "userName": username,
        "active": true,
        "emails": [{ "primary": true, "type": "work", "value": format!("{username}@example.com") }],
        "name": { "formatted": "Nora Quist", "familyName": "Quist", "givenName": "Nora" },
        "roles": [],
    })
    .to_string()
}

fn new_name() -> String {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{ "op": "replace", "path": "displayName", "value": "Nora Holm" }],
    })
    .to_string()
}
