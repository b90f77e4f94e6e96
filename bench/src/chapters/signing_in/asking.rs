//! What it costs to know who asks: the same small answer asked for by nobody, by a cookie and by a bearer token, in turns.

use super::{PASSWORD, username};
use crate::{
    client::{self, Question},
    figures::{Figures, Verdict, median},
    load::{self, Effort},
    program::Server,
};
use anyhow::Result;
use hyper::StatusCode;
use std::time::Duration;

const ROUNDS: usize = 9;
const ROUND: Effort = Effort { connections: 1, at_most: Duration::from_secs(2), answers: 2_000 };
const AIM: f64 = 150.0;

pub async fn measure(server: &Server, figures: &mut Figures) -> Result<()> {
    // There is nothing at this address, and that is said to everybody alike, after the caller was found out.
    let nobody = Question::get("/api/nothing-is-here").wants(StatusCode::NOT_FOUND);
    let cookie = client::sign_in_with_cookie(server.address, &username(0), PASSWORD).await?;
    let token = client::sign_in_with_token(server.address, &username(0), PASSWORD).await?;
    let askers = [nobody.clone(), nobody.clone().by(&cookie), nobody.by(&token)];
    let mut took = [const { Vec::new() }; 3];
    for question in &askers {
        load::run(server.address, std::slice::from_ref(question), ROUND).await?;
    }
    for _ in 0..ROUNDS {
        for (question, took) in askers.iter().zip(&mut took) {
            let outcome = load::run(server.address, std::slice::from_ref(question), ROUND).await?;
            took.push(outcome.percentile(0.5) * 1000.0);
        }
    }
    let [nobody, cookie, token] = took.map(|rounds| median(&rounds));
    for (name, with) in [("a cookie", cookie), ("a bearer token", token)] {
        let cost = with - nobody;
        figures.add(
            format!("Knowing who asks, by {name}"),
            format!("{cost:.0} µs"),
            "< 150 µs",
            format!("{nobody:.0} µs for the whole answer to nobody"),
            Verdict::of(cost < AIM),
        );
    }
    Ok(())
}
