//! The suite of the live stats, on a Redis in a container: every case under a prefix of its own.
//!
//! A crash here is the loss of the connection with all that was in this process; Redis itself is killed in
//! `faults`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use domain::SystemClock;
use ports::LiveStats;
use ports::conformance::Harness;
use redis_adapter::{Options, Redis};
use testkit::servers::RedisServer;
use tokio::sync::OnceCell;

/// One server for all cases.
static SERVER: OnceCell<RedisServer> = OnceCell::const_new();
static PREFIXES: AtomicU32 = AtomicU32::new(0);

/// The prefix of a case.
struct Prefix(String);

impl Prefix {
    fn new() -> Self {
        let number = PREFIXES.fetch_add(1, Ordering::Relaxed);
        Self(format!("case-{number}-{{observatory}}"))
    }

    async fn open(&self) -> Arc<dyn LiveStats> {
        let server = SERVER.get_or_init(RedisServer::start).await;
        let options = Options {
            prefix: self.0.clone(),
            ..Options::new(Arc::new(SystemClock))
        };
        Redis::open(&server.url(), options).expect("the URL reads as one")
    }
}

#[async_trait]
impl Harness<dyn LiveStats> for Prefix {
    async fn fresh(&self) -> Arc<dyn LiveStats> {
        self.open().await
    }

    async fn reopen(&self) -> Arc<dyn LiveStats> {
        self.open().await
    }
}

mod live_stats {
    ports::live_stats_suite!(super::Prefix::new());
}
