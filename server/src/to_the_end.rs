//! Work that goes on when whoever asked for it hangs up: what was counted before has its failure, its trail and its letter.

use crate::{Result, http::caller};
use anyhow::anyhow;
use tracing::Instrument;

/// Does the work in a task of its own, under the id and in the log of the present request, and waits for its outcome. A server
/// drops what a connection asked for as soon as its client is gone; the task is finished all the same.
pub(crate) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let task = tokio::spawn(caller::in_this_request(work.in_current_span()));
    task.await.map_err(|cause| anyhow!("work that was begun did not come to its end: {cause}"))?
}
