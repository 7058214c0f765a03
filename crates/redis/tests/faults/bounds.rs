//! What one call may bring.

use std::time::Instant;

use ports::{LiveStats, StoreError};
use redis_adapter::MAX_BATCH;
use testkit::servers::RedisServer;

use crate::support::{events, failure, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_greatest_batch_is_applied_and_a_greater_one_refused() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    let most = MAX_BATCH as u64;
    let (_, error) = failure(stats.apply(events(0..most + 1))).await;
    assert!(matches!(error, StoreError::Refused(_)), "{error}");
    let since = Instant::now();
    assert_eq!(stats.apply(events(0..most)).await, Ok(MAX_BATCH));
    assert!(since.elapsed().as_secs() < 2, "took {:?}", since.elapsed());
    assert_eq!(stats.apply(events(0..most)).await, Ok(0));
}
