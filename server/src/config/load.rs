//! Reading the configuration: defaults, then one TOML file, then the environment. What is unknown or wrong stops the start
//! with one line that names it. The only place that reads the environment.

use super::Config;
use figment::{
    Figment, Provider as _,
    providers::{Env, Format, Toml},
    value::{Dict, Map, Value},
};
use std::path::Path;

const PREFIX: &str = "COUNTERSIGN_";
/// Variables with our prefix that the scripts of the project use and the program does not.
const NOT_SETTINGS: [&str; 8] =
    ["CONFIG", "CACHE", "SITE", "URL", "TEST_POSTGRES", "TEST_REDIS", "TEST_SMTP", "DEMO_ACCOUNTS"];
/// Settings that may also be read from a file, as `…_file`.
const SECRETS: [&str; 5] = ["database_url", "redis_url", "search_url", "smtp_url", "sms_url"];

/// Why there is no configuration, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Reads the configuration. `file` is the one that was named; without one, `countersign.toml` is read if it is there.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let config = merge(file)?;
    match config.problems().first() {
        None => Ok(config),
        Some(problem) => Err(ConfigError(problem.clone())),
    }
}

/// Reads the configuration without judging its values.
pub fn merge(file: Option<&Path>) -> Result<Config, ConfigError> {
    if let Some(file) = file
        && !file.is_file()
    {
        return Err(ConfigError(format!("the configuration file {} cannot be read", file.display())));
    }
    let layers = Figment::new().merge(Toml::file(file.unwrap_or(Path::new("countersign.toml")))).merge(
        Env::prefixed(PREFIX)
            .ignore(&NOT_SETTINGS.map(str::to_lowercase).each_ref().map(String::as_str))
            .split("__"),
    );
    let layers = read_secret_files(layers)?;
    // The defaults lie below without being written out: a masked secret must not come back as a value.
    let config: Config = layers.extract().map_err(|error| ConfigError(say(&error)))?;
    Ok(Config { reload_port: watcher(), ..config })
}

/// The port of the watcher that started the program, if one did.
fn watcher() -> Option<u16> {
    Env::var("LEPTOS_WATCH").and_then(|_| Env::var("LEPTOS_RELOAD_PORT")?.parse().ok())
}

/// Replaces every `…_file` by the content of the file that it names.
fn read_secret_files(layers: Figment) -> Result<Figment, ConfigError> {
    let profile = layers.profile().clone();
    let mut data = layers.data().map_err(|error| ConfigError(say(&error)))?;
    let mut settings: Dict = data.remove(&figment::Profile::Default).unwrap_or_default();
    if profile != figment::Profile::Default
        && let Some(more) = data.remove(&profile)
    {
        settings.extend(more);
    }
    let mut changed = false;
    for name in SECRETS {
        if let Some(value) = settings.remove(&format!("{name}_file")) {
            changed = true;
            let path = value.as_str().unwrap_or_default().to_owned();
            let text = std::fs::read_to_string(&path)
                .map_err(|error| ConfigError(format!("{name}_file: {path} cannot be read: {error}")))?;
            settings.insert(name.to_owned(), Value::from(text.trim_end()));
        }
    }
    if changed { Ok(Figment::from(Settings(settings))) } else { Ok(layers) }
}

/// Settings that were put together already, as a layer of their own.
struct Settings(Dict);

impl figment::Provider for Settings {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named("the configuration file and the environment")
    }

    fn data(&self) -> Result<Map<figment::Profile, Dict>, figment::Error> {
        Ok(Map::from([(figment::Profile::Default, self.0.clone())]))
    }
}

/// One line: which setting, what is wrong with it, and where it was set.
fn say(error: &figment::Error) -> String {
    let place = error.metadata.as_ref().map(|metadata| metadata.name.as_ref()).unwrap_or_default();
    let (setting, place) = if place.contains("environment") {
        (format!("{PREFIX}{}", error.path.join("__").to_uppercase()), String::new())
    } else if place.is_empty() {
        (error.path.join("."), String::new())
    } else {
        (error.path.join("."), format!(" (from the {place})"))
    };
    match &error.kind {
        figment::error::Kind::UnknownField(name, known) => {
            let near = known.iter().find(|candidate| is_near(candidate, name));
            let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            let setting = if error.path.is_empty() { name.clone() } else { setting };
            format!("unknown setting {setting}{place}{hint}")
        }
        kind if setting.is_empty() => {
            format!("the configuration file cannot be read: {}", in_one_line(&kind.to_string()))
        }
        kind => format!("{setting}: {}{place}", in_one_line(&kind.to_string())),
    }
}

/// Without the drawing of the place that the TOML parser puts between its words.
fn in_one_line(words: &str) -> String {
    let is_drawing = |line: &&str| {
        line.split('|').next().is_some_and(|margin| margin.trim().chars().all(|c| c.is_ascii_digit()))
            && line.contains('|')
    };
    words.lines().filter(|line| !is_drawing(line)).collect::<Vec<_>>().join(", ")
}

/// Whether two names share most of their letters in order: enough for a hint.
fn is_near(one: &str, other: &str) -> bool {
    let shared = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    shared * 2 >= one.len().max(other.len()) && shared > 2
}
