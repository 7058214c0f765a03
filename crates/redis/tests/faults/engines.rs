//! Several engines, each with a connection of its own.

use ports::{LiveStats, StatsSnapshot};
use testkit::servers::RedisServer;
use tokio::task::JoinSet;

use crate::support::{events, open};

/// Everything that is counted per type of job adds up to what is counted per type of event, at every moment.
fn adds_up(snapshot: &StatsSnapshot) {
    use contracts::EventType::{Completed, Created, Failed, Quarantined};
    let sum = |of: fn(&ports::TypeStats) -> u64| snapshot.types.iter().map(of).sum::<u64>();
    assert_eq!(sum(|kind| kind.created), snapshot.count(Created));
    assert_eq!(sum(|kind| kind.completed), snapshot.count(Completed));
    let failed = snapshot.count(Failed) + snapshot.count(Quarantined);
    assert_eq!(sum(|kind| kind.failed), failed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn engines_with_the_same_events_count_each_once_and_every_snapshot_adds_up() {
    const EVENTS: u64 = 6_000;
    let redis = RedisServer::start().await;
    let mut engines = JoinSet::new();
    for engine in 0..4_u64 {
        let stats = open(&redis.url());
        engines.spawn(async move {
            let mut new = 0;
            for round in 0..EVENTS / 100 {
                let from = (round * 100 + engine * 1_300) % EVENTS;
                let batch = [events(from..from + 100), events(from / 2..from / 2 + 20)].concat();
                new += stats.apply(batch).await.expect("events are applied");
            }
            new
        });
    }
    let stats = open(&redis.url());
    let reader = tokio::spawn({
        let stats = stats.clone();
        async move {
            loop {
                adds_up(&stats.snapshot().await.expect("the stats answer"));
            }
        }
    });
    let new: usize = engines.join_all().await.into_iter().sum();
    assert!(!reader.is_finished(), "a snapshot did not add up");
    reader.abort();
    let snapshot = stats.snapshot().await.unwrap();
    adds_up(&snapshot);
    let total: u64 = snapshot.events.iter().map(|(_, count)| count).sum();
    let all = stats.apply(events(0..EVENTS)).await.unwrap();
    assert_eq!(u64::try_from(new).unwrap(), total);
    assert_eq!(u64::try_from(all).unwrap() + total, EVENTS);
}
