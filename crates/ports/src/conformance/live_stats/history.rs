//! The minutes.

use contracts::EventType;

use super::support::{MINUTE, Stats, StatsHarness, event, expected_history, mixed, second};
use crate::{StatEvent, StatsBucket};

fn at(number: u64, event_type: EventType, at: i64) -> StatEvent {
    StatEvent {
        at: second(at),
        ..event(number, event_type)
    }
}

/// From the first to the last second of a minute; minutes without events are absent, oldest first.
pub async fn minutes_are_counted_by_the_events_own_time(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let events = vec![
        at(1, EventType::Failed, MINUTE + 180),
        at(2, EventType::Created, MINUTE),
        at(3, EventType::Created, MINUTE + 59),
        at(4, EventType::Completed, MINUTE + 60),
        at(5, EventType::Quarantined, MINUTE + 239),
    ];
    stats.apply(events).await;
    let bucket = |minute, created, completed, failed| StatsBucket {
        minute,
        created,
        completed,
        failed,
    };
    let expected = [
        bucket(MINUTE, 2, 0, 0),
        bucket(MINUTE + 60, 0, 1, 0),
        bucket(MINUTE + 180, 0, 0, 2),
    ];
    assert_eq!(stats.history(second(MINUTE)).await, expected);
}

/// At the minute of `since`, when `since` is its first second.
pub async fn history_begins_where_asked(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let events = mixed(100);
    stats.apply(events.clone()).await;
    let whole = expected_history(&events);
    assert_eq!(whole.len(), 10, "the sample covers ten minutes");
    for (skipped, minute) in (0..=10).zip(0..) {
        let since = second(MINUTE + 60 * minute);
        assert_eq!(
            stats.history(since).await,
            whole[skipped..],
            "without {skipped} minutes"
        );
    }
    assert_eq!(stats.history(second(0)).await, whole);
}

/// A client's clock may stand anywhere.
pub async fn minutes_before_1970_are_minutes(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let events = vec![
        at(1, EventType::Created, -1),
        at(2, EventType::Created, 0),
        at(3, EventType::Created, -61),
    ];
    stats.apply(events.clone()).await;
    assert_eq!(stats.history(second(-10_000)).await, expected_history(&events));
}

/// A duplicate is no second event in its minute either.
pub async fn history_counts_an_event_once(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let events = mixed(60);
    stats
        .apply([events.clone(), events[..10].to_vec()].concat())
        .await;
    stats.apply(events[20..].to_vec()).await;
    assert_eq!(stats.history(second(MINUTE)).await, expected_history(&events));
}
