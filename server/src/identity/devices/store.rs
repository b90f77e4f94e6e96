//! Remembered devices in the store.

use super::{Device, DeviceId};
use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{PersonId, Timestamp};

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Held {
    pub id: DeviceId,
    pub password_mark: String,
}

pub(super) async fn find(
    db: &Db,
    person: PersonId,
    fingerprint: &str,
    now: Timestamp,
) -> Result<Option<Held>> {
    fetch_optional!(
        db,
        Held,
        "select id, password_mark from remembered_devices where fingerprint = $1 and person_id = $2 and expires_at > $3",
        fingerprint,
        person,
        now
    )
}

pub(super) async fn note_used(tx: &mut Tx<Open>, id: DeviceId) -> Result<()> {
    let at = tx.at();
    execute!(tx, "update remembered_devices set last_used_at = $2 where id = $1", id, at)?;
    Ok(())
}

pub(super) async fn insert(
    tx: &mut Tx<Open>,
    person: PersonId,
    fingerprint: &str,
    password_mark: &str,
    expires_at: Timestamp,
) -> Result<()> {
    let (id, at, origin) = (tx.new_id(), tx.at(), tx.origin().clone());
    execute!(
        tx,
        "insert into remembered_devices (id, fingerprint, person_id, password_mark, ip, user_agent, created_at, last_used_at,
                                         expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        id,
        fingerprint,
        person,
        password_mark,
        origin.ip.unwrap_or_default(),
        origin.user_agent.unwrap_or_default(),
        at,
        expires_at,
    )?;
    Ok(())
}

pub(super) async fn list(db: &Db, person: PersonId, now: Timestamp) -> Result<Vec<Device>> {
    fetch_all!(
        db,
        Device,
        "select id, ip, user_agent, created_at, last_used_at, expires_at from remembered_devices
         where person_id = $1 and expires_at > $2 order by last_used_at desc, id limit 100",
        person,
        now
    )
}

pub(super) async fn forget(tx: &mut Tx<Open>, person: PersonId, id: DeviceId) -> Result<bool> {
    let sql = "delete from remembered_devices where id = $1 and person_id = $2";
    execute!(tx, sql, id, person).map(|forgotten| forgotten > 0)
}

pub(in crate::identity) async fn forget_all(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    execute!(tx, "delete from remembered_devices where person_id = $1", person)?;
    Ok(())
}

pub(in crate::identity) async fn forget_expired(tx: &mut Tx<Open>) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "delete from remembered_devices where id in (select id from remembered_devices where expires_at < $1 order by expires_at limit 10000)",
        at
    )?;
    Ok(())
}
