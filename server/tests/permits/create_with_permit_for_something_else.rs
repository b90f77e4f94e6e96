//! Makes an account with the permit for something else.
// error[E0308]: mismatched types

use domain::PersonId;
use server::{Actor, Backend, Origin, Result, people::NewPerson, permit::UnlockPerson};

async fn create(backend: &Backend, actor: &Actor, person: NewPerson, other: PersonId, origin: &Origin) -> Result<()> {
    let permit = actor.permit::<UnlockPerson>(other)?;
    backend.people.create(&permit, person, origin).await?;
    Ok(())
}

fn main() {
    let _ = create;
}
