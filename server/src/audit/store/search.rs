//! The trail as somebody looks through it: by who, whom, what, when, from where and how it ended.

use super::{ENTRY, Entry, Part, name_roles};
use crate::{
    Result,
    audit::query::{Doing, TrailQuery, Who},
    db::Db,
};
use domain::{PersonId, person::Username};
use sqlx::AssertSqlSafe;

/// Entries that fit, the newest first; in the order in which they happened when what is newer is asked for.
pub(in crate::audit) async fn find(
    db: &Db,
    query: &TrailQuery,
    part: Part,
    limit: i64,
) -> Result<Vec<Entry>> {
    let (at, id, bounds) = part.bounds();
    let mut conditions = Vec::new();
    let mut asks = |is_asked: bool, condition: &'static str| {
        if is_asked {
            conditions.push(condition);
        }
    };
    let (actor, actor_kind) = match query.actor {
        Some(Who::Person(id)) => (Some(id), None),
        Some(Who::Kind(kind)) => (None, Some(kind)),
        None => (None, None),
    };
    let (action, family) = match &query.action {
        Some(Doing::Exactly(action)) => (Some(action.clone()), None),
        Some(Doing::AnyOf(family)) => (None, Some(format!("{family}%"))),
        None => (None, None),
    };
    asks(actor.is_some(), "a.actor_id = $4");
    asks(actor_kind.is_some(), "a.actor_kind = $5");
    asks(query.subject.is_some(), "a.person_id = $6");
    asks(action.is_some(), "a.action = $7");
    asks(family.is_some(), "a.action like $8");
    asks(query.from.is_some(), "a.at >= $9");
    asks(query.to.is_some(), "a.at < $10");
    asks(query.ip.is_some(), "a.ip = $11");
    asks(query.outcome.is_some(), "a.outcome = $12");
    let conditions: String = conditions.iter().map(|condition| format!("{condition} and ")).collect();
    let sql =
        format!("{ENTRY} where {conditions} {} limit $3", bounds.replace("{at}", "$1").replace("{id}", "$2"));
    let found = fetch_all!(
        db,
        Entry,
        AssertSqlSafe(sql),
        at,
        id,
        limit,
        actor,
        actor_kind,
        query.subject,
        action.clone(),
        family.clone(),
        query.from,
        query.to,
        query.ip.clone(),
        query.outcome,
    )?;
    name_roles(db, found).await
}

/// Every action that stands in the trail; each is found by one step through the index.
pub(in crate::audit) async fn actions(db: &Db) -> Result<Vec<String>> {
    let found: Vec<(String,)> = fetch_all!(
        db,
        (String,),
        "with recursive known (action) as (
             select (select min(action) from audit)
             union all
             select (select min(a.action) from audit a where a.action > known.action) from known where known.action is not null
         )
         select action from known where action is not null"
    )?;
    Ok(found.into_iter().map(|(action,)| action).collect())
}

pub(in crate::audit) async fn person_named(db: &Db, username: &Username) -> Result<Option<PersonId>> {
    let found: Option<(PersonId,)> =
        fetch_optional!(db, (PersonId,), "select id from people where username = $1", username)?;
    Ok(found.map(|(id,)| id))
}
