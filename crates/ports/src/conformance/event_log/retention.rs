//! What goes and what stays.

use super::support::{ALL, Log, LogHarness, event, events, hours_from_now, letters, moment};
use crate::LoggedEvent;

/// When an event was kept decides, not when it happened: a backfilled old event is a new one here.
pub async fn pruning_goes_by_arrival(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let ancient = LoggedEvent {
        occurred_at: moment(0),
        ..event(1)
    };
    let coming = LoggedEvent {
        occurred_at: hours_from_now(48),
        ..event(2)
    };
    log.append(vec![ancient.clone(), coming]).await;
    assert_eq!(log.prune(hours_from_now(-1), 100).await, 0);
    assert_eq!(log.append(vec![ancient]).await, 0, "it is still known");
    assert_eq!(log.prune(hours_from_now(1), 100).await, 2);
    assert_eq!(log.read(&ALL, 10).await, []);
    assert_eq!(log.prune(hours_from_now(1), 100).await, 0);
}

/// In small pieces, so that nobody waits long; the oldest go first.
pub async fn pruning_takes_no_more_than_asked_for(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    for number in 0..12 {
        log.append(vec![event(number)]).await;
    }
    assert_eq!(log.prune(hours_from_now(1), 5).await, 5);
    assert_eq!(
        log.read(&ALL, 100).await,
        (5..12).rev().map(event).collect::<Vec<_>>()
    );
    for expected in [5, 2, 0] {
        assert_eq!(log.prune(hours_from_now(1), 5).await, expected);
    }
}

/// They are counted together, each under its own limit.
pub async fn pruning_takes_dead_letters_too(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append_letters(letters(0..6)).await;
    log.append(events(0..2)).await;
    assert_eq!(log.prune(hours_from_now(-1), 4).await, 0);
    assert_eq!(log.prune(hours_from_now(1), 4).await, 6, "2 events and 4 letters");
    assert_eq!(log.read_letters(100).await.len(), 2);
    assert_eq!(log.prune(hours_from_now(1), 4).await, 2);
    assert_eq!(
        (log.read_letters(100).await, log.read(&ALL, 100).await),
        (Vec::new(), Vec::new())
    );
}

/// What was answered is durable, in its order.
pub async fn the_log_survives_a_crash(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append(events(0..300)).await;
    log.append_letters(letters(0..20)).await;
    let (all, dead) = (log.read(&ALL, 100).await, log.read_letters(100).await);
    let page = log.page(&ALL, None, 100).await;
    let log = log.reopen(harness).await;
    assert_eq!(
        (log.read(&ALL, 100).await, log.read_letters(100).await),
        (all.clone(), dead)
    );
    log.append(events(300..310)).await;
    let second = log.page(&ALL, page.next.as_ref(), 100).await;
    assert_eq!(second.items, all[100..200], "a cursor is still good");
    assert_eq!(
        log.page(&ALL, None, 20).await.items[10..],
        all[..10],
        "arrival goes on where it was"
    );
}

/// The engine that died before its acknowledgement appends again.
pub async fn an_event_known_before_a_crash_is_known_after_it(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append(events(0..10)).await;
    let log = log.reopen(harness).await;
    assert_eq!(log.append(events(5..15)).await, 5);
    assert_eq!(log.read(&ALL, 100).await.len(), 15);
}
