//! What becomes of a result.

use contracts::{EventType, JobStatus};
use domain::{JobEvent, Outcome};
use tokio::task::JoinSet;

use super::support::{
    LATER, Store, StoreHarness, at, completed, event_of, failed, id, job, result, retry, ticket, wish,
};
use crate::Recorded;

use EventType::{Completed, Created, Executed, Failed, Retrying};

/// The event that ends attempt 1 of job 1, by `w` at second 10.
fn ending(event_type: EventType, error: Option<&str>) -> JobEvent {
    JobEvent {
        attempt: 1,
        worker: Some("w".to_owned()),
        error: error.map(str::to_owned),
        run_micros: Some(1_500_000),
        ..event_of(1, event_type, at(10))
    }
}

/// COMPLETED, with the handler's answer.
pub async fn a_completed_attempt_ends_the_job(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    assert_eq!(store.finish(1, completed()).await, ending(Completed, None));
    let detail = store.detail(1).await;
    assert_eq!(
        (detail.summary.status, detail.summary.error),
        (JobStatus::Completed, None)
    );
    assert_eq!(
        (detail.summary.updated_at, detail.summary.run_micros),
        (at(10), Some(1_500_000))
    );
    assert_eq!(
        (detail.result.as_deref(), detail.summary.wake_at),
        (Some("{\"ok\":true}"), None)
    );
    assert_eq!((detail.failures, detail.crashes), (0, 0));
    assert_eq!(detail.history[2], ending(Completed, None));
}

/// FAILED, with the reason.
pub async fn a_failed_attempt_ends_the_job(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    assert_eq!(store.finish(1, failed()).await, ending(Failed, Some("no luck")));
    let detail = store.detail(1).await;
    assert_eq!(
        (detail.summary.status, detail.summary.error.as_deref()),
        (JobStatus::Failed, Some("no luck"))
    );
    assert_eq!(
        (detail.result, detail.summary.wake_at, detail.failures),
        (None, None, 1)
    );
}

/// RETRYING until the time that the worker named.
pub async fn a_retry_waits_for_its_time(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let event = store.finish(1, retry(at(20))).await;
    assert_eq!(
        event,
        JobEvent {
            run_at: Some(at(20)),
            ..ending(Retrying, Some("try again"))
        }
    );
    let detail = store.detail(1).await;
    let summary = &detail.summary;
    assert_eq!(
        (summary.status, summary.error.as_deref()),
        (JobStatus::Retrying, Some("try again"))
    );
    assert_eq!(
        (detail.summary.wake_at, detail.failures, summary.attempt),
        (Some(at(20)), 1, 1)
    );
    store.run(1, 2, "w", 50).await;
    store.apply(result(1, 2, "w", at(30), completed())).await;
    let summary = store.detail(1).await.summary;
    assert_eq!(
        (summary.status, summary.error),
        (JobStatus::Completed, None),
        "the last attempt went well"
    );
}

/// A worker that stops is nobody's failure.
pub async fn a_job_handed_back_counts_no_failure(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let event = store.finish(1, Outcome::HandedBack { run_at: at(11) }).await;
    assert_eq!((event.event_type, event.run_at), (Retrying, Some(at(11))));
    let detail = store.detail(1).await;
    assert_eq!(
        (detail.failures, detail.crashes, detail.summary.wake_at),
        (0, 0, Some(at(11)))
    );
    assert_eq!(detail.summary.status, JobStatus::Retrying);
}

/// An answer that was lost is given again, and counts nothing twice.
pub async fn a_repeated_result_gets_the_same_answer(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for (number, outcome) in (1..).zip([
        completed(),
        failed(),
        retry(at(20)),
        Outcome::HandedBack { run_at: at(20) },
    ]) {
        let event = store.finish(number, outcome.clone()).await;
        let before = store.detail(number).await;
        for _ in 0..2 {
            let again = store
                .record_one(result(number, 1, "w", at(10), outcome.clone()))
                .await;
            assert_eq!(again, Some(event.clone()), "{outcome:?}");
        }
        assert_eq!(store.detail(number).await, before, "{outcome:?}");
    }
}

/// Even when the next attempt has begun or ended: its own event is in the history.
pub async fn a_result_repeated_much_later_gets_the_same_answer(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let event = store.finish(1, retry(at(20))).await;
    let again = || store.record_one(result(1, 1, "w", at(10), retry(at(20))));
    store.run(1, 2, "w", 50).await;
    assert_eq!(again().await, Some(event.clone()));
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Executing);
    store.apply(result(1, 2, "w", at(30), completed())).await;
    assert_eq!(again().await, Some(event));
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Completed);
    assert_eq!(
        store.history(1).await,
        [
            (Created, 0),
            (Executed, 1),
            (Retrying, 1),
            (Executed, 2),
            (Completed, 2)
        ]
    );
}

/// A duplicated message may have run twice under one token.
pub async fn the_same_result_twice_in_a_batch_is_applied_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    let done = result(1, 1, "w", at(10), retry(at(20)));
    let recorded = store.record(vec![done.clone(), done]).await;
    let told: Vec<_> = recorded.into_iter().map(told).collect();
    assert_eq!(told, [Some((id(1), Retrying)); 2]);
    assert_eq!(store.detail(1).await.failures, 1);
}

/// The first result under a token is the only one.
pub async fn a_contradicting_result_is_stale(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, completed()).await;
    let before = store.detail(1).await;
    for outcome in [failed(), retry(at(30)), Outcome::HandedBack { run_at: at(30) }] {
        assert_eq!(store.record_one(result(1, 1, "w", at(11), outcome)).await, None);
    }
    assert_eq!(store.detail(1).await, before);
}

/// Fencing: an attempt that was given up may not end the next one.
pub async fn an_old_token_is_stale(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    store.run(1, 2, "w", 50).await;
    let before = store.detail(1).await;
    for attempt in [0, 1, 3] {
        assert_eq!(
            store
                .record_one(result(1, attempt, "w", at(30), completed()))
                .await,
            None
        );
    }
    assert_eq!(store.detail(1).await, before);
    store.apply(result(1, 2, "w", at(31), completed())).await;
}

/// Only who holds the attempt may end it.
pub async fn another_workers_result_is_stale(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    let before = store.detail(1).await;
    assert_eq!(
        store.record_one(result(1, 1, "W", at(10), completed())).await,
        None
    );
    assert_eq!(store.detail(1).await, before);
}

/// Retention may have been faster than a sleeper.
pub async fn an_unknown_jobs_result_is_stale(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    assert_eq!(
        store.record_one(result(1, 1, "w", at(10), completed())).await,
        None
    );
    store.admit(vec![job(2)]).await;
    assert_eq!(
        store.record_one(result(2, 0, "w", at(10), completed())).await,
        None
    );
    assert_eq!(
        store.record_one(result(2, 1, "w", at(10), completed())).await,
        None
    );
    assert_eq!(store.find(1).await, None);
    assert_eq!(store.detail(2).await.summary.status, JobStatus::Pending);
}

/// Good and bad results share a batch without harm to either.
pub async fn results_are_applied_in_order(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let wishes = (1..=3).map(|number| wish(number, 1)).collect();
    store.heartbeat("w", at(LATER)).await;
    store.claim(&ticket("w", 7, at(1)), wishes).await;
    let results = vec![
        result(3, 1, "w", at(10), failed()),
        result(9, 1, "w", at(10), completed()),
        result(1, 1, "w", at(10), completed()),
        result(1, 1, "w", at(11), failed()),
        result(2, 1, "w", at(10), retry(at(20))),
    ];
    let told: Vec<_> = store.record(results).await.into_iter().map(told).collect();
    let applied = |number, kind| Some((id(number), kind));
    assert_eq!(
        told,
        [
            applied(3, Failed),
            None,
            applied(1, Completed),
            None,
            applied(2, Retrying)
        ]
    );
    assert!(store.record(Vec::new()).await.is_empty());
}

fn told(recorded: Recorded) -> Option<(uuid::Uuid, EventType)> {
    match recorded {
        Recorded::Applied { event, .. } => Some((event.job_id, event.event_type)),
        Recorded::Stale => None,
    }
}

/// Contradicting results at once: one stands, whichever.
pub async fn one_of_many_concurrent_results_stands(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 1..=20 {
        store.run(number, 1, "w", number).await;
    }
    let mut calls = JoinSet::new();
    for outcome in [completed(), failed(), retry(at(20))] {
        let store = store.clone();
        let results = (1..=20)
            .map(|number| result(number, 1, "w", at(10), outcome.clone()))
            .collect();
        calls.spawn(async move { store.record(results).await });
    }
    let applied = calls
        .join_all()
        .await
        .concat()
        .into_iter()
        .filter_map(told)
        .count();
    assert_eq!(applied, 20, "one result stands for each job");
    for number in 1..=20 {
        assert_eq!(store.history(number).await.len(), 3);
    }
}
