//! What accounts and roles may do, in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
    roles::Role,
};
use domain::{Permission, Permissions, PersonId, RoleCode};

const OF_PERSON: &str =
    "select distinct g.permission from person_roles h join role_permissions g on g.role_code = h.role_code
     where h.person_id = $1";

/// Everything that any role of this person permits.
pub(in crate::people) async fn of_person(tx: &mut Tx<Open>, person: PersonId) -> Result<Permissions> {
    Ok(read(&fetch_all!(tx, (String,), OF_PERSON, person)?))
}

/// The same for somebody who is only looked at.
pub(in crate::people) async fn of_anybody(db: &Db, person: PersonId) -> Result<Permissions> {
    Ok(read(&fetch_all!(db, (String,), OF_PERSON, person)?))
}

/// Every role with what it permits.
pub(in crate::people) async fn roles(db: &Db) -> Result<Vec<(Role, Permissions)>> {
    let rows = fetch_all!(
        db,
        (RoleCode, String, Option<String>),
        "select r.code, r.name, (select string_agg(permission, ',') from role_permissions where role_code = r.code)
         from roles r where r.deleted_at is null order by r.position, r.code",
    )?;
    let permissions = |codes: Option<String>| {
        codes.unwrap_or_default().split(',').filter_map(Permission::from_code).collect()
    };
    Ok(rows.into_iter().map(|(code, name, codes)| (Role { code, name }, permissions(codes))).collect())
}

pub(in crate::people) async fn of_role(tx: &mut Tx<Open>, role: &RoleCode) -> Result<Permissions> {
    let rows =
        fetch_all!(tx, (String,), "select permission from role_permissions where role_code = $1", role)?;
    Ok(read(&rows))
}

fn read(rows: &[(String,)]) -> Permissions {
    rows.iter().filter_map(|(code,)| Permission::from_code(code)).collect()
}
