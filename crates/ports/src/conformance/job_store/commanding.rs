//! Commands on many jobs, and jobs that are forgotten.

use std::collections::BTreeSet;

use contracts::{EventType, JobStatus};
use domain::JobEvent;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::support::{
    LATER, Store, StoreHarness, Turn, announced, at, claims_of, completed, dispatched, failed, id, job, jobs,
    keyed, retry, ticket, wish,
};
use crate::{Claim, Command, CommandOutcome, NewJob, Reserved};

use Command::{Cancel, Delete, Retry};
use CommandOutcome::{Conflict, Done, Requested, Unknown};

const ALL: [Command; 3] = [Cancel, Retry, Delete];

fn ids(numbers: impl IntoIterator<Item = u64>) -> Vec<Uuid> {
    numbers.into_iter().map(id).collect()
}

/// Whatever one wants of it.
pub async fn a_job_that_is_not_there_is_unknown(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(1..2)).await;
    for command in ALL {
        assert_eq!(store.command(2, command, 5).await, Unknown);
        assert!(store.command_ids(Vec::new(), command, at(5)).await.is_empty());
    }
    assert_eq!(store.find(2).await, None);
    assert!(store.outbox().await.is_empty());
}

/// Only what has ended; and what is gone is unknown.
pub async fn an_ended_job_can_be_forgotten(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(1..2)).await;
    store.run(2, 1, "w", 100).await;
    store.finish(3, retry(at(20))).await;
    store.finish(4, completed()).await;
    store.finish(5, failed()).await;
    let outcomes = store.command_ids(ids(1..=5), Delete, at(30)).await;
    let kept = [JobStatus::Pending, JobStatus::Executing, JobStatus::Retrying].map(Conflict);
    assert_eq!(outcomes, [&kept[..], &[Done, Done]].concat());
    assert_eq!(store.find(4).await, None);
    assert_eq!(store.found("").await, ids([3, 2, 1]));
    assert_eq!(store.command(4, Delete, 31).await, Unknown);
    assert_eq!(store.command(5, Retry, 31).await, Unknown);
    assert!(store.outbox().await.is_empty(), "nothing has happened to anybody");
}

/// Its events are still to be published.
pub async fn events_of_a_forgotten_job_stay_in_the_outbox(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(1..2)).await;
    store.command(1, Cancel, 5).await;
    assert_eq!(store.command(1, Delete, 6).await, Done);
    let store = store.reopen(harness).await;
    assert_eq!(store.find(1).await, None);
    assert_eq!(store.outbox_of(1).await, [(EventType::Cancelled, 0)]);
}

/// The message that announces it is still on its way: it comes to nothing, however often and late.
pub async fn the_message_of_a_forgotten_job_does_not_bring_it_back(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(1..2)).await;
    store.command(1, Cancel, 5).await;
    assert_eq!(store.command(1, Delete, 6).await, Done);
    let mut turn = Turn::new(&store, "w", 100).await;
    for second in [10, 20] {
        store.admit(jobs(1..2)).await;
        for wish in [announced(job(1)), dispatched(job(1), 1)] {
            assert_eq!(turn.claim(vec![wish], second).await, [Claim::Passed(Vec::new())]);
        }
        assert_eq!(store.find(1).await, None);
    }
    drop(turn);
    let store = store.reopen(harness).await;
    store.admit(jobs(1..3)).await;
    assert_eq!(store.found("").await, ids([2]));
}

/// A job with a log and a key leaves nothing behind that another one could fall over.
pub async fn a_forgotten_job_is_gone_from_every_list(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let tagged = NewJob {
        tags: vec!["eu".to_owned()],
        ..keyed(1, "k")
    };
    store.admit(vec![tagged]).await;
    store.finish(1, failed()).await;
    store.command(1, Delete, 20).await;
    for text in [
        "",
        "type:echo",
        "state:failed",
        "tag:eu",
        "key:k",
        "error~luck",
        "echo",
    ] {
        assert!(store.found(text).await.is_empty(), "{text}");
    }
    assert_eq!(store.reserve_one("k", 2, 21).await, Reserved::Yours);
    assert!(store.due(at(LATER)).await.is_empty());
    assert_eq!(store.prune(at(LATER)).await, 0);
}

/// Every answer stands where its job stood, and each wish finds what the one before has left.
pub async fn a_batch_of_commands_is_answered_in_order(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(1..3)).await;
    store.run(3, 1, "w", 100).await;
    store.finish(4, completed()).await;
    let batch = ids([4, 1, 9, 3, 1, 2, 3]);
    let outcomes = store.command_ids(batch, Cancel, at(12)).await;
    let cancelled = Conflict(JobStatus::Cancelled);
    let completed = Conflict(JobStatus::Completed);
    assert_eq!(
        outcomes,
        [completed, Done, Unknown, Requested, cancelled, Done, Requested]
    );
    let outcomes = store.command_ids(ids([2, 2, 3]), Retry, at(13)).await;
    let (retrying, executing) = (JobStatus::Retrying, JobStatus::Executing);
    assert_eq!(outcomes, [Done, Conflict(retrying), Conflict(executing)]);
    let events: Vec<_> = store
        .transitions()
        .await
        .iter()
        .map(|event| event.job_id)
        .collect();
    assert_eq!(events, ids([1, 2, 2]));
}

/// As many as a page of a list has, each with its event once.
pub async fn five_hundred_jobs_are_commanded_at_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(0..500)).await;
    for (command, second) in [(Cancel, 10), (Retry, 20), (Cancel, 30), (Delete, 40)] {
        let outcomes = store.command_ids(ids(0..500), command, at(second)).await;
        assert_eq!(outcomes, vec![Done; 500], "{command:?}");
    }
    let events: BTreeSet<_> = store.transitions().await.iter().map(JobEvent::id).collect();
    let entries = store.outbox_up_to(100_000).await;
    assert_eq!((events.len(), entries.len()), (1_500, 1_500));
    assert!(entries.is_sorted_by(|a, b| a.seq < b.seq));
    assert!(store.found("").await.is_empty());
}

/// Several clients want the same at once: one of them does it.
pub async fn one_of_many_concurrent_commands_is_done(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(0..50)).await;
    for (command, found) in [(Cancel, JobStatus::Cancelled), (Retry, JobStatus::Retrying)] {
        let mut clients = JoinSet::new();
        for _ in 0..4 {
            let store = store.clone();
            clients.spawn(async move { store.command_ids(ids(0..50), command, at(10)).await });
        }
        let outcomes = clients.join_all().await.concat();
        let done = outcomes.iter().filter(|outcome| **outcome == Done).count();
        let late = outcomes
            .iter()
            .filter(|outcome| **outcome == Conflict(found))
            .count();
        assert_eq!((done, late), (50, 150), "{command:?}");
    }
    assert_eq!(store.outbox().await.len(), 100);
}

/// A cancel and a claim at once: either the job never starts, or its worker is told.
pub async fn a_cancel_and_a_claim_at_once_agree(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(0..100)).await;
    store.heartbeat("w", at(LATER)).await;
    let wishes = (0..100).map(|number| wish(number, 1)).collect();
    let call = ticket("w", 7, at(1));
    let (claims, outcomes) = tokio::join!(
        store.claim(&call, wishes),
        store.command_ids(ids(0..100), Cancel, at(1)),
    );
    let begun = claims_of(&claims);
    for (job, outcome) in ids(0..100).into_iter().zip(outcomes) {
        let expected = if begun.contains(&job) { Requested } else { Done };
        assert_eq!(outcome, expected);
    }
    let told = store.cancellations("w").await;
    assert_eq!(told.len(), begun.len());
    assert!(
        told.iter()
            .all(|(job, attempt)| begun.contains(job) && *attempt == 1)
    );
}
