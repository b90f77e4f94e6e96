//! Loading invented people by the million, against what the disk takes.

use crate::{
    database,
    figures::{Figures, Verdict, megabytes, whole},
    program::{Installation, Program},
};
use anyhow::{Context, Result};
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    time::Instant,
};

const AIM: f64 = 20_000.0;

/// What came of loading.
struct Loaded {
    engine: &'static str,
    people: u64,
    /// People a second.
    rate: f64,
    /// What they take on the disk.
    size: u64,
}

pub async fn into_sqlite(
    program: &Program,
    place: &Installation,
    people: u64,
    figures: &mut Figures,
) -> Result<()> {
    let rate = load(program, place, people).await?;
    let loaded = Loaded { engine: "SQLite", people, rate, size: size_of_sqlite(place)? };
    loaded.tell(Some(AIM), place.folder(), figures)
}

/// The same where names and addresses are encrypted. How fast that has to be was never said.
pub async fn into_encrypted_sqlite(
    program: &Program,
    place: &Installation,
    people: u64,
    figures: &mut Figures,
) -> Result<()> {
    let rate = load(program, place, people).await?;
    let loaded = Loaded { engine: "SQLite, encrypted", people, rate, size: size_of_sqlite(place)? };
    loaded.tell(None, place.folder(), figures)
}

pub async fn into_postgres(
    program: &Program,
    place: &Installation,
    url: &str,
    people: u64,
    figures: &mut Figures,
) -> Result<()> {
    let rate = load(program, place, people).await?;
    let size = database::ask(url, "select pg_database_size(current_database())").await?.parse()?;
    Loaded { engine: "PostgreSQL", people, rate, size }.tell(Some(AIM), place.folder(), figures)
}

/// The file of the database and what lies beside it.
fn size_of_sqlite(place: &Installation) -> Result<u64> {
    let mut size = 0;
    for entry in fs::read_dir(place.folder())? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().contains(".db") {
            size += entry.metadata()?.len();
        }
    }
    Ok(size)
}

/// People a second, as the program itself says, which does not count opening the database.
async fn load(program: &Program, place: &Installation, people: u64) -> Result<f64> {
    let said = program.run(place, &["demo", "--users", &people.to_string()]).await?;
    let line = said
        .lines()
        .find(|line| line.starts_with("Loaded "))
        .context("the program does not say how fast it was")?;
    let rate =
        line.rsplit_once('(').and_then(|(_, rest)| rest.split(' ').next()).and_then(|rate| rate.parse().ok());
    rate.with_context(|| format!("no rate in: {line}"))
}

impl Loaded {
    fn tell(&self, aim: Option<f64>, folder: &Path, figures: &mut Figures) -> Result<()> {
        let limit = self.people as f64 / seconds_to_write(folder, self.size)?;
        figures.add(
            format!("Loading people into {}", self.engine),
            format!("{} people/s ({} in all)", whole(self.rate), megabytes(self.size)),
            &aim.map_or_else(String::new, |aim| format!("≥ {}/s", whole(aim))),
            format!("{} people/s, if only as many bytes were written and synced", whole(limit)),
            aim.map_or(Verdict::Told, |aim| Verdict::of(self.rate >= aim)),
        );
        Ok(())
    }
}

/// How long the disk takes for so many bytes in one stretch.
fn seconds_to_write(folder: &Path, size: u64) -> Result<f64> {
    let path = folder.join("disk-speed");
    let chunk = vec![0x5a_u8; 1024 * 1024];
    let begun = Instant::now();
    let mut file = File::create(&path)?;
    for _ in 0..size.div_ceil(chunk.len() as u64) {
        file.write_all(&chunk)?;
    }
    file.sync_all()?;
    let seconds = begun.elapsed().as_secs_f64();
    fs::remove_file(&path)?;
    Ok(seconds)
}
