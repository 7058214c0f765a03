//! Redis loses everything, which is noticed.

use ports::LiveStats;
use testkit::servers::RedisServer;

use crate::support::{applied, open, total};

async fn flush(redis: &RedisServer) {
    redis.server().exec(&["redis-cli", "flushall"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flush_is_noticed_and_a_rebuild_makes_the_stats_complete_again() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    assert_eq!(stats.epoch().await, Ok(None));
    applied(&stats, 0..50).await;
    stats.set_complete().await.unwrap();
    let first = stats.epoch().await.unwrap();
    assert!(first.is_some());
    let other = open(&redis.url());
    assert_eq!(other.epoch().await.unwrap(), first, "all see the same");

    flush(&redis).await;
    applied(&stats, 50..60).await;
    assert_eq!(stats.epoch().await, Ok(None), "new events do not hide the loss");
    assert_eq!(applied(&stats, 0..60).await, 50);
    stats.set_complete().await.unwrap();
    let second = stats.epoch().await.unwrap();
    assert!(second.is_some() && second != first);
    assert_eq!(total(&stats).await, 60);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_that_was_flushed_amid_does_not_call_itself_complete() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    assert_eq!(stats.is_complete().await, Ok(false));
    applied(&stats, 0..30).await;
    flush(&redis).await;
    applied(&stats, 30..60).await;
    stats.set_complete().await.unwrap();
    assert_eq!(stats.is_complete().await, Ok(false), "half of it is lost");

    applied(&stats, 0..60).await;
    stats.set_complete().await.unwrap();
    assert_eq!(stats.is_complete().await, Ok(true));
    assert_eq!(total(&stats).await, 60);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clearing_leaves_no_key_but_the_new_life() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    applied(&stats, 0..5_000).await;
    stats.set_complete().await.unwrap();
    stats.clear().await.unwrap();
    let keys = redis.server().exec(&["redis-cli", "keys", "*"]).await;
    assert_eq!(keys, "{observatory}:life");
    assert_eq!(applied(&stats, 0..5_000).await, 5_000);
}
