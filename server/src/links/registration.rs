//! Registering, where everybody may, and verifying one's address.

use super::{Errand, Happening, Links, Purpose, errand::Asked, store};
use crate::{
    Error, Origin, Result,
    events::Event,
    mail::Letter,
    people::{self, NewPerson, NewPersonForm, Taken},
};
use domain::{FieldErrors, PersonId, person::PersonStatus};
use jiff::{ToSpan, civil::Date, tz::TimeZone};

/// Whoever is younger may not have an account (BR-001).
const YOUNGEST: i64 = 13;
const OLDEST: i64 = 130;

/// What somebody fills in to register.
#[derive(Clone, Default)]
pub struct RegistrationForm {
    pub username: String,
    pub full_name: String,
    pub email: String,
    pub password: String,
    /// As `2001-12-31`. It is looked at once, and kept nowhere.
    pub date_of_birth: String,
}

impl Links {
    /// Whether everybody may register, and somebody is there who looks after the accounts.
    pub async fn registration_is_open(&self) -> Result<bool> {
        Ok(self.registration.is_open() && !self.people.is_empty().await?)
    }

    /// Makes an account that waits for its address to be verified. Whether the address has an account already is not told: its
    /// owner gets a letter instead. A username is told to be taken, since another one has to be chosen.
    pub async fn register(&self, form: RegistrationForm, origin: &Origin) -> Result<()> {
        if !self.registration_is_open().await? {
            return Err(Error::Forbidden(
                "Registration is closed here. Ask whoever looks after the accounts.",
            ));
        }
        let person = self.parse(form)?;
        self.bound_client(origin).await?;
        let hash = self.passwords.hash(person.password).await?;
        let newcomer = person.newcomer;
        let mut tx = self.ground.begin(origin).await?;
        let added = people::add(&mut tx, &newcomer, Some(&hash), PersonStatus::Unverified).await;
        let happening = match added {
            Ok(Ok(id)) => {
                let errand = Errand::Verification { person: id, asked: Asked::of(origin) };
                Happening::Registered { person: id, newcomer, errand }
            }
            Ok(Err(Taken::Email)) => {
                let email = newcomer.email.to_string();
                let may_write = self.may_write(&mut tx, "registration", &email).await?;
                let errand = Errand::AddressTaken { email: email.clone(), asked: Asked::of(origin) };
                Happening::RegisteredAgain { email, errand: may_write.then_some(errand) }
            }
            Ok(Err(taken)) => return Err(taken.told()),
            Err(Error::Invalid(errors)) if errors.of("roles").is_some() => {
                return Err(anyhow::anyhow!("registration.role names a role that there is not").into());
            }
            Err(error) => return Err(error),
        };
        tx.record(Event::Link(happening)).await?.commit().await
    }

    /// The worker's part: tells the owner of an address that somebody tried to register with it.
    pub(super) async fn tell_owner(&self, email: &str, origin: &Origin) -> Result<()> {
        let Ok(email) = domain::person::EmailAddress::parse(email) else { return Ok(()) };
        let Some(owner) = store::by_email(&self.ground.db, &email).await? else { return Ok(()) };
        let tx = self.ground.begin(origin).await?;
        tx.record(Event::Link(Happening::OwnerTold { owner })).await?.commit().await
    }

    /// The worker's part: sends a link to verify the address with, unless there were enough of them lately.
    pub(super) async fn send_verification(&self, person: PersonId, origin: &Origin) -> Result<()> {
        let Some(holder) = store::by_id(&self.ground.db, person).await? else { return Ok(()) };
        if !Purpose::Verification.is_for(&holder) {
            return Ok(());
        }
        let mut tx = self.ground.begin(origin).await?;
        if !self.may_write(&mut tx, "verification", holder.email.as_str()).await? {
            return Ok(());
        }
        let (to, full_name) = (holder.email.to_string(), holder.full_name.to_string());
        let hours = self.rules.verification_hours;
        let letter = |token| Letter::EmailVerification { to, full_name, token, hours };
        let letter = self.make(&mut tx, Purpose::Verification, &holder, letter).await?;
        let happening = Happening::LinkSent { person, purpose: Purpose::Verification, letter };
        tx.record(Event::Link(happening)).await?.commit().await
    }

    /// The address is its holder's own: from now on they can sign in.
    pub async fn verify_address(&self, token: &str, origin: &Origin) -> Result<()> {
        let mut tx = self.ground.begin(origin).await?;
        let holder = self.take(&mut tx, Purpose::Verification, token).await?;
        store::activate(&mut tx, holder.id).await?;
        tx.record(Event::Link(Happening::AddressVerified { person: holder.id })).await?.commit().await
    }

    fn parse(&self, form: RegistrationForm) -> Result<NewPerson> {
        let mut errors = FieldErrors::default();
        let parsed = NewPersonForm {
            username: form.username,
            full_name: form.full_name,
            email: form.email,
            password: form.password,
            roles: vec![self.registration.role.clone()],
        }
        .parse(&self.passwords)
        .map_err(|wrong| errors = wrong);
        errors.check("date_of_birth", check_age(&form.date_of_birth, self.today()?));
        match parsed {
            Ok(person) if errors.is_empty() => Ok(person),
            _ => Err(Error::Invalid(errors)),
        }
    }

    fn today(&self) -> Result<Date> {
        let now = jiff::Timestamp::from_microsecond(self.ground.clock.now().microseconds());
        Ok(now.map_err(anyhow::Error::from)?.to_zoned(TimeZone::UTC).date())
    }
}

/// Whether somebody who was born on this day is old enough today.
fn check_age(born: &str, today: Date) -> Result<(), &'static str> {
    const UNREADABLE: &str = "Enter your date of birth, such as 1990-12-31";
    let born = born.trim();
    if born.is_empty() {
        return Err("Enter your date of birth");
    }
    // A year before our era is none that anybody was born in.
    if born.len() != 10 || born.starts_with('-') {
        return Err(UNREADABLE);
    }
    let born = Date::strptime("%Y-%m-%d", born).map_err(|_| UNREADABLE)?;
    let of_age = born.checked_add(YOUNGEST.years()).map_err(|_| UNREADABLE)?;
    let too_old = born.checked_add(OLDEST.years()).map_err(|_| UNREADABLE)?;
    match () {
        () if born > today => Err("That day has not come yet"),
        () if too_old < today => Err("Look at the year again"),
        () if of_age > today => Err("You must be at least 13 years old to have an account"),
        () => Ok(()),
    }
}

impl std::fmt::Debug for RegistrationForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RegistrationForm({})", self.username)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a10_thirteen_is_old_enough_and_a_day_younger_is_not() {
        let today = jiff::civil::date(2026, 9, 21);
        for fine in ["2013-09-21", "1990-01-01", "1996-02-29", " 2000-12-31 ", "1896-09-21"] {
            assert_eq!(check_age(fine, today), Ok(()), "{fine}");
        }
        for (born, words) in [
            ("2013-09-22", "You must be at least 13 years old to have an account"),
            ("2026-09-21", "You must be at least 13 years old to have an account"),
            ("2026-09-22", "That day has not come yet"),
            ("9999-12-31", "Enter your date of birth, such as 1990-12-31"),
            ("1896-09-20", "Look at the year again"),
            ("0001-01-01", "Look at the year again"),
            ("", "Enter your date of birth"),
            ("  ", "Enter your date of birth"),
        ] {
            assert_eq!(check_age(born, today), Err(words), "{born}");
        }
        let long = "1".repeat(1 << 20);
        for wrong in [
            "1990-13-01",
            "1990-02-30",
            "1990-2-3",
            "31.12.1990",
            "19901231",
            "١٩٩٠-١٢-٣١",
            "1990-12-3\0",
            "-990-12-31",
            &long,
        ] {
            assert_eq!(
                check_age(wrong, today),
                Err("Enter your date of birth, such as 1990-12-31"),
                "{wrong:.20?}"
            );
        }
    }

    #[test]
    fn a10_who_is_born_on_a_leap_day_comes_of_age_with_everybody_else() {
        assert_eq!(check_age("2012-02-29", jiff::civil::date(2025, 2, 28)), Ok(()));
        assert!(check_age("2012-02-29", jiff::civil::date(2025, 2, 27)).is_err());
    }
}
