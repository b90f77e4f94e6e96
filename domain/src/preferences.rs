//! What somebody prefers: how pages look, in which time zone times are told, in which language.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How pages look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(type_name = "text", rename_all = "lowercase"))]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the device has it.
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// A language that Countersign speaks. So far there is one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(type_name = "text"))]
pub enum Language {
    #[default]
    #[cfg_attr(feature = "store", sqlx(rename = "en"))]
    #[serde(rename = "en")]
    English,
}

impl Language {
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }

    pub fn parse(code: &str) -> Result<Self, &'static str> {
        if code == "en" { Ok(Self::English) } else { Err("Countersign speaks English alone so far: send en") }
    }
}

/// The name of a time zone, such as `Europe/Berlin`. Whether there is one of that name the server knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(sqlx::Type), sqlx(transparent))]
#[serde(transparent)]
pub struct TimeZoneName(String);

impl TimeZoneName {
    const WRONG: &str = "Choose a time zone from the list";

    pub fn parse(raw: &str) -> Result<Self, &'static str> {
        let name = raw.trim();
        let can_be = (1..=40).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+'));
        if can_be { Ok(Self(name.to_owned())) } else { Err(Self::WRONG) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TimeZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What somebody prefers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Preferences {
    /// Nothing where they have not chosen: then the browser's own choice counts.
    pub theme: Option<Theme>,
    /// Nothing where they have not chosen: then what the browser says, or UTC.
    pub time_zone: Option<TimeZoneName>,
    pub language: Language,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u7_only_what_can_be_the_name_of_a_time_zone_is_looked_up() {
        for fine in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+3", " Asia/Tokyo "] {
            assert_eq!(TimeZoneName::parse(fine).unwrap().as_str(), fine.trim());
        }
        for wrong in
            ["", " ", "../../etc/passwd", "/Europe/Berlin", "Europe Berlin", "a\0b", "é", &"A".repeat(41)]
        {
            assert!(TimeZoneName::parse(wrong).is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn u7_codes_of_preferences_lead_back() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_code(theme.code()), Some(theme));
        }
        assert_eq!(Language::parse("en"), Ok(Language::English));
        assert!(Language::parse("tlh").is_err());
    }
}
