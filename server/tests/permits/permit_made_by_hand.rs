//! Makes a permit without asking anybody.
// error[E0451]: fields

use server::permit::{CreatePerson, Permit};
use std::marker::PhantomData;

fn main() {
    let _: Permit<CreatePerson> = Permit { resource: (), holds: domain::Permissions::NONE, action: PhantomData };
}
