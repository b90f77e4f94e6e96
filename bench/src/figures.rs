//! What was measured: figures with their aim and their limit, and tables with the details.

/// One line of the main table.
#[derive(Debug, Clone)]
pub struct Figure {
    pub name: String,
    pub measured: String,
    pub aim: String,
    /// What the same machine could do at best, measured in the same run.
    pub limit: String,
    pub verdict: Verdict,
}

/// Whether the aim was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Met,
    Missed,
    /// There is no aim.
    Told,
}

impl Verdict {
    pub const fn of(met: bool) -> Self {
        if met { Self::Met } else { Self::Missed }
    }

    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "**missed**",
            Self::Told => "",
        }
    }
}

/// Details behind the figures: a heading, words, and rows of cells (the first row is the head).
#[derive(Debug, Clone)]
pub struct Table {
    pub title: String,
    pub words: String,
    pub rows: Vec<Vec<String>>,
}

/// All that was measured, in the order it was.
#[derive(Debug, Default)]
pub struct Figures {
    pub figures: Vec<Figure>,
    pub tables: Vec<Table>,
    /// What could not be measured, and why.
    pub gaps: Vec<String>,
    /// The server's memory after the rounds of many connections, in bytes.
    pub memory_under_load: Option<u64>,
}

impl Figures {
    pub fn add(
        &mut self,
        name: impl Into<String>,
        measured: impl Into<String>,
        aim: &str,
        limit: impl Into<String>,
        verdict: Verdict,
    ) {
        let figure = Figure {
            name: name.into(),
            measured: measured.into(),
            aim: aim.into(),
            limit: limit.into(),
            verdict,
        };
        say(&format!("  {}: {} {}", figure.name, figure.measured, figure.verdict.word()));
        self.figures.push(figure);
    }

    pub fn missed(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|figure| figure.verdict == Verdict::Missed)
    }
}

/// The middle one of several; of an even number the upper one.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A duration in milliseconds, as precise as it deserves.
pub fn milliseconds(value: f64) -> String {
    if value < 10.0 { format!("{value:.2} ms") } else { format!("{value:.0} ms") }
}

pub fn kilobytes(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}

pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1_000_000.0)
}

/// A whole number with its thousands set apart.
pub fn whole(value: f64) -> String {
    let digits = format!("{value:.0}");
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// Tells whoever waits what is going on.
#[expect(clippy::print_stderr, reason = "a command line program")]
pub fn say(words: &str) {
    eprintln!("{words}");
}

#[expect(clippy::print_stdout, reason = "a command line program")]
pub fn print(text: &str) {
    println!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_people_write_them() {
        assert_eq!(whole(1_234_567.4), "1,234,567");
        assert_eq!(whole(999.0), "999");
        assert_eq!(milliseconds(0.123), "0.12 ms");
        assert_eq!(milliseconds(123.4), "123 ms");
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
    }
}
