//! Redis is there and does not take it: nothing is applied, and all of it later.

use ports::{LiveStats, StoreError};
use testkit::servers::RedisServer;

use crate::support::{HEALED, applied, events, failure, open, total};

async fn tell(redis: &RedisServer, command: &[&str]) {
    redis.server().exec(&[&["redis-cli"], command].concat()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_redis_applies_nothing_and_all_of_it_when_there_is_room() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    applied(&stats, 0..100).await;
    tell(&redis, &["config", "set", "maxmemory", "1"]).await;
    let (_, error) = failure(stats.apply(events(100..200))).await;
    assert!(
        matches!(&error, StoreError::Unavailable(text) if text.contains("OOM")),
        "{error}"
    );
    assert_eq!(total(&stats).await, 100, "what is there can be read");
    tell(&redis, &["config", "set", "maxmemory", "0"]).await;
    assert_eq!(stats.apply(events(50..200)).await, Ok(100));
    assert_eq!(total(&stats).await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_applies_nothing_until_it_is_a_master() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    applied(&stats, 0..100).await;
    tell(&redis, &["replicaof", "127.0.0.1", "1"]).await;
    let (_, error) = failure(stats.apply(events(100..200))).await;
    assert!(
        error.is_transient() && error.to_string().contains("read only"),
        "{error}"
    );
    tell(&redis, &["replicaof", "no", "one"]).await;
    assert_eq!(applied(&stats, 50..200).await, 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_that_redis_has_forgotten_are_loaded_again() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    applied(&stats, 0..10).await;
    tell(&redis, &["script", "flush"]).await;
    assert_eq!(stats.apply(events(0..20)).await, Ok(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_redis_closes_are_made_anew() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    for round in 0..5 {
        applied(&stats, round * 10..round * 10 + 10).await;
        tell(&redis, &["client", "kill", "type", "normal"]).await;
    }
    let total = testkit::wait_for(HEALED, "a snapshot", || stats.snapshot()).await;
    assert_eq!(total.events.iter().map(|(_, count)| count).sum::<u64>(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_somebody_else_is_named_and_no_reason_to_try_again() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    tell(&redis, &["set", "{observatory}:types", "mine"]).await;
    let (_, error) = failure(stats.snapshot()).await;
    assert!(
        matches!(&error, StoreError::Corrupt(text) if text.contains("WRONGTYPE")),
        "{error}"
    );
    tell(&redis, &["del", "{observatory}:types"]).await;
    tell(&redis, &["hset", "{observatory}:types", "echo", "many"]).await;
    let (_, error) = failure(stats.snapshot()).await;
    assert!(
        matches!(&error, StoreError::Corrupt(text) if text.contains("many")),
        "{error}"
    );
}
