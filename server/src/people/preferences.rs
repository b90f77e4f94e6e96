//! What people prefer: theme, time zone and language, kept with their account and with them wherever they sign in.

use super::{People, store};
use crate::{
    Actor, Error, Origin, Result,
    events::Event,
    permit::{Permit, UpdateSelf},
};
use domain::{
    FieldErrors,
    preferences::{Language, Preferences, Theme, TimeZoneName},
};
use jiff::tz::TimeZone;

/// Preferences as they were typed. What is left out stays as it is; what is empty is no longer chosen.
#[derive(Debug, Clone, Default)]
pub struct PreferencesForm {
    pub theme: Option<String>,
    pub time_zone: Option<String>,
    pub language: Option<String>,
}

impl PreferencesForm {
    fn over(self, before: &Preferences) -> Result<Preferences, FieldErrors> {
        let mut errors = FieldErrors::default();
        let theme = match self.theme.as_deref() {
            None => Some(before.theme),
            Some("") => Some(None),
            Some(code) => {
                let theme = Theme::from_code(code).ok_or("Choose system, light or dark");
                errors.check("theme", theme).map(Some)
            }
        };
        let time_zone = match self.time_zone.as_deref().map(str::trim) {
            None => Some(before.time_zone.clone()),
            Some("") => Some(None),
            Some(name) => errors.check("time_zone", known_zone(name)).map(Some),
        };
        let language = match self.language.as_deref() {
            None => Some(before.language),
            Some(code) => errors.check("language", Language::parse(code)),
        };
        match (theme, time_zone, language) {
            (Some(theme), Some(time_zone), Some(language)) => Ok(Preferences { theme, time_zone, language }),
            _ => Err(errors),
        }
    }
}

/// A time zone that there is.
fn known_zone(name: &str) -> Result<TimeZoneName, &'static str> {
    let parsed = TimeZoneName::parse(name)?;
    TimeZone::get(parsed.as_str()).map_err(|_| "Choose a time zone from the list")?;
    Ok(parsed)
}

impl People {
    /// What the actor prefers.
    pub async fn preferences(&self, actor: &Actor) -> Result<Preferences> {
        let found = store::preferences::read(&self.ground.db, actor.id()).await?;
        found.ok_or(Error::NotFound("User not found"))
    }

    /// Changes what somebody prefers; the same as before is nothing to write down.
    pub async fn set_preferences(
        &self,
        permit: &Permit<UpdateSelf>,
        form: PreferencesForm,
        origin: &Origin,
    ) -> Result<Preferences> {
        let mut tx = self.ground.begin(origin).await?;
        let before = store::preferences::hold(&mut tx, permit).await?;
        let before = before.ok_or(Error::NotFound("User not found"))?;
        let after = form.over(&before)?;
        if after != before {
            store::preferences::write(&mut tx, permit, &after).await?;
            let event =
                Event::PreferencesChanged { person: *permit.resource(), before, after: after.clone() };
            tx.record(event).await?.commit().await?;
        }
        Ok(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u7_what_is_left_out_of_preferences_stays() {
        let before = Preferences {
            theme: Some(Theme::Dark),
            time_zone: Some(TimeZoneName::parse("Asia/Tokyo").unwrap()),
            language: Language::English,
        };
        assert_eq!(PreferencesForm::default().over(&before), Ok(before.clone()));
        let form = PreferencesForm { theme: Some(String::new()), ..PreferencesForm::default() };
        assert_eq!(form.over(&before), Ok(Preferences { theme: None, ..before.clone() }));
        let form = PreferencesForm {
            theme: Some("pink".into()),
            time_zone: Some("Mars/Olympus".into()),
            language: Some("tlh".into()),
        };
        let wrong = form.over(&before).unwrap_err();
        assert!(["theme", "time_zone", "language"].iter().all(|field| wrong.of(field).is_some()));
    }
}
