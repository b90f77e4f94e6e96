//! People in bulk, for going through everybody whom a question finds: the engine puts a whole stretch together as one text, a
//! line of JSON for each person, which costs a fraction of fetching row by row.

use super::{
    conditions::Conditions,
    statement::{self, Value, Values},
};
use crate::{
    Result,
    db::{Db, Lane},
};
use domain::{PersonId, Timestamp, listing::PeopleQuery};
use uuid::Uuid;

/// So many people are read at once: about half a megabyte.
const LENGTH: i64 = 2_000;
/// So many of those who were named one by one.
const AT_ONCE: usize = 1_000;

/// The people of a stretch.
#[derive(Debug, Default)]
pub(in crate::people) struct Stretch {
    /// A JSON list for each: id, username, full name, e-mail, roles, status, factors, last sign-in, sign-ins, made, version.
    pub lines: String,
    /// Where it ends, unless it is the last one.
    pub last: Option<PersonId>,
}

/// Those whom the question finds behind this one, in the order in which they were made; its own order and page count for
/// nothing. Each stretch goes on along the ids, so that all of them together look at everybody once.
pub(in crate::people) async fn stretch(
    db: &Db,
    now: Timestamp,
    query: &PeopleQuery,
    after: Option<PersonId>,
) -> Result<Stretch> {
    let mut values = Values::default();
    let behind = values.add(Value::Id(after.map_or(Uuid::nil(), PersonId::uuid)));
    let conditions = Conditions::of(db, now, query, None, &mut values).sql();
    let and = if conditions.is_empty() { "" } else { " and " };
    let (count, lines) = read(db, now, values, &format!("p.id > {behind}{and}{conditions}")).await?;
    let last = if count < LENGTH { None } else { last_id(&lines) };
    Ok(Stretch { lines, last })
}

/// Those of these people, in the order of their ids, who stand behind this one.
pub(in crate::people) async fn stretch_of(
    db: &Db,
    now: Timestamp,
    people: &[PersonId],
    after: Option<PersonId>,
) -> Result<Stretch> {
    let begin = after.map_or(0, |after| people.partition_point(|person| person.uuid() <= after.uuid()));
    let rest = people.get(begin..).unwrap_or_default();
    let these = &rest[..rest.len().min(AT_ONCE)];
    if these.is_empty() {
        return Ok(Stretch::default());
    }
    let mut values = Values::default();
    let ids: Vec<String> = these.iter().map(|person| values.add(Value::Id(person.uuid()))).collect();
    let (_, lines) = read(db, now, values, &format!("p.id in ({})", ids.join(", "))).await?;
    Ok(Stretch { lines, last: these.last().filter(|_| these.len() < rest.len()).copied() })
}

/// How many of the people whom the condition finds, and their lines.
async fn read(db: &Db, now: Timestamp, mut values: Values, condition: &str) -> Result<(i64, String)> {
    let at = values.number(now.microseconds());
    let (line, line_break) = match db.lane() {
        Lane::Sqlite(_) => ("json_array(lower(hex(p.id)), ", "char(10)"),
        Lane::Postgres(_) => ("json_build_array(replace(cast(p.id as text), '-', ''), ", "chr(10)"),
    };
    let sql = format!(
        "select count(*), coalesce(string_agg(cast(line as text), {line_break}), '') from (
             select {line} p.username, p.full_name, p.email,
                    replace(p.role_codes, ',', ' '),
                    case when p.status = 'active' and p.locked_until > {at} then 'locked' else p.status end,
                    p.factors, p.last_login_at, p.login_count, p.created_at, p.version) as line
             from people p where {condition} order by p.id limit {LENGTH}) s"
    );
    statement::lines(db, sql, values).await
}

/// The id at the beginning of the last line.
fn last_id(lines: &str) -> Option<PersonId> {
    let line = lines.rsplit('\n').next()?;
    let id = line.get(line.find('"')? + 1..)?.get(..32)?;
    Uuid::parse_str(id).ok().map(PersonId::new)
}
