//! Signing in, on an installation of its own with ordinary accounts and the default cost of a password.

mod asking;
mod crowd;
mod rate;
mod telling;

use crate::{
    figures::Figures,
    program::{Installation, Program},
};
use anyhow::Result;

/// So many that a crowd of a thousand asks for each of them a few times only.
const ACCOUNTS: usize = 250;
const PASSWORD: &str = "correct-horse-battery-staple";

pub async fn measure(program: &Program, figures: &mut Figures) -> Result<()> {
    let place = Installation::new(None)?;
    for number in 0..ACCOUNTS {
        let (username, email) = (username(number), format!("{}@example.org", username(number)));
        let account = ["--username", &username, "--email", &email, "--full-name", "Robin Example"];
        let command = [&["user", "create"], account.as_slice(), &["--role", "CUSTOMER", "--password-stdin"]];
        program.run_with(&place, &command.concat(), PASSWORD).await?;
    }
    let server = program.serve(&place).await?;
    telling::measure(&server, figures).await?;
    asking::measure(&server, figures).await?;
    rate::measure(&server, figures).await?;
    crowd::measure(&server, figures).await?;
    server.stop().await
}

fn username(number: usize) -> String {
    format!("robin-{number:03}")
}
