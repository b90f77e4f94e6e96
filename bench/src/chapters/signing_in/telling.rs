//! Whether time tells an account that exists from one that does not: wrong passwords for both, in turns.

use super::{ACCOUNTS, username};
use crate::{
    client::{Connection, Question},
    figures::{Figures, Verdict, median, milliseconds},
    program::Server,
};
use anyhow::Result;
use hyper::StatusCode;
use std::time::Instant;

const AIM: f64 = 0.05;

pub async fn measure(server: &Server, figures: &mut Figures) -> Result<()> {
    let mut connection = Connection::open(server.address).await?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    // One failure for each: none is near a lock.
    for number in 0..ACCOUNTS {
        let there = username(number);
        known.push(refused(&mut connection, &there).await?);
        unknown.push(refused(&mut connection, &there.replace("robin", "nobody")).await?);
    }
    let samples = known.len();
    let (known, unknown) = (median(&known), median(&unknown));
    let apart = (known - unknown).abs() / known;
    figures.add(
        "A wrong password for a known and for an unknown account",
        format!(
            "medians {} and {} of {samples} each, {:.1} % apart",
            milliseconds(known),
            milliseconds(unknown),
            apart * 100.0
        ),
        "at most 5 % apart",
        "",
        Verdict::of(apart <= AIM),
    );
    Ok(())
}

/// How long the refusal took, in milliseconds.
async fn refused(connection: &mut Connection, username: &str) -> Result<f64> {
    let question = Question::sign_in_call(username, "not-the-password").wants(StatusCode::UNAUTHORIZED);
    let begun = Instant::now();
    connection.fetch(&question).await?;
    Ok(begun.elapsed().as_secs_f64() * 1000.0)
}
