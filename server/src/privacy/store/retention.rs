//! People of whom nothing was heard for long, in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{PersonId, Timestamp};
use sqlx::AssertSqlSafe;

/// When they signed in last, or were made: just as the index has it.
const LAST_HERE: &str =
    "(case when p.last_login_at > p.created_at then p.last_login_at else p.created_at end)";

/// Whoever was not seen since, and has not been told of what comes of it. Whose program has worked since, who is signed in, and
/// who has a link that is still good is not among them.
pub(in crate::privacy) async fn to_tell(
    db: &Db,
    since: Timestamp,
    now: Timestamp,
    most: i64,
) -> Result<Vec<PersonId>> {
    let sql = format!(
        "select p.id from people p
         where p.erasure_warned_at is null and {LAST_HERE} < $1
           and not exists (select 1 from api_keys k where k.person_id = p.id and k.last_used_at >= $1)
           and not exists (select 1 from sessions s where s.person_id = p.id and s.last_seen_at >= $1)
           and not exists (select 1 from links l where l.person_id = p.id and l.expires_at > $2)
         order by {LAST_HERE} limit $3"
    );
    Ok(ids(fetch_all!(db, (PersonId,), AssertSqlSafe(sql), since, now, most)?))
}

/// Whoever was told before then, the longest ago first.
pub(in crate::privacy) async fn told(db: &Db, before: Timestamp, most: i64) -> Result<Vec<PersonId>> {
    let found = fetch_all!(
        db,
        (PersonId,),
        "select id from people where erasure_warned_at <= $1 order by erasure_warned_at limit $2",
        before,
        most,
    )?;
    Ok(ids(found))
}

fn ids(found: Vec<(PersonId,)>) -> Vec<PersonId> {
    found.into_iter().map(|(id,)| id).collect()
}

/// When somebody was seen last: they signed in, were made, or have a session or a key that was used.
pub(in crate::privacy) async fn seen_at(tx: &mut Tx<Open>, person: PersonId) -> Result<Option<Timestamp>> {
    let (seen,) = fetch_one!(
        tx,
        (Option<Timestamp>,),
        "select max(at) from (
             select last_login_at as at from people where id = $1
             union all select created_at from people where id = $1
             union all select max(last_used_at) from api_keys where person_id = $1
             union all select max(last_seen_at) from sessions where person_id = $1) seen",
        person,
    )?;
    Ok(seen)
}

/// Notes that they are told; answers whether nobody did before.
pub(in crate::privacy) async fn note_told(tx: &mut Tx<Open>, person: PersonId) -> Result<bool> {
    let at = tx.at();
    let sql = "update people set erasure_warned_at = $2 where id = $1 and erasure_warned_at is null";
    Ok(execute!(tx, sql, person, at)? > 0)
}

/// They came back.
pub(in crate::privacy) async fn forget_told(tx: &mut Tx<Open>, person: PersonId) -> Result<()> {
    execute!(tx, "update people set erasure_warned_at = null where id = $1", person)?;
    Ok(())
}

/// Whoever was erased since then, and of whom something is told still: just what the trail empties of a person, or a job.
pub(in crate::privacy) async fn half_erased(db: &Db, since: Timestamp, most: i64) -> Result<Vec<PersonId>> {
    let found = fetch_all!(
        db,
        (PersonId,),
        "select e.id from erased_people e
         where e.erased_at > $1
           and (exists (select 1 from audit a where a.person_id = e.id and a.erased is null and a.action <> 'person.erased')
                or exists (select 1 from audit a where a.actor_id = e.id and a.person_id is null
                             and a.erased is null and a.action <> 'person.erased')
                or exists (select 1 from outbox o where o.person_id = e.id))
         limit $2",
        since,
        most,
    )?;
    Ok(ids(found))
}
