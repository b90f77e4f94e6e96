//! The right way, so that the wrong ones fail for their own reasons.

use domain::listing::PeopleQuery;
use server::{
    Actor, Backend, Origin, Result,
    db::{Open, Tx},
    events::Event,
    people::NewPerson,
    permit::CreatePerson,
};

async fn create(backend: &Backend, actor: &Actor, person: NewPerson, origin: &Origin) -> Result<()> {
    let permit = actor.permit::<CreatePerson>(())?;
    backend.people.create(&permit, person, &actor.at(origin)).await?;
    let visible = actor.sees_people()?;
    backend.people.list(&visible, &PeopleQuery::default()).await?;
    Ok(())
}

async fn commit(tx: Tx<Open>) -> Result<()> {
    tx.record(Event::PeopleLoaded { people: 0 }).await?.commit().await
}

fn main() {
    let _ = (create, commit);
}
