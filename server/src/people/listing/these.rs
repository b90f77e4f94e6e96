//! People who are named one by one, read together.

use super::{
    super::store::{COLUMNS, Person},
    statement::{self, Value, Values},
};
use crate::{Result, db::Db};
use domain::{PersonId, Timestamp};
use std::collections::BTreeMap;

/// Those of them who are there, in the order in which they are named. A few hundred at most.
pub(in crate::people) async fn these(db: &Db, now: Timestamp, people: &[PersonId]) -> Result<Vec<Person>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Values::default();
    let ids: Vec<String> = people.iter().map(|person| values.add(Value::Id(person.uuid()))).collect();
    let sql = format!("select {COLUMNS} from people p where p.id in ({})", ids.join(", "));
    let rows = statement::rows(db, sql, values).await?;
    let found = rows.into_iter().map(|row| row.seen_at(now));
    let mut found: BTreeMap<PersonId, Person> = found.map(|person| (person.id, person)).collect();
    Ok(people.iter().filter_map(|person| found.remove(person)).collect())
}
