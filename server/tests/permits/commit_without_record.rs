//! Commits a write without its audit entry.
// error[E0599]: no method named `commit` found for struct `Tx<

use server::{
    Result,
    db::{Open, Tx},
};

async fn commit(tx: Tx<Open>) -> Result<()> {
    tx.commit().await
}

fn main() {
    let _ = commit;
}
