//! Who acts in a role, in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
};
use domain::{
    PersonId, RoleCode, Timestamp,
    person::{FullName, PersonStatus},
};

/// Somebody who is signed in in a role.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Acting {
    pub person: PersonId,
    pub full_name: FullName,
    pub seen_at: Timestamp,
}

/// Good sessions in the role `$1`, of people who still have it.
macro_rules! good_sessions {
    () => {
        "from sessions s join people p on p.id = s.person_id
         where s.role_code = $1 and s.ended_at is null and s.expires_at > $2 and (s.remembered or s.last_seen_at > $3) and p.status = $4
           and exists (select 1 from person_roles h where h.person_id = s.person_id and h.role_code = s.role_code) "
    };
}

/// How many people are signed in in the role, and those of them who were seen last.
pub(crate) async fn in_role(
    db: &Db,
    role: &RoleCode,
    seen_after: Timestamp,
    now: Timestamp,
    named: i64,
) -> Result<(i64, Vec<Acting>)> {
    let active = PersonStatus::Active;
    let counted = concat!("select count(distinct s.person_id) ", good_sessions!());
    let (number,) = fetch_one!(db, (i64,), counted, role, now, seen_after, active)?;
    let newest = concat!(
        "select s.person_id as person, p.full_name, max(s.last_seen_at) as seen_at ",
        good_sessions!(),
        "group by s.person_id, p.full_name order by 3 desc, 1 limit $5"
    );
    Ok((number, fetch_all!(db, Acting, newest, role, now, seen_after, active, named)?))
}

/// Ends every session in the role.
pub(crate) async fn end_sessions_in(tx: &mut Tx<Open>, role: &RoleCode) -> Result<()> {
    let at = tx.at();
    execute!(tx, "update sessions set ended_at = $2 where role_code = $1 and ended_at is null", role, at)?;
    Ok(())
}
