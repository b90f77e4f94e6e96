//! The way to a real Redis, which a test may cut and mend.

use crate::config::Secret;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// Where the throw-away Redis listens; `make test` starts one and sets it.
const REDIS: &str = "COUNTERSIGN_TEST_REDIS";

/// A line to the Redis of the tests. While it is cut, whoever calls is hung up on.
pub struct RedisLine {
    pub url: Secret,
    is_cut: Arc<AtomicBool>,
    calls: Arc<Mutex<JoinSet<()>>>,
}

impl RedisLine {
    pub async fn lay() -> Self {
        let far = url::Url::parse(&server()).expect("the address of the Redis for tests cannot be read");
        let far = far.socket_addrs(|| Some(6379)).unwrap().remove(0);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Secret::new(format!("redis://{}", listener.local_addr().unwrap()));
        let line = Self { url, is_cut: Arc::default(), calls: Arc::default() };
        let (is_cut, calls) = (line.is_cut.clone(), line.calls.clone());
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut calls = calls.lock().unwrap();
                // Asked under the lock, so that no call slips through while the line is cut.
                if is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                calls.spawn(async move {
                    let mut far = TcpStream::connect(far).await.expect("the Redis for tests does not answer");
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        line
    }

    /// Ends every call; once this returns, none is left.
    pub async fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        let mut calls = std::mem::take(&mut *self.calls.lock().unwrap());
        calls.shutdown().await;
    }

    pub fn mend(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }
}

#[allow(clippy::disallowed_methods, reason = "no setting of the program")]
fn server() -> String {
    std::env::var(REDIS).unwrap_or_else(|_| {
        panic!("{REDIS} is not set. `make test` starts a Redis for the tests; or set it to redis://host:port")
    })
}
