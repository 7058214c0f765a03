//! Retention.

use domain::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};
use ports::LiveStats;
use testkit::servers::RedisServer;

use crate::support::{applied, events, open, total};

fn in_an_hour() -> Timestamp {
    let later = SystemClock.now().checked_add(SignedDuration::from_hours(1));
    later.expect("an hour from now is a time")
}

async fn keys(redis: &RedisServer) -> Vec<String> {
    let keys = redis.server().exec(&["redis-cli", "keys", "*"]).await;
    let mut keys: Vec<_> = keys.lines().map(str::to_owned).collect();
    keys.sort();
    keys
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_applied_is_forgotten_oldest_first_and_totals_stay() {
    let redis = RedisServer::start().await;
    let stats = open(&redis.url());
    applied(&stats, 0..1_000).await;
    applied(&stats, 1_000..1_500).await;
    let minutes_and_groups =
        stats.history(Timestamp::UNIX_EPOCH).await.unwrap().len() + stats.errors(100).await.unwrap().len();
    let gone = stats.prune(in_an_hour(), minutes_and_groups + 700).await.unwrap();
    assert_eq!(gone, minutes_and_groups + 700);
    assert_eq!(
        stats.apply(events(700..1_500)).await,
        Ok(0),
        "the later ones are known"
    );
    assert_eq!(
        stats.apply(events(0..700)).await,
        Ok(700),
        "the oldest are forgotten"
    );
    assert_eq!(total(&stats).await, 2_200);

    stats.prune(in_an_hour(), usize::MAX).await.unwrap();
    let left = keys(&redis).await;
    let expected = ["ended", "events", "latest", "types"].map(|name| format!("{{observatory}}:{name}"));
    assert_eq!(left, expected, "nothing else takes memory");
    assert_eq!(stats.prune(in_an_hour(), 10).await, Ok(0));
}
