//! Everybody written anew, where names and addresses are to be kept in another way.

use super::indexes;
use crate::{
    Result,
    at_rest::AtRest,
    db::{Lane, Open, Tx},
};
use domain::{
    PersonId,
    person::{EmailAddress, FullName, Username},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// So many people are written in one statement.
const BATCH: i64 = 1_000;

/// Reads everybody as they were kept, and writes them as they are to be. Answers how many there are.
pub(crate) async fn write(tx: &mut Tx<Open>, from: &AtRest, to: &AtRest) -> Result<i64> {
    // Another one takes its place: the one that is there might not hold the texts as they are to be.
    indexes::drop_order_by_name(tx).await?;
    let aside = indexes::set_aside(tx).await?;
    let mut after = PersonId::new(Uuid::nil());
    let mut count = 0;
    loop {
        tx.keep_by(from.clone());
        let rows: Vec<(PersonId, Username, FullName, EmailAddress)> = fetch_all!(
            tx,
            (PersonId, Username, FullName, EmailAddress),
            "select id, username, full_name, email from people where id > $1 order by id limit $2",
            after,
            BATCH
        )?;
        let Some((last, ..)) = rows.last() else { break };
        after = *last;
        count += i64::try_from(rows.len()).unwrap_or(0);
        let rows = rows.iter().map(|(id, username, full_name, email)| {
            let findable = to.findable(username, full_name, email);
            let [full_name, email] = [full_name.as_str(), email.as_str()].map(|text| to.keep(text));
            json!([id.uuid().simple().to_string(), full_name, email, findable.name_key, findable.search_text])
        });
        let rows = Value::Array(rows.collect()).to_string();
        let sql = match tx.lane() {
            Lane::Sqlite(_) => {
                "update people set full_name = v.value ->> 1, email = v.value ->> 2, name_key = v.value ->> 3, search_text = v.value ->> 4
                 from json_each($1) v where people.id = unhex(v.value ->> 0)"
            }
            Lane::Postgres(_) => {
                "update people set full_name = v.value ->> 1, email = v.value ->> 2, name_key = v.value ->> 3, search_text = v.value ->> 4
                 from jsonb_array_elements($1::jsonb) v where people.id = (v.value ->> 0)::uuid"
            }
        };
        execute!(tx, sql, rows)?;
    }
    aside.bring_back(tx).await?;
    indexes::order_by_name(tx, to.is_on()).await?;
    Ok(count)
}
