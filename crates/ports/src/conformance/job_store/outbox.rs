//! Events that no message carries.

use std::collections::BTreeSet;

use contracts::EventType;
use uuid::Uuid;

use super::support::{
    LATER, Store, StoreHarness, at, completed, failed, id, job, result, retry, ticket, wish,
};
use crate::conformance::wait::within;
use crate::{Claim, OutboxEntry, Post};

use EventType::{Completed, Executed, Retrying};

/// A running job whose message was acknowledged on behalf of its holder.
async fn held(store: &Store, number: u64) {
    store.run(number, 1, "w", number * 10).await;
    let claim = store
        .claim_one(&ticket("other", number * 10 + 1, at(2)), wish(number, 1))
        .await;
    assert_eq!(claim, Claim::Held);
}

/// Once a job's events leave through the outbox they all do, also after later attempts.
pub async fn a_held_jobs_later_events_reach_the_outbox(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    held(&store, 1).await;
    store.apply(result(1, 1, "w", at(10), retry(at(20)))).await;
    assert_eq!(store.outbox_of(1).await, [(Executed, 1), (Retrying, 1)]);
    store.run(1, 2, "w", 50).await;
    store.apply(result(1, 2, "w", at(30), completed())).await;
    assert_eq!(store.outbox_of(1).await.last(), Some(&(Completed, 2)));
    let told = store.transitions().await;
    let history = store.detail(1).await.history;
    assert!(
        told.iter().all(|event| history.contains(event)),
        "the events as they happened"
    );
}

/// A repeated result is no new event.
pub async fn a_repeated_result_does_not_fill_the_outbox(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    held(&store, 1).await;
    for _ in 0..3 {
        store.apply(result(1, 1, "w", at(10), completed())).await;
    }
    assert_eq!(store.outbox_of(1).await, [(Executed, 1), (Completed, 1)]);
}

/// A broker that redelivers for an hour may not fill the disk.
pub async fn held_again_and_again_does_not_fill_the_outbox(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    held(&store, 1).await;
    for claim in 100..110 {
        assert_eq!(
            store.claim_one(&ticket("other", claim, at(3)), wish(1, 1)).await,
            Claim::Held
        );
    }
    assert_eq!(store.outbox_of(1).await, [(Executed, 1)]);
}

/// The relay is for what has no message: everything else would be published twice for nothing.
pub async fn jobs_with_messages_of_their_own_stay_out_of_the_outbox(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(1), job(4)]).await;
    store.finish(1, completed()).await;
    store.finish(2, retry(at(20))).await;
    store.due(at(20)).await;
    store.run(2, 2, "w", 50).await;
    store.apply(result(2, 2, "w", at(30), failed())).await;
    store.claim_one(&ticket("w", 51, at(40)), wish(1, 1)).await;
    assert_eq!(store.outbox().await, []);
}

/// Oldest first, under growing numbers, and no more than asked for.
pub async fn the_oldest_events_come_first(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 1..=10 {
        held(&store, number).await;
    }
    store.apply(result(3, 1, "w", at(10), completed())).await;
    let all = store.outbox().await;
    let expected: Vec<_> = (1..=10).chain([3]).map(id).collect();
    assert_eq!(all.iter().map(job_of).collect::<Vec<_>>(), expected);
    assert!(all.is_sorted_by(|a, b| a.seq < b.seq), "numbers grow");
    let first = within("reading the outbox", store.0.outbox(4)).await;
    assert_eq!(first, all[..4]);
}

/// What is published goes; what is not stays.
pub async fn cleared_events_stay_cleared(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 1..=6 {
        held(&store, number).await;
    }
    let all = store.outbox().await;
    let (even, odd): (Vec<_>, Vec<_>) = all.into_iter().partition(|entry| entry.seq % 2 == 0);
    store.clear(seqs(&even)).await;
    assert_eq!(store.outbox().await, odd);
    held(&store, 7).await;
    let left = store.outbox().await;
    assert_eq!(left[..odd.len()], odd);
    assert_eq!((left.len(), job_of(&left[odd.len()])), (odd.len() + 1, id(7)));
    store.clear(seqs(&left)).await;
    assert_eq!(store.outbox().await, []);
    let used: BTreeSet<u64> = seqs(&even).into_iter().chain(seqs(&left)).collect();
    held(&store, 8).await;
    let last = store.outbox().await;
    assert!(
        last.iter().all(|entry| !used.contains(&entry.seq)),
        "a number that was cleared is not used again"
    );
}

fn job_of(entry: &OutboxEntry) -> Uuid {
    match &entry.post {
        Post::Event(event) => event.job_id,
        Post::Created(job) => job.id,
    }
}

fn seqs(entries: &[OutboxEntry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

/// Clearing is repeated when its answer was lost, and two relays may clear the same events.
pub async fn clearing_what_is_not_there_is_no_error(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    held(&store, 1).await;
    let all = seqs(&store.outbox().await);
    store.clear(Vec::new()).await;
    assert_eq!(store.outbox().await.len(), 1);
    store.clear(all.clone()).await;
    store.clear([all, vec![LATER.unsigned_abs()]].concat()).await;
    assert_eq!(store.outbox().await, []);
}
