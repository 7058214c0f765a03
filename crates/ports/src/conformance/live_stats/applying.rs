//! Each event once.

use std::time::Duration;

use contracts::EventType;
use tokio::task::JoinSet;

use super::support::{MINUTE, Stats, StatsHarness, created, event, expected, mixed, second, sorted};
use crate::conformance::wait::within;
use crate::{StatEvent, StatsSnapshot};

/// Zeros are absent.
pub async fn nothing_applied_is_an_empty_snapshot(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    assert_eq!(stats.snapshot().await, StatsSnapshot::default());
    assert_eq!(stats.history(second(0)).await, []);
}

/// None is forgotten, and each has its own counter.
pub async fn every_event_type_is_counted(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let mut events = Vec::new();
    for (number, event_type) in (0_u64..).zip(EventType::ALL) {
        events.extend((0..=number).map(|copy| event(number * 100 + copy, event_type)));
    }
    assert_eq!(stats.apply(events.clone()).await, events.len());
    let snapshot = stats.snapshot().await;
    for (number, event_type) in (0_u64..).zip(EventType::ALL) {
        assert_eq!(snapshot.count(event_type), number + 1, "{event_type}");
    }
    assert_eq!(sorted(snapshot), sorted(expected(&events)));
}

/// However often it is delivered, alone or among others.
pub async fn an_event_is_applied_once(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    assert_eq!(stats.apply(created(0..5)).await, 5);
    assert_eq!(stats.apply(created(0..5)).await, 0);
    assert_eq!(stats.apply(created(3..8)).await, 3);
    let snapshot = stats.snapshot().await;
    assert_eq!(
        (snapshot.count(EventType::Created), snapshot.types[0].created),
        (8, 8)
    );
}

/// A duplicate in the same batch is a duplicate.
pub async fn an_event_twice_in_a_batch_is_applied_once(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let batch = [created(0..3), created(1..2), created(0..4), created(3..4)].concat();
    assert_eq!(stats.apply(batch).await, 4);
    let snapshot = stats.snapshot().await;
    assert_eq!(
        (snapshot.count(EventType::Created), snapshot.types[0].created),
        (4, 4)
    );
}

/// Late news does not turn the clock back.
pub async fn the_last_event_is_the_latest_and_not_the_last_to_arrive(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let times = [
        "2025-10-09T08:54:00.000001Z",
        "2025-10-09T08:54:00.000002Z",
        "1960-01-01T00:00:00Z",
    ];
    for (number, text) in (0..).zip(times) {
        let at = text.parse().unwrap_or_default();
        stats
            .apply(vec![StatEvent {
                at,
                ..event(number, EventType::Executed)
            }])
            .await;
    }
    assert_eq!(stats.snapshot().await.last_event, times[1].parse().ok());
}

/// An empty batch succeeds.
pub async fn applying_nothing_is_no_error(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    assert_eq!(stats.apply(Vec::new()).await, 0);
    assert_eq!(stats.snapshot().await, StatsSnapshot::default());
}

/// Two engines with the same deliveries.
pub async fn concurrent_overlapping_batches_count_each_event_once(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let all = mixed(200);
    let mut engines = JoinSet::new();
    for engine in 0..4 {
        let (stats, mut mine) = (stats.clone(), all.clone());
        mine.rotate_left(engine * 13);
        engines.spawn(async move {
            let mut new = 0;
            for batch in mine.chunks(17) {
                new += stats.apply(batch.to_vec()).await;
            }
            new
        });
    }
    assert_eq!(engines.join_all().await.into_iter().sum::<usize>(), 200);
    assert_eq!(sorted(stats.snapshot().await), sorted(expected(&all)));
    assert!(!stats.history(second(MINUTE)).await.is_empty());
}

/// Healthy stats say so.
pub async fn a_ping_answers_within_its_limit(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    within("pinging", stats.0.ping(Duration::from_secs(20))).await;
}
