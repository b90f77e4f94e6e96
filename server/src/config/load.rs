//! Reading the configuration: defaults, then one TOML file, then the environment. What is unknown or wrong stops the start
//! with one line that names it. The only place that reads the environment.

use super::{Config, oidc};
use figment::{
    Figment, Provider as _,
    providers::{Env, Format, Toml},
    value::{Dict, Map, Value},
};
use std::path::Path;

const PREFIX: &str = "COUNTERSIGN_";
/// Variables with our prefix that the scripts of the project use and the program does not.
const NOT_SETTINGS: [&str; 10] = [
    "CONFIG",
    "CACHE",
    "SITE",
    "URL",
    "PROGRAM",
    "RESULTS",
    "TEST_POSTGRES",
    "TEST_REDIS",
    "TEST_SMTP",
    "DEMO_ACCOUNTS",
];
/// Settings that may also be read from a file, as `…_file`.
const SECRETS: [&str; 5] = ["database_url", "redis_url", "search_url", "smtp_url", "sms_url"];

/// Why there is no configuration, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// The configuration as far as it could be read, and all that is wrong with it.
#[derive(Debug)]
pub struct Reading {
    pub config: Config,
    /// One line for each thing that is wrong.
    pub problems: Vec<String>,
    /// The settings that could not be read: the configuration has their defaults.
    pub unread: Vec<String>,
}

/// Reads the configuration. `file` is the one that was named; without one, `countersign.toml` is read if it is there.
pub fn load(file: Option<&Path>) -> Result<Config, ConfigError> {
    let Reading { config, problems, .. } = read(file);
    match problems.as_slice() {
        [] => Ok(config),
        [one] => Err(ConfigError(one.clone())),
        [first, others @ ..] => Err(ConfigError(format!(
            "{first} (and {} more: countersign config check names them all)",
            others.len()
        ))),
    }
}

/// Reads the configuration and looks for everything that is wrong with it.
pub fn read(file: Option<&Path>) -> Reading {
    let mut problems = Vec::new();
    let layers = layers(file, &mut problems);
    let settings = layers.data().ok().and_then(|mut data| data.remove(&figment::Profile::Default));
    let mut settings = settings.unwrap_or_default();
    let mut unread = read_secret_files(&mut settings, &mut problems);
    for (setting, problem) in oidc::read_secret_files(&mut settings) {
        problems.push(problem);
        unread.push(setting);
    }
    // A value that cannot be read hides those behind it, so it is put aside and the rest is read again.
    let config = loop {
        // The defaults lie below without being written out: a masked secret must not come back as a value.
        match Figment::from(Settings(settings.clone())).extract::<Config>() {
            Ok(config) => break config,
            Err(error) => {
                let path = path(&error);
                problems.push(say(&error, &path, &layers));
                match put_aside(&mut settings, &path) {
                    Some(name) => unread.push(name),
                    None => break Config::default(),
                }
            }
        }
    };
    problems.extend(config.problems());
    let config = Config { reload_port: watcher(), ..config };
    Reading { config, problems, unread }
}

/// The port of the watcher that started the program, if one did.
fn watcher() -> Option<u16> {
    Env::var("LEPTOS_WATCH").and_then(|_| Env::var("LEPTOS_RELOAD_PORT")?.parse().ok())
}

/// The file with the environment over it.
fn layers(file: Option<&Path>, problems: &mut Vec<String>) -> Figment {
    let mut layers = Figment::new();
    match file {
        Some(file) if !file.is_file() => {
            problems.push(format!("the configuration file {} cannot be read", file.display()));
        }
        _ => {
            let from_file = Figment::new().merge(Toml::file(file.unwrap_or(Path::new("countersign.toml"))));
            match from_file.data() {
                Ok(_) => layers = from_file,
                Err(error) => problems.push(say(&error, &error.path, &from_file)),
            }
        }
    }
    layers.merge(Environment)
}

/// Replaces every `…_file` by the content of the file that it names, and answers which could not be read.
fn read_secret_files(settings: &mut Dict, problems: &mut Vec<String>) -> Vec<String> {
    let mut unread = Vec::new();
    for name in SECRETS {
        let Some(value) = settings.remove(&format!("{name}_file")) else { continue };
        let path = value.as_str().unwrap_or_default().to_owned();
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                settings.insert(name.to_owned(), Value::from(text.trim_end()));
            }
            Err(error) => {
                problems.push(format!("{name}_file: {path} cannot be read: {error}"));
                settings.remove(name);
                unread.push(name.to_owned());
            }
        }
    }
    unread
}

/// Where the error lies. The name of a setting that does not exist is not always part of the path.
fn path(error: &figment::Error) -> Vec<String> {
    let mut path = error.path.clone();
    if let figment::error::Kind::UnknownField(name, _) = &error.kind
        && path.last() != Some(name)
    {
        path.push(name.clone());
    }
    path
}

/// Takes a setting out, and answers its name. Within a list the whole list goes.
fn put_aside(settings: &mut Dict, path: &[String]) -> Option<String> {
    let (first, rest) = path.split_first()?;
    if let Some(Value::Dict(_, section)) = settings.get_mut(first)
        && let Some(name) = put_aside(section, rest)
    {
        return Some(format!("{first}.{name}"));
    }
    settings.remove(first).map(|_| first.clone())
}

/// The environment. What is a text by its default stays the text that was typed: a telephone number is no number.
struct Environment;

impl figment::Provider for Environment {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named("environment")
    }

    fn data(&self) -> Result<Map<figment::Profile, Dict>, figment::Error> {
        let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
        let is_text = |key: &str| {
            defaults.pointer(&format!("/{}", key.replace('.', "/"))).is_some_and(|value| value.is_string())
        };
        let variables = Env::prefixed(PREFIX)
            .ignore(&NOT_SETTINGS.map(str::to_lowercase).each_ref().map(String::as_str))
            .split("__");
        let mut settings = Dict::new();
        for (key, typed) in variables.iter() {
            let read = typed.parse::<Value>().unwrap_or_else(|_| Value::from(typed.clone()));
            let value =
                if is_text(key.as_str()) && read.as_str().is_none() { Value::from(typed) } else { read };
            put(&mut settings, key.as_str(), value);
        }
        Ok(Map::from([(figment::Profile::Default, settings)]))
    }
}

/// Puts a value where its name says: `section.setting`.
fn put(settings: &mut Dict, name: &str, value: Value) {
    let Some((section, rest)) = name.split_once('.') else {
        settings.insert(name.to_owned(), value);
        return;
    };
    let mut held = match settings.remove(section) {
        Some(Value::Dict(_, held)) => held,
        _ => Dict::new(),
    };
    put(&mut held, rest, value);
    settings.insert(section.to_owned(), Value::from(held));
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
fn say(error: &figment::Error, path: &[String], layers: &Figment) -> String {
    let origin = layers.find_metadata(&path.join(".")).or(error.metadata.as_ref());
    let place = origin.map(|metadata| metadata.name.as_ref()).unwrap_or_default();
    let (setting, place) = if place == "environment" {
        (format!("{PREFIX}{}", path.join("__").to_uppercase()), String::new())
    } else if place.is_empty() {
        (path.join("."), String::new())
    } else {
        (path.join("."), format!(" (from the {place})"))
    };
    match &error.kind {
        figment::error::Kind::UnknownField(name, known) => {
            let near = known.iter().find(|candidate| is_near(candidate, name));
            let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
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
