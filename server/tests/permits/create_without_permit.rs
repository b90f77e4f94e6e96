//! Makes an account without asking whether that is permitted.
// error[E0061]: this method takes 3 arguments but 2 arguments were supplied

use server::{Backend, Origin, Result, people::NewPerson};

async fn create(backend: &Backend, person: NewPerson, origin: &Origin) -> Result<()> {
    backend.people.create(person, origin).await?;
    Ok(())
}

fn main() {
    let _ = create;
}
