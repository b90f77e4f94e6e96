//! Keys whose owners are to be told that they expire, in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{ApiKeyId, PersonId, Timestamp, api_key::KeyName, person::PersonStatus};
use std::time::Duration;

/// A key of which its owner is told.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::api_keys) struct Reminded {
    pub person_id: PersonId,
    pub name: KeyName,
    pub expires_at: Timestamp,
}

/// Keys that work, expire until then, and were made for longer than `shortest`.
pub(in crate::api_keys) async fn due(
    db: &Db,
    now: Timestamp,
    until: Timestamp,
    shortest: Duration,
    most: i64,
) -> Result<Vec<ApiKeyId>> {
    let found: Vec<(ApiKeyId,)> = fetch_all!(
        db,
        (ApiKeyId,),
        "select k.id from api_keys k join people p on p.id = k.person_id
         where k.reminded_at is null and k.revoked_at is null and k.expires_at > $1 and k.expires_at <= $2
           and k.expires_at - k.created_at > $3 and p.status = $4
           and exists (select 1 from person_roles h where h.person_id = k.person_id and h.role_code = k.role_code)
         order by k.expires_at limit $5",
        now,
        until,
        i64::try_from(shortest.as_micros()).unwrap_or(i64::MAX),
        PersonStatus::Active,
        most,
    )?;
    Ok(found.into_iter().map(|(key,)| key).collect())
}

/// Notes that the owner is told; nothing where somebody else did, or the key ended meanwhile.
pub(in crate::api_keys) async fn note(tx: &mut Tx<Open>, key: ApiKeyId) -> Result<Option<Reminded>> {
    let at = tx.at();
    fetch_optional!(
        tx,
        Reminded,
        "update api_keys set reminded_at = $2 where id = $1 and reminded_at is null and revoked_at is null and expires_at > $2
         returning person_id, name, expires_at",
        key,
        at,
    )
}
