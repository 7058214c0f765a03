//! What survives a crash.

use contracts::JobStatus;

use super::support::{
    LATER, Store, StoreHarness, at, completed, failed, id, job, jobs, query, result, retry, ticket, wish,
};
use crate::Claim;

/// An admission that was answered is durable.
pub async fn admitted_jobs_survive_a_crash(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit_until(jobs(0..50), at(5)).await;
    let before = store.detail(7).await;
    let store = store.reopen(harness).await;
    assert_eq!(store.detail(7).await, before);
    assert_eq!(store.due(at(5)).await.len(), 50);
}

/// The attempt goes on where its worker does: the token is still good.
pub async fn running_attempts_survive_a_crash(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    let before = store.detail(1).await;
    let store = store.reopen(harness).await;
    assert_eq!(store.detail(1).await, before);
    assert_eq!(
        store.claim_one(&ticket("v", 8, at(2)), wish(1, 1)).await,
        Claim::Held
    );
    store.apply(result(1, 1, "w", at(10), completed())).await;
}

/// A result that was answered is durable, with its event.
pub async fn results_survive_a_crash(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut ended = Vec::new();
    for (number, outcome) in (1..).zip([completed(), failed(), retry(at(20))]) {
        ended.push((
            number,
            outcome.clone(),
            store.finish(number, outcome).await,
            store.detail(number).await,
        ));
    }
    let store = store.reopen(harness).await;
    for (number, outcome, event, detail) in ended {
        assert_eq!(store.detail(number).await, detail);
        let again = store.record_one(result(number, 1, "w", at(10), outcome)).await;
        assert_eq!(again, Some(event));
        assert_eq!(store.detail(number).await, detail);
    }
}

/// A crash kills no worker that still has a lease, and saves none that has not.
pub async fn leases_survive_a_crash(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "alive", 7).await;
    store.heartbeat("dead", at(5)).await;
    store.start(&ticket("dead", 8, at(1)), wish(2, 1)).await;
    let store = store.reopen(harness).await;
    assert_eq!(store.reap(at(4)).await, 0);
    assert_eq!(store.reap(at(6)).await, 1);
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Executing);
    let store = store.reopen(harness).await;
    assert_eq!(store.detail(2).await.crashes, 1);
    assert_eq!(store.reap(at(6)).await, 0);
}

/// Order, numbers and gaps of the outbox are durable.
pub async fn the_outbox_survives_a_crash(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 1..=6 {
        store.run(number, 1, "w", number * 10).await;
        let held = store
            .claim_one(&ticket("v", number * 10 + 1, at(2)), wish(number, 1))
            .await;
        assert_eq!(held, Claim::Held);
    }
    let all = store.outbox().await;
    store.clear(vec![all[1].seq, all[4].seq]).await;
    let before = store.outbox().await;
    assert_eq!(before.len(), 4);
    let store = store.reopen(harness).await;
    assert_eq!(store.outbox().await, before);
    store.apply(result(2, 1, "w", at(10), completed())).await;
    let after = store.outbox().await;
    assert_eq!(after.len(), 5, "the job is still marked for the relay");
    assert_eq!(after[..4], before);
}

/// The scheduler that took it may have published it.
pub async fn a_due_job_stays_taken_after_a_crash(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    assert_eq!(store.take_due(at(20), at(50), 10).await.len(), 1);
    let store = store.reopen(harness).await;
    assert!(store.due(at(49)).await.is_empty());
    assert_eq!(store.due(at(50)).await.len(), 1);
}

/// The call's answer may have been lost with the store.
pub async fn a_claim_repeated_after_a_crash_gets_the_same_answer(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let (ticket, wishes) = (ticket("w", 7, at(1)), vec![wish(1, 1), wish(2, 1)]);
    store.heartbeat("w", at(LATER)).await;
    let first = store.claim(&ticket, wishes.clone()).await;
    let store = store.reopen(harness).await;
    assert_eq!(store.claim(&ticket, wishes).await, first);
}

/// A reader does not notice, and arrival goes on where it was.
pub async fn cursors_survive_a_crash(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(0)]).await;
    store.admit(vec![job(1)]).await;
    store.admit(vec![job(2)]).await;
    let all = query("");
    let first = store.list(&all, None, 1).await;
    let store = store.reopen(harness).await;
    store.admit(vec![job(3)]).await;
    assert!(first.next.is_some(), "two more are there");
    let rest = store.read_from(&all, at(LATER), first.next, 10).await;
    assert_eq!(rest.iter().map(|job| job.id).collect::<Vec<_>>(), [1, 0].map(id));
    assert_eq!(store.found("").await[0], id(3));
}
