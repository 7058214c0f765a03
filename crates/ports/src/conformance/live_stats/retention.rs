//! What goes and what stays.

use contracts::EventType;

use super::support::{
    MINUTE, Stats, StatsHarness, created, event, expected_history, hours_from_now, mixed, second,
};
use crate::StatEvent;

/// Minutes go by their own time. The totals are no part of them.
pub async fn pruned_minutes_are_forgotten_and_totals_stay(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let events = mixed(100);
    stats.apply(events.clone()).await;
    let (before, whole) = (stats.snapshot().await, expected_history(&events));
    stats.prune(second(MINUTE + 240)).await;
    assert_eq!(
        stats.history(second(0)).await,
        whole[4..],
        "four minutes ended before that"
    );
    stats.prune(hours_from_now(1)).await;
    assert_eq!(stats.history(second(0)).await, []);
    assert_eq!(stats.snapshot().await, before);
    stats.apply(vec![event(5_000, EventType::Created)]).await;
    assert_eq!(
        stats.snapshot().await.count(EventType::Created),
        before.count(EventType::Created) + 1
    );
}

/// What is remembered goes by when it was applied: a backfill brings events of long ago, twice like all others.
pub async fn an_old_event_applied_just_now_is_still_known(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let ancient: Vec<_> = created(0..5)
        .into_iter()
        .map(|event| StatEvent {
            at: second(60),
            ..event
        })
        .collect();
    assert_eq!(stats.apply(ancient.clone()).await, 5);
    stats.prune(hours_from_now(-1)).await;
    assert_eq!(stats.apply(ancient).await, 0);
    assert_eq!(stats.snapshot().await.count(EventType::Created), 5);
}

/// What was answered is durable.
pub async fn the_counters_survive_a_crash(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let events = mixed(200);
    for batch in events.chunks(50) {
        stats.apply(batch.to_vec()).await;
    }
    let before = stats.snapshot().await;
    let stats = stats.reopen(harness).await;
    assert_eq!(stats.snapshot().await, before);
    assert_eq!(stats.history(second(0)).await, expected_history(&events));
}

/// The engine that died before its acknowledgement applies again.
pub async fn an_event_applied_before_a_crash_is_known_after_it(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    stats.apply(created(0..10)).await;
    let stats = stats.reopen(harness).await;
    assert_eq!(stats.apply(created(5..15)).await, 5);
    assert_eq!(stats.snapshot().await.count(EventType::Created), 15);
}
