//! Workers that die.

use contracts::{EventType, JobStatus};
use domain::CRASH_LIMIT;
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::support::{LATER, Store, StoreHarness, at, at_micros, completed, id, result, retry, ticket, wish};
use crate::{Claim, Started};

use EventType::{Completed, Created, Executed, Quarantined, Retrying};

/// Starts job `number`'s attempt by a worker whose lease ends at second 5.
async fn doomed(store: &Store, number: u64, attempt: u32, worker: &str) -> Started {
    store.heartbeat(worker, at(5)).await;
    let claim = number * 100 + u64::from(attempt);
    store
        .start(&ticket(worker, claim, at(1)), wish(number, attempt))
        .await
}

/// The living keep their work.
pub async fn only_attempts_of_dead_workers_are_reaped(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    doomed(&store, 1, 1, "dead").await;
    doomed(&store, 2, 1, "dead").await;
    store.run(3, 1, "alive", 7).await;
    store.admit(vec![super::support::job(4)]).await;
    assert_eq!(store.reap(at(4)).await, 0, "nobody has died yet");
    assert_eq!(store.reap(at(6)).await, 2);
    for number in [1, 2] {
        assert_eq!(
            store.history(number).await,
            [(Created, 0), (Executed, 1), (Retrying, 1)]
        );
    }
    assert_eq!(store.detail(3).await.summary.status, JobStatus::Executing);
    assert_eq!(store.detail(4).await.summary.status, JobStatus::Pending);
    assert_eq!(store.reap(at(6)).await, 0, "they are reaped once");
}

/// A lease until a moment covers that moment.
pub async fn a_lease_ends_after_its_last_moment(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    doomed(&store, 1, 1, "dead").await;
    assert_eq!(store.reap(at(5)).await, 0);
    assert_eq!(store.reap(at_micros(5_000_001)).await, 1);
}

/// One heartbeat speaks for all attempts of a worker.
pub async fn a_heartbeat_prolongs_the_lease(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    doomed(&store, 1, 1, "w").await;
    doomed(&store, 2, 1, "w").await;
    store.heartbeat("w", at(20)).await;
    assert_eq!(store.reap(at(15)).await, 0);
    assert_eq!(store.reap(at(21)).await, 2);
}

/// A crash is no failure; it is counted apart and told in the outbox, because no message will tell it.
pub async fn a_reaped_job_runs_again_after_a_pause(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    doomed(&store, 1, 1, "dead").await;
    store.reap(at(6)).await;
    let detail = store.detail(1).await;
    assert_eq!(
        (detail.crashes, detail.failures, detail.summary.attempt),
        (1, 0, 1)
    );
    assert!(
        detail.summary.wake_at > Some(at(6)) && detail.summary.wake_at < Some(at(16)),
        "{:?}",
        detail.summary.wake_at
    );
    assert_eq!(
        (detail.summary.status, detail.summary.updated_at),
        (JobStatus::Retrying, at(6))
    );
    assert!(detail.summary.error.is_some(), "a person wants to know why");
    let told = store.transitions().await;
    let crash = told.iter().find(|event| event.event_type == Retrying);
    assert_eq!(crash, detail.history.last());
    assert_eq!(crash.and_then(|event| event.run_at), detail.summary.wake_at);
    assert!(store.due(at(6)).await.is_empty());
    let due = store.due(detail.summary.wake_at.unwrap_or(Timestamp::MAX)).await;
    assert_eq!((due.len(), due[0].job.id, due[0].attempt), (1, id(1), 2));
    assert_eq!(store.run(1, 2, "alive", 9).await.failures, 0);
}

/// Whoever kills three workers is set aside.
pub async fn the_third_dead_worker_quarantines_the_job(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for crash in 1..=CRASH_LIMIT {
        doomed(&store, 1, crash, &format!("dead-{crash}")).await;
        assert_eq!(store.reap(at(10)).await, 1);
        assert_eq!(store.detail(1).await.crashes, crash);
    }
    let detail = store.detail(1).await;
    assert_eq!(
        (detail.summary.status, detail.summary.wake_at),
        (JobStatus::Quarantined, None)
    );
    assert_eq!(
        detail
            .history
            .last()
            .map(|event| (event.event_type, event.attempt)),
        Some((Quarantined, 3))
    );
    let told = store.outbox_of(1).await;
    for event in [(Retrying, 1), (Retrying, 2), (Quarantined, 3)] {
        assert_eq!(
            told.iter().filter(|told| **told == event).count(),
            1,
            "{event:?} in {told:?}"
        );
    }
    assert!(store.due(at(LATER)).await.is_empty());
    let claim = store.claim_one(&ticket("w", 999, at(20)), wish(1, 4)).await;
    assert!(matches!(claim, Claim::Passed(_)), "{claim:?}");
}

/// The limit holds, and what is left comes with the next calls.
pub async fn no_more_are_reaped_than_asked_for(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 1..=12 {
        doomed(&store, number, 1, if number % 2 == 0 { "even" } else { "odd" }).await;
    }
    for expected in [5, 5, 2, 0] {
        let reaped = super::super::wait::within("reaping", store.0.reap(at(6), 5)).await;
        assert_eq!(reaped, expected);
    }
    for number in 1..=12 {
        assert_eq!(store.detail(number).await.crashes, 1);
    }
}

/// A worker that was only slow hears that it is too late.
pub async fn a_result_after_the_reaping_is_stale(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    doomed(&store, 1, 1, "slow").await;
    store.reap(at(6)).await;
    let before = store.detail(1).await;
    for outcome in [
        completed(),
        domain::Outcome::Failed {
            error: "x".to_owned(),
        },
    ] {
        assert_eq!(store.record_one(result(1, 1, "slow", at(7), outcome)).await, None);
    }
    store.record_one(result(1, 1, "slow", at(7), retry(at(8)))).await;
    assert_eq!(store.detail(1).await, before, "whatever the late worker says");
    store.run(1, 2, "alive", 9).await;
    assert_eq!(
        store.record_one(result(1, 1, "slow", at(9), completed())).await,
        None
    );
    store.apply(result(1, 2, "alive", at(10), completed())).await;
}

/// Death after the work is done harms nobody.
pub async fn finished_attempts_are_not_reaped(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    doomed(&store, 1, 1, "dead").await;
    store.apply(result(1, 1, "dead", at(2), completed())).await;
    doomed(&store, 2, 1, "dead").await;
    store.apply(result(2, 1, "dead", at(2), retry(at(3)))).await;
    assert_eq!(store.reap(at(6)).await, 0);
    assert_eq!(
        store.history(1).await,
        [(Created, 0), (Executed, 1), (Completed, 1)]
    );
    assert_eq!(store.detail(2).await.crashes, 0);
}

/// A worker that slept through its own funeral claims once more and dies before its next heartbeat.
pub async fn an_attempt_started_after_the_lease_ended_is_reaped(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    doomed(&store, 1, 1, "sleeper").await;
    assert_eq!(store.reap(at(6)).await, 1);
    store.start(&ticket("sleeper", 8, at(7)), wish(2, 1)).await;
    assert_eq!(
        store.reap(at(8)).await,
        1,
        "nobody else will ever end this attempt"
    );
    assert_eq!(store.detail(2).await.summary.status, JobStatus::Retrying);
}

/// A claim whose answer was lost is an attempt that its worker does not know of when it retires.
pub async fn an_attempt_that_a_retired_worker_forgot_is_reaped(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    store.retire("w").await;
    assert_eq!(
        store.reap(at(6)).await,
        1,
        "nobody else will ever end this attempt"
    );
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Retrying);
}

/// The usual end of a worker, also when it is told twice.
pub async fn a_retired_worker_without_attempts_leaves_nothing_to_reap(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, completed()).await;
    store.retire("w").await;
    store.retire("w").await;
    store.retire("never seen").await;
    assert_eq!(store.reap(at(LATER + 1)).await, 0);
}

/// Names of workers may be used again.
pub async fn a_retired_worker_may_come_back(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, completed()).await;
    store.retire("w").await;
    store.run(2, 1, "w", 9).await;
    assert_eq!(store.reap(at(6)).await, 0);
    store.apply(result(2, 1, "w", at(10), completed())).await;
}

/// Every processor runs a reaper.
pub async fn concurrent_reapers_count_a_crash_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 1..=40 {
        doomed(&store, number, 1, "dead").await;
    }
    let mut reapers = JoinSet::new();
    for _ in 0..4 {
        let store = store.clone();
        reapers.spawn(async move { store.reap(at(6)).await });
    }
    assert_eq!(reapers.join_all().await.into_iter().sum::<usize>(), 40);
    for number in 1..=40 {
        assert_eq!(store.detail(number).await.crashes, 1);
        assert_eq!(store.history(number).await.len(), 3);
    }
}
