//! Makes a scope without asking anybody.
// error[E0451]: fields

use server::permit::{People, Visible};
use std::marker::PhantomData;

fn main() {
    let _: Visible<People> = Visible { only: None, kind: PhantomData };
}
