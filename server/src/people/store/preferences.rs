//! What people prefer, in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
    permit::{Permit, UpdateSelf},
};
use domain::{
    PersonId,
    preferences::{Language, Preferences, Theme, TimeZoneName},
};

#[derive(Debug, sqlx::FromRow)]
struct Row {
    theme: Option<Theme>,
    time_zone: Option<TimeZoneName>,
    language: Language,
}

impl From<Row> for Preferences {
    fn from(row: Row) -> Self {
        Self { theme: row.theme, time_zone: row.time_zone, language: row.language }
    }
}

pub(in crate::people) async fn read(db: &Db, person: PersonId) -> Result<Option<Preferences>> {
    let sql = "select theme, time_zone, language from people where id = $1";
    Ok(fetch_optional!(db, Row, sql, person)?.map(Preferences::from))
}

/// The same for a writer: nobody else changes the person before the transaction ends.
pub(in crate::people) async fn hold(
    tx: &mut Tx<Open>,
    permit: &Permit<UpdateSelf>,
) -> Result<Option<Preferences>> {
    let sql = "update people set updated_at = updated_at where id = $1 returning theme, time_zone, language";
    Ok(fetch_optional!(tx, Row, sql, *permit.resource())?.map(Preferences::from))
}

/// How pages look to somebody is no version of their account: no editor of it is disturbed.
pub(in crate::people) async fn write(
    tx: &mut Tx<Open>,
    permit: &Permit<UpdateSelf>,
    preferences: &Preferences,
) -> Result<()> {
    execute!(
        tx,
        "update people set theme = $2, time_zone = $3, language = $4 where id = $1",
        *permit.resource(),
        preferences.theme,
        preferences.time_zone.clone(),
        preferences.language,
    )?;
    Ok(())
}
