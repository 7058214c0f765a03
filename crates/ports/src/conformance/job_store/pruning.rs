//! Retention.

use contracts::EventType;

use super::support::{
    LATER, Store, StoreHarness, at, completed, failed, id, job, result, retry, ticket, wish,
};
use crate::conformance::wait::within;
use crate::{Claim, Command, CommandOutcome};

/// Finishes job `number` at `second`.
async fn finished_at(store: &Store, number: u64, second: i64) {
    store.run(number, 1, "w", number + 1).await;
    store.apply(result(number, 1, "w", at(second), completed())).await;
}

/// Terminal, and last changed before the moment. Nothing else, however old.
pub async fn only_old_terminal_jobs_are_pruned(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit_until(vec![job(1)], at(2)).await;
    store.run(2, 1, "w", 200).await;
    store.finish(3, retry(at(11))).await;
    store.finish(4, failed()).await;
    finished_at(&store, 5, 10).await;
    finished_at(&store, 6, 50).await;
    finished_at(&store, 7, 51).await;
    assert_eq!(store.prune(at(50)).await, 2);
    for number in [4, 5] {
        assert_eq!(store.find(number).await, None);
    }
    for number in [1, 2, 3, 6, 7] {
        assert!(!store.detail(number).await.history.is_empty());
    }
    assert_eq!(store.found("").await, [7, 6, 3, 2, 1].map(id));
    store.apply(result(2, 1, "w", at(60), completed())).await;
    assert_eq!(store.due(at(60)).await.len(), 2, "waiting jobs wait on");
}

/// Withdrawn is ended; revived is not, however old the end before.
pub async fn a_cancelled_job_is_pruned_and_a_revived_one_is_not(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(1)]).await;
    assert_eq!(store.command(1, Command::Cancel, 10).await, CommandOutcome::Done);
    for number in [2, 3] {
        store.finish(number, failed()).await;
    }
    assert_eq!(store.command(3, Command::Retry, 11).await, CommandOutcome::Done);
    assert_eq!(store.prune(at(LATER)).await, 2);
    assert_eq!(store.found("").await, [id(3)]);
    let taken = store.due(at(LATER)).await;
    assert_eq!(taken.iter().map(|taken| taken.attempt).collect::<Vec<_>>(), [2]);
}

/// In small pieces, so that nobody waits long.
pub async fn no_more_are_pruned_than_asked_for(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 1..=12 {
        finished_at(&store, number, 10).await;
    }
    for expected in [5, 5, 2, 0] {
        let gone = within("pruning", store.0.prune(at(LATER), 5)).await;
        assert_eq!(gone, expected);
    }
}

/// No state without its event, even when the relay is late by a whole retention.
pub async fn unpublished_events_outlive_their_job(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    assert_eq!(
        store.claim_one(&ticket("v", 8, at(2)), wish(1, 1)).await,
        Claim::Held
    );
    store.apply(result(1, 1, "w", at(10), completed())).await;
    store.prune(at(LATER)).await;
    assert_eq!(
        store.outbox_of(1).await,
        [(EventType::Executed, 1), (EventType::Completed, 1)]
    );
}

/// A healthy store says so.
pub async fn a_ping_answers_within_its_limit(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.ping().await;
    store.admit(vec![job(1)]).await;
    store.ping().await;
}
