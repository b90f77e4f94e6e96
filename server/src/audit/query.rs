//! How the trail is asked for: what was typed, turned into conditions or into what is wrong with each.

use domain::{FieldErrors, PersonId, Timestamp, person::Username};
use std::{net::IpAddr, time::Duration};

const DAY: Duration = Duration::from_secs(86_400);
const KINDS: [&str; 3] = ["operator", "program", "anonymous"];
const OUTCOMES: [&str; 2] = ["done", "refused"];
/// Longer than any action.
const LONGEST_ACTION: usize = 64;

/// What was asked for, as it was typed; what is empty is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrailForm {
    pub actor: String,
    pub subject: String,
    pub action: String,
    pub from: String,
    pub to: String,
    pub ip: String,
    pub outcome: String,
}

/// Conditions that an entry has to meet, all of them.
#[derive(Debug, Clone, Default)]
pub struct TrailQuery {
    pub(super) actor: Option<Who>,
    pub(super) subject: Option<PersonId>,
    pub(super) action: Option<Doing>,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
    pub(super) ip: Option<String>,
    pub(super) outcome: Option<&'static str>,
}

/// Who did it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Who {
    Person(PersonId),
    Kind(&'static str),
}

/// What was done.
#[derive(Debug, Clone)]
pub(super) enum Doing {
    Exactly(String),
    /// All that begin so, with the dot: `session.`
    AnyOf(String),
}

/// Somebody as they were typed: to be looked up by name, where it is one.
#[derive(Debug, Clone)]
pub(super) enum Somebody {
    Known(PersonId),
    Named(Username),
}

impl TrailForm {
    /// The names and values that are set, as they stand in an address.
    pub fn set(&self) -> Vec<(&'static str, &str)> {
        let fields = [
            ("actor", &self.actor),
            ("subject", &self.subject),
            ("action", &self.action),
            ("from", &self.from),
            ("to", &self.to),
            ("ip", &self.ip),
            ("outcome", &self.outcome),
        ];
        let fields = fields.into_iter().map(|(name, value)| (name, value.trim()));
        fields.filter(|(_, value)| !value.is_empty()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.set().is_empty()
    }

    /// Everything but the people, who have to be looked up.
    pub(super) fn parse(&self, errors: &mut FieldErrors) -> TrailQuery {
        let mut query = TrailQuery::default();
        for (name, value) in self.set() {
            match name {
                "action" => query.action = errors.check(name, action(value)),
                "from" => query.from = errors.check(name, moment(value).map(|(from, _)| from)),
                "to" => query.to = errors.check(name, moment(value).map(|(_, to)| to)),
                "ip" => {
                    let ip = value.parse::<IpAddr>().map(|ip| ip.to_string());
                    query.ip =
                        errors.check(name, ip.map_err(|_| "Enter a whole address such as 203.0.113.9"));
                }
                "outcome" => {
                    let known = OUTCOMES.into_iter().find(|known| *known == value);
                    query.outcome = errors.check(name, known.ok_or("Choose done or refused"));
                }
                _ => {}
            }
        }
        if let (Some(from), Some(to)) = (query.from, query.to)
            && from >= to
        {
            errors.add("to", "This lies before the beginning");
        }
        query
    }
}

/// One of the kinds of doers that are nobody's account.
pub(super) fn kind(text: &str) -> Option<&'static str> {
    KINDS.into_iter().find(|kind| *kind == text)
}

pub(super) fn somebody(text: &str) -> Result<Somebody, &'static str> {
    match text.parse() {
        Ok(id) => Ok(Somebody::Known(id)),
        Err(_) => Username::parse(text).map(Somebody::Named).map_err(|_| "Enter a username or an id"),
    }
}

fn action(text: &str) -> Result<Doing, &'static str> {
    let is_right = text.len() <= LONGEST_ACTION
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'.' | b'_'))
        && !text.starts_with('.');
    match text {
        _ if !is_right => Err("Enter an action such as person.created, or session. for all that begin so"),
        _ if text.ends_with('.') => Ok(Doing::AnyOf(text.to_owned())),
        _ => Ok(Doing::Exactly(text.to_owned())),
    }
}

/// The moment that is meant, and where it ends: a day lasts until midnight, a minute until the next one.
fn moment(text: &str) -> Result<(Timestamp, Timestamp), &'static str> {
    const WORDS: &str = "Enter a day such as 2026-11-21, or a moment such as 2026-11-21T09:30:00Z";
    let at = |time: jiff::Timestamp| Timestamp::from_microseconds(time.as_microsecond());
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Ok((at(moment), at(moment)));
    }
    let civil = |time: jiff::civil::DateTime| {
        time.to_zoned(jiff::tz::TimeZone::UTC).map(|time| at(time.timestamp())).map_err(|_| WORDS)
    };
    if text.contains(['T', ' ']) {
        let moment = civil(text.parse().map_err(|_| WORDS)?)?;
        return Ok((moment, moment.after(Duration::from_secs(60))));
    }
    let date: jiff::civil::Date = text.parse().map_err(|_| WORDS)?;
    let midnight = civil(date.at(0, 0, 0, 0))?;
    Ok((midnight, midnight.after(DAY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(form: TrailForm) -> Result<TrailQuery, FieldErrors> {
        let mut errors = FieldErrors::default();
        let query = form.parse(&mut errors);
        if errors.is_empty() { Ok(query) } else { Err(errors) }
    }

    #[test]
    fn u7_a_day_lasts_until_midnight() {
        let form = TrailForm { from: "2026-11-21".into(), to: "2026-11-21".into(), ..TrailForm::default() };
        let query = parsed(form).unwrap();
        let (from, to) = (query.from.unwrap(), query.to.unwrap());
        assert_eq!(to.since(from), DAY);
        let form = TrailForm { from: "2026-11-21T09:30".into(), ..TrailForm::default() };
        let minute = parsed(form).unwrap().from.unwrap();
        let form = TrailForm { from: "2026-11-21T10:30:00+01:00".into(), ..TrailForm::default() };
        assert_eq!(parsed(form).unwrap().from.unwrap(), minute);
    }

    #[test]
    fn u7_every_wrong_filter_is_named() {
        let form = TrailForm {
            action: "'; drop table audit".into(),
            from: "yesterday".into(),
            to: "2026-02-30".into(),
            ip: "203.0.113.".into(),
            outcome: "maybe".into(),
            ..TrailForm::default()
        };
        let errors = parsed(form).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["action", "from", "to", "ip", "outcome"]);
        let backwards =
            TrailForm { from: "2026-11-22".into(), to: "2026-11-20".into(), ..TrailForm::default() };
        assert!(parsed(backwards).is_err());
    }
}
