//! Gives somebody more permissions than their role has.
// error[E0451]: field

use domain::Permissions;
use server::Actor;

fn promote(actor: Actor) -> Actor {
    Actor { permissions: Permissions::of(domain::Permission::ALL), ..actor }
}

fn main() {
    let _ = promote;
}
