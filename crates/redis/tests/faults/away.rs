//! Redis is frozen, gone, or not there yet.

use ports::LiveStats;
use testkit::servers::RedisServer;
use testkit::wait_for;

use crate::support::{HEALED, LIMIT, SLACK, applied, events, failure, open, total};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_outlives_its_limit_while_redis_is_frozen_and_all_work_after() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    assert_eq!(applied(&stats, 0..10).await, 10);
    redis.server().pause().await;

    for _ in 0..2 {
        let (took, error) = failure(stats.apply(events(10..20))).await;
        assert!(took < LIMIT * 2 + SLACK, "applying took {took:?}: {error}");
        assert!(error.is_transient(), "{error}");
    }
    let (took, error) = failure(stats.snapshot()).await;
    assert!(took < LIMIT * 2 + SLACK, "the snapshot took {took:?}: {error}");
    let (took, error) = failure(stats.ping(LIMIT / 4)).await;
    assert!(took < LIMIT / 4 + SLACK, "pinging took {took:?}: {error}");

    redis.server().unpause().await;
    applied(&stats, 10..20).await;
    assert_eq!(
        total(&stats).await,
        20,
        "whatever the calls did that were given up"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_callers_of_a_frozen_redis_all_return_in_time() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    applied(&stats, 0..1).await;
    redis.server().pause().await;
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..50 {
        let stats = stats.clone();
        callers.spawn(async move { failure(stats.apply(events(caller..caller + 1))).await });
    }
    for (took, error) in callers.join_all().await {
        assert!(took < LIMIT * 3 + SLACK, "took {took:?}: {error}");
    }
    redis.server().unpause().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stats_may_be_opened_before_redis_is_there_and_live_through_its_restarts() {
    let redis = RedisServer::start().await;
    redis.server().stop().await;
    let stats = open(&redis.url());
    let (took, error) = failure(stats.apply(events(0..5))).await;
    assert!(took < SLACK, "took {took:?}: {error}");
    assert!(error.is_transient(), "{error}");
    redis.server().start_again().await;
    assert_eq!(applied(&stats, 0..5).await, 5);
    for round in ["stop", "kill"] {
        match round {
            "stop" => redis.server().stop().await,
            _ => redis.server().kill().await,
        }
        assert!(stats.ping(LIMIT).await.is_err(), "{round}");
        redis.server().start_again().await;
        wait_for(HEALED, "a ping", || stats.ping(LIMIT)).await;
        assert_eq!(applied(&stats, 0..5).await, 5, "this server keeps nothing");
    }
}
