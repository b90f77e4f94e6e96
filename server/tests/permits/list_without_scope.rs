//! Lists people without knowing who may be seen.
// error[E0061]: this method takes 2 arguments but 1 argument was supplied

use domain::listing::PeopleQuery;
use server::{Backend, Result};

async fn list(backend: &Backend) -> Result<()> {
    backend.people.list(&PeopleQuery::default()).await?;
    Ok(())
}

fn main() {
    let _ = list;
}
