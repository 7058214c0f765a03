//! Counters that are built anew.

use contracts::EventType;

use super::support::{
    Stats, StatsHarness, created, expected, expected_errors, expected_history, mixed, second, sorted,
    sorted_errors,
};
use crate::StatsSnapshot;

/// Whoever runs them finds out, builds them and says so; that outlives a crash.
pub async fn new_stats_are_not_complete_until_somebody_says_so(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    assert!(!stats.is_complete().await);
    stats.apply(created(0..5)).await;
    assert!(!stats.is_complete().await, "events alone do not make them so");
    stats.set_complete().await;
    let stats = stats.reopen(harness).await;
    assert!(stats.is_complete().await);
}

/// Nothing is left: no counter, no group, no minute, and no memory of an event.
pub async fn cleared_stats_are_as_new(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let events = mixed(200);
    stats.apply(events.clone()).await;
    stats.set_complete().await;
    stats.clear().await;
    assert!(!stats.is_complete().await);
    assert_eq!(stats.snapshot().await, StatsSnapshot::default());
    assert_eq!(stats.history(second(0)).await, []);
    assert_eq!(stats.errors(10).await, []);
    let stats = stats.reopen(harness).await;
    assert!(!stats.is_complete().await);
    assert_eq!(stats.snapshot().await.count(EventType::Created), 0);
    assert_eq!(
        stats.apply(events.clone()).await,
        events.len(),
        "none is known any more"
    );
}

/// What is applied from the history and what arrives meanwhile are the same events: each counts once.
pub async fn a_rebuild_beside_new_events_gives_the_same_counters(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let events = mixed(400);
    stats.apply(events[..300].to_vec()).await;
    stats.clear().await;
    for (old, new) in events[..300].chunks(30).zip(events[200..].chunks(20)) {
        let (old, new) = (stats.apply(old.to_vec()), stats.apply(new.to_vec()));
        tokio::join!(old, new);
    }
    stats.set_complete().await;
    assert_eq!(sorted(stats.snapshot().await), sorted(expected(&events)));
    assert_eq!(stats.history(second(0)).await, expected_history(&events));
    assert_eq!(sorted_errors(stats.errors(100).await), expected_errors(&events));
}
