//! What narrows the list of people: each filter has one value, written as it stands in addresses, in the API and in cursors.

use crate::{FieldErrors, RoleCode, person::PersonStatus, second_factor::Method};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Every filter of the list; what is not set narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeopleFilters {
    /// Whoever has this role, as their usual one or besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleCode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<PersonStatus>,
    #[serde(rename = "mfa", skip_serializing_if = "Option::is_none")]
    pub factor: Option<FactorFilter>,
    #[serde(rename = "last_login", skip_serializing_if = "Option::is_none")]
    pub signed_in: Option<SignInFilter>,
    /// Accounts made on this day (UTC) or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_from: Option<Day>,
    /// Accounts made on this day (UTC) or earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_to: Option<Day>,
}

impl PeopleFilters {
    /// The names of the filters in addresses and in the API.
    pub const NAMES: [&str; 6] = ["role", "status", "mfa", "last_login", "created_from", "created_to"];

    /// Reads each filter by its name; one that is empty is not set, as forms send it. What is wrong is remembered and left out.
    pub fn parse(value: impl Fn(&str) -> Option<String>, errors: &mut FieldErrors) -> Self {
        let typed = |name| value(name).filter(|text| !text.trim().is_empty());
        let mut filters = Self {
            role: read(errors, "role", typed("role"), RoleCode::parse),
            status: read(errors, "status", typed("status"), |code| {
                PersonStatus::from_code(code)
                    .ok_or("Filter by active, suspended, invited, unverified or locked")
            }),
            factor: read(errors, "mfa", typed("mfa"), str::parse),
            signed_in: read(errors, "last_login", typed("last_login"), str::parse),
            created_from: read(errors, "created_from", typed("created_from"), str::parse),
            created_to: read(errors, "created_to", typed("created_to"), str::parse),
        };
        if let (Some(from), Some(to)) = (filters.created_from, filters.created_to)
            && to < from
        {
            errors.add("created_to", "This day lies before the first one");
            filters.created_to = None;
        }
        filters
    }

    /// The filters that are set, with their names.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let values = [
            self.role.as_ref().map(RoleCode::to_string),
            self.status.map(|status| status.code().to_owned()),
            self.factor.map(|factor| factor.to_string()),
            self.signed_in.map(|filter| filter.to_string()),
            self.created_from.map(|day| day.to_string()),
            self.created_to.map(|day| day.to_string()),
        ];
        Self::NAMES.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?))).collect()
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same without one of them.
    pub fn without(&self, name: &str) -> Self {
        let mut rest = self.clone();
        match name {
            "role" => rest.role = None,
            "status" => rest.status = None,
            "mfa" => rest.factor = None,
            "last_login" => rest.signed_in = None,
            "created_from" => rest.created_from = None,
            "created_to" => rest.created_to = None,
            _ => {}
        }
        rest
    }
}

fn read<T>(
    errors: &mut FieldErrors,
    name: &str,
    typed: Option<String>,
    parse: impl Fn(&str) -> Result<T, &'static str>,
) -> Option<T> {
    errors.check(name, parse(typed?.trim()))
}

/// Which second factors somebody has enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FactorFilter {
    Any,
    None,
    With(Method),
}

impl fmt::Display for FactorFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::None => f.write_str("none"),
            Self::With(method) => f.write_str(method.code()),
        }
    }
}

impl FromStr for FactorFilter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "any" => Ok(Self::Any),
            "none" => Ok(Self::None),
            // Recovery codes come with every factor, so they tell nobody from anybody.
            _ => Method::from_code(text)
                .filter(|method| *method != Method::Recovery)
                .map(Self::With)
                .ok_or("Filter by any, none, passkey, totp, sms or email"),
        }
    }
}

/// When somebody signed in last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SignInFilter {
    Never,
    /// In the last so many days.
    Within(u16),
    /// Not in the last so many days, or never.
    NotFor(u16),
}

impl SignInFilter {
    const WORDS: &str = "Filter by never, within_N_days or not_for_N_days, with N from 1 to 3650";
}

impl fmt::Display for SignInFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Within(days) => write!(f, "within_{days}_days"),
            Self::NotFor(days) => write!(f, "not_for_{days}_days"),
        }
    }
}

impl FromStr for SignInFilter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "never" {
            return Ok(Self::Never);
        }
        let days = |start| {
            let digits: &str = text.strip_prefix(start)?.strip_suffix("_days")?;
            let is_number = digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u16>().ok().filter(|days| is_number && (1..=3_650).contains(days))
        };
        days("within_").map(Self::Within).or_else(|| days("not_for_").map(Self::NotFor)).ok_or(Self::WORDS)
    }
}

/// A day of the calendar, written `2026-11-21`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    pub year: i16,
    pub month: i8,
    pub day: i8,
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Day {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WORDS: &str = "Write the day as 2026-11-21";
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return Err(WORDS) };
        let has_shape = [(year, 4), (month, 2), (day, 2)]
            .into_iter()
            .all(|(part, length)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()));
        let parsed = (year.parse().ok(), month.parse().ok(), day.parse().ok());
        match parsed {
            (Some(year), Some(month), Some(day))
                if has_shape && (1..=days_in(year, month)).contains(&day) =>
            {
                Ok(Self { year, month, day })
            }
            _ => Err(WORDS),
        }
    }
}

/// How many days the month has; none where there is no such month, or no such year here.
const fn days_in(year: i16, month: i8) -> i8 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        _ if year < 1970 => 0,
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    }
}

macro_rules! told_in_words {
    ($($name:ident),+) => {$(
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    )+};
}

told_in_words!(FactorFilter, SignInFilter, Day);

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> (PeopleFilters, FieldErrors) {
        let mut errors = FieldErrors::default();
        let value =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        (PeopleFilters::parse(value, &mut errors), errors)
    }

    #[test]
    fn u5_filters_read_as_they_are_written() {
        let pairs = [
            ("role", "STAFF"),
            ("status", "suspended"),
            ("mfa", "totp"),
            ("last_login", "not_for_90_days"),
            ("created_from", "2024-02-29"),
            ("created_to", "2026-11-21"),
        ];
        let (filters, errors) = parse(&pairs);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(filters.pairs(), pairs.map(|(name, value)| (name, value.to_owned())));
        let text = serde_json::to_string(&filters).unwrap();
        assert_eq!(serde_json::from_str::<PeopleFilters>(&text).unwrap(), filters);
        for name in PeopleFilters::NAMES {
            assert_eq!(filters.without(name).pairs().len(), 5, "{name}");
        }
    }

    #[test]
    fn u5_what_is_left_empty_narrows_nothing() {
        let (filters, errors) = parse(&[("role", ""), ("status", " "), ("mfa", ""), ("created_from", "")]);
        assert!(filters.is_empty() && errors.is_empty());
    }

    #[test]
    fn u5_each_wrong_filter_is_named() {
        for (name, value) in [
            ("role", "no role"),
            ("status", "Active"),
            ("status", "gone"),
            ("mfa", "recovery"),
            ("mfa", "TOTP"),
            ("last_login", "within_0_days"),
            ("last_login", "within_3651_days"),
            ("last_login", "within_+3_days"),
            ("last_login", "not_for_days"),
            ("last_login", "yesterday"),
            ("created_from", "2025-02-29"),
            ("created_from", "2025-13-01"),
            ("created_from", "2025-1-1"),
            ("created_from", "+025-01-01"),
            ("created_from", "1969-12-31"),
            ("created_to", "today"),
        ] {
            let (filters, errors) = parse(&[(name, value)]);
            assert!(errors.of(name).is_some() && filters.is_empty(), "{name}={value}");
        }
        let (_, errors) = parse(&[("created_from", "2026-01-02"), ("created_to", "2026-01-01")]);
        assert!(errors.of("created_to").is_some());
    }
}
