//! `countersign audit …`: proving that the audit trail is whole, and noting where it ends.

use crate::{console, serve};
use anyhow::{Result, bail};
use app::people::with_commas;
use clap::Subcommand;
use server::{
    Backend,
    audit::{Haste, Noted, Progress, Report},
    config::Config,
};

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Prove that no entry was changed, removed, added or moved; the first that was is named
    Verify {
        /// A head that was kept elsewhere (as `audit head` prints it): that it is still in the chain is proven too
        #[arg(long, value_name = "HEAD")]
        head: Option<Noted>,
    },
    /// Print the head of the chain, to be kept elsewhere: with it `audit verify` notices an end that was cut off
    Head {
        /// Note it in the data folder too, in place of the one that is noted there (after a backup was restored)
        #[arg(long)]
        note: bool,
    },
}

impl Action {
    pub async fn run(self, config: Config) -> Result<()> {
        let backend = serve::open(config).await?;
        let outcome = self.act(&backend).await;
        // Nothing is sealed here: what waits, and for how long, is part of what is looked at.
        backend.ground.db.close().await;
        outcome
    }

    async fn act(self, backend: &Backend) -> Result<()> {
        match self {
            Self::Verify { head } => {
                let report = backend.audit.verify(head, Haste::Full, &Progress::default()).await?;
                tell(&report);
                if !report.is_whole() {
                    bail!("{}", report.words());
                }
                console::say(report.words());
            }
            Self::Head { note } => {
                let head = if note { backend.audit.note_head().await? } else { backend.audit.head().await? };
                console::say(head);
            }
        }
        Ok(())
    }
}

/// The figures.
fn tell(report: &Report) {
    console::say(format_args!(
        "Looked at {} entries in {:.1} s ({} a second).",
        number(report.entries),
        report.took.as_secs_f64(),
        number(report.rate() as u64)
    ));
    if report.from > 1 {
        console::say(format_args!(
            "The trail begins with entry {}; what was before it was removed when its time was over.",
            with_commas(report.from)
        ));
    }
    if report.erased > 0 {
        console::say(format_args!(
            "In {} of them, what they told of a person was erased by the program.",
            number(report.erased)
        ));
    }
    if report.waiting > 0 && report.waiting_since.is_none() {
        console::say(format_args!(
            "{} more wait for their place in the chain, which takes about a second.",
            number(report.waiting)
        ));
    }
}

fn number(count: u64) -> String {
    with_commas(i64::try_from(count).unwrap_or(i64::MAX))
}
