//! What a proof of the chain came to, or how far it is.

use super::filter::entries;
use crate::{
    moments,
    ui::{ButtonLink, ButtonTone, Icon, Notice, Progress, Tone},
};
use domain::Timestamp;
use leptos::prelude::*;
use server::audit::{Proof, Report};
use std::time::Duration;

const NEWS: Duration = Duration::from_secs(3600);

/// Stands above the list as soon as somebody has asked for a proof. `here` is the page's own address.
#[component]
pub fn ProofNotice(proof: Proof, now: Timestamp, here: String) -> impl IntoView {
    match proof {
        Proof::Never => ().into_any(),
        Proof::Running(progress) => {
            let (done, of) = progress.now();
            let again = view! { <ButtonLink href=here label="Look again" tone=ButtonTone::Secondary icon=Icon::RotateCcw /> };
            view! {
                <Notice icon=Icon::ShieldCheck title="The chain is being proven" action=again.into_any()>
                    <p>{format!("{} of {} are proven. This goes on by itself; you may leave the page.", number(done), entries(of))}</p>
                    <div class="mt-2 max-w-80"><Progress label="Proven entries" value=share(done, of) /></div>
                </Notice>
            }
            .into_any()
        }
        Proof::Failed { at } => view! {
            <Notice tone=Tone::Warn icon=Icon::TriangleAlert title="The chain could not be proven">
                {format!("{}: the log of the program says why. Try again in a few moments.", moments::ago(at, now))}
            </Notice>
        }
        .into_any(),
        // Good news from long ago is no news.
        Proof::Done { report, at } if report.is_whole() && now.since(at) > NEWS => ().into_any(),
        Proof::Done { report, at } if report.is_whole() => view! {
            <Notice tone=Tone::Good icon=Icon::ShieldCheck title="The audit trail is whole">
                <p>{whole(&report)}</p>
                <p class="text-label text-ink-faint">{figures(&report, at, now)}</p>
            </Notice>
        }
        .into_any(),
        Proof::Done { report, at } => view! {
            <Notice tone=Tone::Bad icon=Icon::TriangleAlert title="The audit trail is not whole">
                <p class="wrap-anywhere">{report.words()}</p>
                <p class="mt-1">"Keep the database as it is, and look at it with whoever runs the machine: "<code class="font-mono text-label">"countersign audit verify"</code>" says the same there."</p>
                <p class="text-label text-ink-faint">{figures(&report, at, now)}</p>
            </Notice>
        }
        .into_any(),
    }
}

fn number(count: u64) -> String {
    crate::people::with_commas(i64::try_from(count).unwrap_or(i64::MAX))
}

fn share(done: u64, of: u64) -> u32 {
    u32::try_from(done * 100 / of.max(1)).unwrap_or(100)
}

fn whole(report: &Report) -> String {
    let mut words = match report.entries {
        0 => "There is nothing in it yet.".to_owned(),
        1 => "Its one entry is as it was written.".to_owned(),
        count => {
            format!("All {} are as they were written, in their order, and none is missing.", entries(count))
        }
    };
    if report.from > 1 {
        words.push_str(&format!(
            " It begins with entry {}; those before it were removed when their time was over.",
            number(report.from.unsigned_abs())
        ));
    }
    if report.erased > 0 {
        words.push_str(&format!(" In {} what was told of a person was erased.", entries(report.erased)));
    }
    words
}

fn figures(report: &Report, at: Timestamp, now: Timestamp) -> String {
    let waiting = match report.waiting {
        0 => String::new(),
        count => format!(" {} had no place yet.", entries(count)),
    };
    let seconds = report.took.as_secs_f64();
    let took = if seconds < 0.1 { "in less than 0.1 s".to_owned() } else { format!("in {seconds:.1} s") };
    format!("Proven {}, {took}.{waiting}", moments::ago(at, now))
}
