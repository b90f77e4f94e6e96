//! The table in words: docs/benchmarks.md, and the summary on the terminal.

use crate::{
    figures::{Figures, Table},
    machine::{self, Machine},
};
use anyhow::Result;

/// Below this line the document is written by hand, and stays when it is measured again.
pub const KEPT: &str =
    "<!-- Written by hand from here on; kept when `make bench` writes what stands above. -->";

pub fn write(machine: &Machine, figures: &Figures, kept: &str) -> Result<String> {
    let mut text = format!(
        "# Benchmarks\n\n\
         Written by `make bench` on {}. Every limit was measured in the same run, on the same machine, by the same load generator.\n\n\
         - Machine: {} cores of {}, {:.0} GB of memory, Linux {}\n\
         - Load of the machine by other work: {:.1} processes wanted to run before the first measurement (load average of a minute); \
         {:.1} at the end, the measurement itself among them\n\n",
        machine.date,
        machine.cores,
        machine.processor,
        machine.memory as f64 / 1e9,
        machine.kernel,
        machine.load_before,
        machine::load()?,
    );
    text.push_str("## What missed its aim\n\n");
    text.push_str(&misses(figures));
    text.push_str("\n## Figures\n\n");
    let head = ["Figure", "Measured", "Aim", "Limit in the same run", "Verdict"].map(str::to_owned).to_vec();
    let lines = figures.figures.iter().map(|figure| {
        vec![
            figure.name.clone(),
            figure.measured.clone(),
            figure.aim.clone(),
            figure.limit.clone(),
            figure.verdict.word().to_owned(),
        ]
    });
    text.push_str(&grid(&std::iter::once(head).chain(lines).collect::<Vec<_>>()));
    for Table { title, words, rows } in &figures.tables {
        text.push_str(&format!("\n## {title}\n\n{words}\n\n{}", grid(rows)));
    }
    text.push_str(&format!("\n{KEPT}\n"));
    if !kept.is_empty() {
        text.push_str(&format!("\n{kept}\n"));
    }
    Ok(text)
}

fn misses(figures: &Figures) -> String {
    let missed: Vec<String> = figures
        .missed()
        .map(|figure| format!("- {}: {} (aim {})\n", figure.name, figure.measured, figure.aim))
        .collect();
    let gaps = figures.gaps.iter().map(|gap| format!("- {gap}\n"));
    let all: String = missed.into_iter().chain(gaps).collect();
    if all.is_empty() { "Nothing.\n".to_owned() } else { all }
}

/// A short word at the end, for whoever started it.
pub fn summary(figures: &Figures) -> String {
    let missed = figures.missed().count();
    let judged = figures.figures.iter().filter(|figure| !figure.aim.is_empty()).count();
    format!("{} of {judged} aims met, {missed} missed, {} not measured", judged - missed, figures.gaps.len())
}

fn grid(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        text.push_str(&format!("| {} |\n", row.join(" | ")));
        if number == 0 {
            text.push_str(&format!("|{}\n", " --- |".repeat(row.len())));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_has_a_head() {
        let rows = [["a", "b"], ["1", "2"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(grid(&rows), "| a | b |\n| --- | --- |\n| 1 | 2 |\n");
    }
}
