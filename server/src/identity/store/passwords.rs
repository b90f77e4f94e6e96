//! Passwords in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
    events::Owner,
    lockout::Names,
};
use domain::PersonId;

pub(in crate::identity) async fn set_password(
    tx: &mut Tx<Open>,
    person: PersonId,
    hash: &str,
) -> Result<Affected> {
    let at = tx.at();
    let affected = fetch_one!(
        tx,
        Affected,
        "update people set password_hash = $2, locked_until = null, updated_at = $3, version = version + 1 where id = $1
         returning username, email, full_name",
        person,
        hash,
        at
    )?;
    execute!(tx, "update sessions set ended_at = $2 where person_id = $1 and ended_at is null", person, at)?;
    Ok(affected)
}

/// Whose password was changed: the names they sign in with, and whom to tell.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::identity) struct Affected {
    #[sqlx(flatten)]
    pub names: Names,
    #[sqlx(flatten)]
    pub owner: Owner,
}

pub(in crate::identity) async fn password_hash(db: &Db, person: PersonId) -> Result<Option<String>> {
    let sql = "select password_hash from people where id = $1";
    fetch_one!(db, (Option<String>,), sql, person).map(|(hash,)| hash)
}

/// Puts the new hash in the place of the one that was checked; answers whose it is, or nothing when it was another meanwhile.
pub(in crate::identity) async fn change_password(
    tx: &mut Tx<Open>,
    person: PersonId,
    checked: Option<&str>,
    hash: &str,
) -> Result<Option<Affected>> {
    let at = tx.at();
    fetch_optional!(
        tx,
        Affected,
        "update people set password_hash = $2, locked_until = null, updated_at = $3, version = version + 1
         where id = $1 and password_hash = $4
         returning username, email, full_name",
        person,
        hash,
        at,
        checked,
    )
}
