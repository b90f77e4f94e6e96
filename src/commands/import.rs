//! `countersign user import`: people from a file, without a browser.

use crate::console;
use anyhow::{Context, Result, bail};
use clap::Args;
use domain::ImportId;
use serde_json::json;
use server::{
    Backend, Origin,
    http::upload,
    people::import::{BadRows, Choices, State, Status},
    permit::Operator,
};
use std::{fs::File, path::PathBuf, time::Duration};

/// So many wrong cells are told.
const TOLD: i64 = 50;
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);

#[derive(Debug, Args)]
pub struct Wish {
    /// A table of people: CSV in UTF-8, whose first row names the columns
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Say what the file would do, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Write the other rows where some are wrong; without this it is everybody or nobody
    #[arg(long)]
    skip_bad: bool,
    /// What becomes of people who are there: update or leave
    #[arg(long, default_value = "update", value_name = "WORD")]
    existing: String,
    /// New people for whom the file has no password: invite them by mail, or wait until they ask for a link
    #[arg(long, default_value = "invite", value_name = "WORD")]
    without_password: String,
}

impl Wish {
    /// Checks the file, and imports it unless that was not asked for.
    pub async fn run(self, backend: &Backend) -> Result<()> {
        let (operator, origin) = (Operator::of_this_machine(), Origin::operator());
        let choices =
            Choices::parse(&self.existing, &self.without_password).map_err(|errors| told(&errors))?;
        let file =
            File::open(&self.file).with_context(|| format!("{} cannot be read", self.file.display()))?;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy();
        let pieces = upload::pieces_of_file(file);
        let permit = operator.permit(());
        let place = backend.imports.place(&permit).map_err(super::user::explain)?;
        let received = backend.imports.receive(&permit, place, choices, &name, pieces, &origin).await;
        let id = received.map_err(super::user::explain)?;
        let status = look(backend, id).await?;
        tell_errors(backend, id).await?;
        if self.dry_run {
            cancel(backend, id).await?;
            return say(&status);
        }
        let wrong = status.import.wrong;
        if wrong > 0 && !self.skip_bad {
            cancel(backend, id).await?;
            bail!(
                "{wrong} rows are wrong, so nobody was written; mend the file, or add --skip-bad to write the others"
            );
        }
        let bad_rows = if self.skip_bad { BadRows::Skip } else { BadRows::Refuse };
        backend.imports.start(&permit, id, bad_rows, &origin).await.map_err(super::user::explain)?;
        let status = finish(backend, id).await?;
        if let (State::Failed, Some(why)) = (status.import.state, &status.import.trouble) {
            bail!("{why}");
        }
        say(&status)
    }
}

/// Works until everybody is written. A program that serves the same database may be quicker, and sends the letters.
async fn finish(backend: &Backend, id: ImportId) -> Result<Status> {
    loop {
        let worked = backend.imports.work_once().await.map_err(super::user::explain)?;
        let status = look(backend, id).await?;
        if !matches!(status.import.state, State::Waiting | State::Running) {
            return Ok(status);
        }
        if !worked {
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
    }
}

async fn look(backend: &Backend, id: ImportId) -> Result<Status> {
    let visible = Operator::of_this_machine().sees_imports();
    backend.imports.find(&visible, id).await.map_err(super::user::explain)
}

async fn cancel(backend: &Backend, id: ImportId) -> Result<()> {
    let permit = Operator::of_this_machine().permit(());
    backend.imports.cancel(&permit, id, &Origin::operator()).await.map_err(super::user::explain)
}

/// What is wrong, a line each, on standard error.
async fn tell_errors(backend: &Backend, id: ImportId) -> Result<()> {
    let visible = Operator::of_this_machine().sees_imports();
    let errors = backend.imports.first_errors(&visible, id, TOLD).await.map_err(super::user::explain)?;
    for error in errors {
        let column =
            if error.column_name.is_empty() { String::new() } else { format!(", {}", error.column_name) };
        eprintln!("row {}{column}: {}", error.number, error.words);
    }
    Ok(())
}

fn say(status: &Status) -> Result<()> {
    let Status { import, to_invite, .. } = status;
    console::say(json!({
        "id": import.id, "state": import.state.code(), "people": import.people, "new": import.fresh, "changed": import.changed,
        "unchanged": import.same, "wrong": import.wrong, "made": import.made, "updated": import.updated,
        "skipped": import.skipped, "to_invite": to_invite,
    }));
    Ok(())
}

fn told(errors: &domain::FieldErrors) -> anyhow::Error {
    let words: Vec<String> =
        errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
    anyhow::anyhow!(words.join("; "))
}
