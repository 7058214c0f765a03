//! Jobs that wait for their time.

use std::collections::BTreeSet;
use std::sync::Arc;

use contracts::{JobStatus, Priority};
use tokio::task::JoinSet;

use super::support::{
    LATER, Store, StoreHarness, at, at_micros, completed, failed, id, job, jobs, result, retry,
};
use crate::{Dispatch, NewJob};

/// To the microsecond, and as the job that was created.
pub async fn a_retry_is_taken_when_due_and_not_before(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let described = NewJob {
        traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()),
        tags: vec!["a".to_owned(), "\u{1f980}".to_owned()],
        ..job(1)
    };
    store.admit(vec![described.clone()]).await;
    store.finish(1, retry(at(20))).await;
    assert!(store.due(at_micros(19_999_999)).await.is_empty());
    assert_eq!(
        store.due(at(20)).await,
        [Dispatch {
            job: Arc::new(described),
            attempt: 2
        }]
    );
}

/// Taking moves the wake-up.
pub async fn a_job_is_not_taken_twice(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    assert_eq!(store.take_due(at(20), at(50), 10).await.len(), 1);
    assert_eq!(store.wake_at(1).await, Some(at(50)));
    for second in [20, 49] {
        assert!(
            store.take_due(at(second), at(100), 10).await.is_empty(),
            "at second {second}"
        );
    }
}

/// A dispatch that was lost on its way is repeated, for the same attempt.
pub async fn a_taken_job_comes_again_if_nobody_starts_it(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    for second in [20, 50, 80] {
        let taken = store.take_due(at(second), at(second + 30), 10).await;
        assert_eq!(taken.len(), 1, "at second {second}");
        assert_eq!(taken[0].attempt, 2);
    }
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Retrying);
}

/// Once its dispatch is durable, a job need not be looked at again soon.
pub async fn a_dispatched_job_can_be_put_off(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    let taken = store.take_due(at(20), at(25), 10).await;
    store.put_off(&taken, at(300)).await;
    assert!(store.take_due(at(26), at(30), 10).await.is_empty());
    assert_eq!(store.take_due(at(300), at(600), 10).await.len(), 1);
}

/// Putting off comes late where a worker was quicker: what runs is not due, and its next pause is its own.
pub async fn a_job_that_was_started_is_not_put_off(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    let taken = store.take_due(at(20), at(25), 10).await;
    store.run(1, 2, "w", 9).await;
    store.put_off(&taken, at(300)).await;
    assert_eq!(store.wake_at(1).await, None);
    store.apply(result(1, 2, "w", at(30), retry(at(40)))).await;
    store.put_off(&taken, at(300)).await;
    assert_eq!(store.wake_at(1).await, Some(at(40)));
    store.run(1, 3, "w", 10).await;
    store.apply(result(1, 3, "w", at(50), completed())).await;
    let unknown = Dispatch {
        job: Arc::new(job(2)),
        attempt: 1,
    };
    store.put_off(&[taken, vec![unknown]].concat(), at(300)).await;
    assert!(store.due(at(LATER)).await.is_empty());
}

/// A `job.created` that no worker ever saw.
pub async fn an_admitted_job_that_nobody_started_is_dispatched(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit_until(jobs(1..4), at(300)).await;
    assert!(store.due(at(299)).await.is_empty());
    let taken = store.take_due(at(300), at(600), 10).await;
    assert_eq!(numbers_of(&taken), (1..4).map(id).collect());
    assert!(taken.iter().all(|dispatch| dispatch.attempt == 1));
    assert_eq!(store.wake_at(1).await, Some(at(600)));
}

fn numbers_of(taken: &[Dispatch]) -> BTreeSet<uuid::Uuid> {
    let ids: BTreeSet<_> = taken.iter().map(|dispatch| dispatch.job.id).collect();
    assert_eq!(ids.len(), taken.len(), "a job was taken twice");
    ids
}

/// Starting a job is the end of its waiting.
pub async fn running_and_finished_jobs_are_never_due(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit_until(jobs(0..6), at(5)).await;
    store.run(1, 1, "w", 10).await;
    store.finish(2, completed()).await;
    store.finish(3, failed()).await;
    store.finish(4, retry(at(20))).await;
    store.run(4, 2, "w", 11).await;
    store.finish(5, retry(at(20))).await;
    store.run(5, 2, "w", 12).await;
    store.apply(result(5, 2, "w", at(30), completed())).await;
    assert_eq!(numbers_of(&store.due(at(LATER)).await), BTreeSet::from([id(0)]));
}

/// The limit holds, and what is left comes with the next calls.
pub async fn no_more_are_taken_than_asked_for(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit_until(jobs(0..25), at(5)).await;
    let mut all = Vec::new();
    for expected in [10, 10, 5, 0] {
        let taken = store.take_due(at(6), at(LATER), 10).await;
        assert_eq!(taken.len(), expected);
        all.extend(taken);
    }
    assert_eq!(numbers_of(&all).len(), 25);
}

/// Where not all can go at once, those that matter most go first; the others follow.
pub async fn those_of_a_higher_priority_are_taken_first(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let of = |number: u64| NewJob {
        priority: Priority::ALL[usize::try_from(number % 3).unwrap_or(0)],
        ..job(number)
    };
    store.admit_until((0..9).rev().map(of).collect(), at(5)).await;
    for residue in 0..3 {
        let taken = store.take_due(at(6), at(LATER), 3).await;
        let expected: BTreeSet<_> = [residue, residue + 3, residue + 6].map(id).into();
        assert_eq!(numbers_of(&taken), expected, "turn {residue}");
    }
}

/// Every processor runs a scheduler.
pub async fn concurrent_takers_never_take_the_same_job(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit_until(jobs(0..200), at(5)).await;
    let mut takers = JoinSet::new();
    for _ in 0..4 {
        let store = store.clone();
        takers.spawn(async move {
            let mut all = Vec::new();
            for _ in 0..20 {
                all.extend(store.take_due(at(6), at(LATER), 10).await);
            }
            all
        });
    }
    let all = takers.join_all().await.concat();
    assert_eq!(numbers_of(&all).len(), 200);
}
