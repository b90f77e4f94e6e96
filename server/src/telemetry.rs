//! Logs: JSON for machines or text for people, on standard error.

use crate::config::{Config, LogFormat};
use anyhow::Context;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging as configured. Once in a process.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::builder()
        .parse(&config.log)
        .with_context(|| format!("log = {:?} is no filter such as info", config.log))?;
    let layer = match config.log_format {
        LogFormat::Json => tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .with_writer(std::io::stderr)
            .boxed(),
        LogFormat::Text => {
            tracing_subscriber::fmt::layer().compact().with_target(false).with_writer(std::io::stderr).boxed()
        }
    };
    tracing_subscriber::registry().with(filter).with(layer).try_init().context("logging was started twice")
}

/// Whether this says what to log: levels and filters, with a comma between them. A single word that is no level would be taken
/// for the name of a part of the program, and nothing else would ever be logged.
pub fn is_filter(text: &str) -> bool {
    let is_a_name =
        |part: &str| part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | ' '));
    let is_level = |part: &str| !part.trim().is_empty() && part.trim().parse::<LevelFilter>().is_ok();
    EnvFilter::builder().parse(text).is_ok() && text.split(',').all(|part| !is_a_name(part) || is_level(part))
}

#[cfg(test)]
mod tests {
    use super::is_filter;

    #[test]
    fn a_filter_is_made_of_levels_and_parts_with_levels() {
        for right in [
            "info",
            "WARN",
            "off",
            "info,server=debug",
            "server=debug",
            "info,sqlx[query{a=1}]=trace",
            "info,app=warn",
        ] {
            assert!(is_filter(right), "{right:?} was refused");
        }
        for wrong in ["", "blah", "info,blah", "info,", "server", "server=loud", "info,=,=", "server::http"] {
            assert!(!is_filter(wrong), "{wrong:?} was taken");
        }
    }
}
