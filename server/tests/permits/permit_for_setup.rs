//! Takes the permit that is meant for the set-up page alone.
// error[E0624]: associated function `for_setup` is private

use server::permit::{CreatePerson, Permit};

fn main() {
    let _: Permit<CreatePerson> = Permit::for_setup(());
}
