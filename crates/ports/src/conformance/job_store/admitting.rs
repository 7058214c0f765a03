//! Storing jobs that nobody has started.

use contracts::{EventType, JobStatus};
use tokio::task::JoinSet;

use super::support::{LATER, Store, StoreHarness, at, completed, id, job, jobs};
use crate::NewJob;

const CREATED: [(EventType, u32); 1] = [(EventType::Created, 0)];

/// The first description of a job is the one that counts.
pub async fn a_job_is_admitted_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(1)]).await;
    let changed = NewJob {
        job_type: "sleep".to_owned(),
        body: "{}".into(),
        accepted_at: at(9),
        ..job(1)
    };
    store.admit_until(vec![changed], at(5)).await;
    let detail = store.detail(1).await;
    assert_eq!(
        (detail.summary.job_type.as_str(), &detail.body),
        ("echo", &job(1).body)
    );
    assert_eq!(detail.summary.wake_at, Some(at(LATER)));
    assert_eq!(store.history(1).await, CREATED);
    assert_eq!(listed(&store).await, 1);
}

async fn listed(store: &Store) -> usize {
    store.found("").await.len()
}

/// Duplicates within one call are duplicates.
pub async fn the_same_job_twice_in_a_batch_is_admitted_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(1), job(2), job(1)]).await;
    assert_eq!(listed(&store).await, 2);
    assert_eq!(store.history(1).await, CREATED);
}

/// The ledger may be slower than the workers.
pub async fn admitting_leaves_a_claimed_job_alone(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    let before = store.detail(1).await;
    store.admit_until(vec![job(1), job(2)], at(5)).await;
    assert_eq!(store.detail(1).await, before);
    assert_eq!(store.detail(2).await.summary.status, JobStatus::Pending);
}

/// Nor does a late ledger message wake the dead.
pub async fn admitting_leaves_a_finished_job_alone(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, completed()).await;
    let before = store.detail(1).await;
    store.admit_until(vec![job(1)], at(5)).await;
    assert_eq!(store.detail(1).await, before);
    assert!(store.due(at(LATER)).await.is_empty());
}

/// An empty batch succeeds.
pub async fn admitting_nothing_is_no_error(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(Vec::new()).await;
    assert_eq!(listed(&store).await, 0);
}

/// Overlapping batches of several ledgers do not trip over one another.
pub async fn concurrent_admissions_of_one_job_store_it_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut ledgers = JoinSet::new();
    for ledger in 0..6 {
        let store = store.clone();
        ledgers.spawn(async move {
            let mut batch = jobs(0..40);
            batch.rotate_left(ledger * 7);
            store.admit(batch).await;
        });
    }
    ledgers.join_all().await;
    assert_eq!(listed(&store).await, 40);
    for number in 0..40 {
        assert_eq!(store.history(number).await, CREATED, "of {}", id(number));
    }
}
