//! Becomes the operator of the machine by hand.
// error[E0423]: cannot initialize a tuple struct which contains private fields

use server::permit::Operator;

fn main() {
    let _ = Operator(());
}
