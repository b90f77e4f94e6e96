//! Known devices in the store.

use crate::{
    Result,
    db::{Open, Tx},
};
use domain::{PersonId, Timestamp};

/// Whether any device of this person is known.
pub(in crate::identity) async fn any(tx: &mut Tx<Open>, person: PersonId) -> Result<bool> {
    let sql = "select person_id from known_devices where person_id = $1 limit 1";
    fetch_optional!(tx, (PersonId,), sql, person).map(|found: Option<(PersonId,)>| found.is_some())
}

/// Notes the device as seen now; answers whether it was seen since `known_since`.
pub(in crate::identity) async fn seen(
    tx: &mut Tx<Open>,
    person: PersonId,
    fingerprint: &str,
    known_since: Timestamp,
) -> Result<bool> {
    let at = tx.at();
    let before: Option<(Timestamp,)> = fetch_optional!(
        tx,
        (Timestamp,),
        "select last_seen_at from known_devices where person_id = $1 and fingerprint = $2",
        person,
        fingerprint,
    )?;
    execute!(
        tx,
        "insert into known_devices (person_id, fingerprint, last_seen_at) values ($1, $2, $3)
         on conflict (person_id, fingerprint) do update set last_seen_at = $3",
        person,
        fingerprint,
        at,
    )?;
    Ok(before.is_some_and(|(seen_at,)| seen_at > known_since))
}

/// Forgets all but the newest ones, so that their number stays small.
pub(in crate::identity) async fn keep_newest(tx: &mut Tx<Open>, person: PersonId, most: i64) -> Result<()> {
    execute!(
        tx,
        "delete from known_devices where person_id = $1 and fingerprint not in
           (select fingerprint from known_devices where person_id = $1 order by last_seen_at desc, fingerprint limit $2)",
        person,
        most,
    )?;
    Ok(())
}
