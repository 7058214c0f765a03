//! Unique keys of jobs that are there: from admission to the end.

use contracts::JobStatus;
use domain::CRASH_LIMIT;
use domain::limits::Hold;

use super::support::{
    LATER, Store, StoreHarness, Turn, announced, at, claims_of, completed, dispatched, failed, id, keyed,
    most_at_once, retry, ticket, waits,
};
use crate::{Claim, ClaimRequest, Command, CommandOutcome, NewJob, Reserved};

use Reserved::{HeldBy, Yours};

const HELD: (JobStatus, Option<Hold>) = (JobStatus::Pending, Some(Hold::Unique));

/// A store in which job 1 runs under the key `k`, and job 2 waits for it.
async fn waiting(harness: &StoreHarness) -> (Store, Turn) {
    let store = Store::fresh(harness).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    let answers = turn.announce(vec![keyed(1, "k"), keyed(2, "k")], 1).await;
    assert_eq!(claims_of(&answers), [id(1)]);
    assert_eq!(answers[1], Claim::Waits(Vec::new()));
    (store, turn)
}

/// Without a reservation too: the ledger and the work message may be faster than whoever bypassed the door.
pub async fn a_job_owns_its_key_from_its_admission(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![keyed(1, "k")]).await;
    assert_eq!(store.reserve_one("k", 2, 1).await, HeldBy(id(1)));
    assert_eq!(store.reserve_one("k", 1, 1).await, Yours);
    let later = NewJob {
        run_at: Some(at(500)),
        ..keyed(3, "later")
    };
    let mut turn = Turn::new(&store, "w", 1).await;
    waits(turn.announce(vec![later], 1).await.remove(0));
    assert_eq!(store.reserve_one("later", 4, 200).await, HeldBy(id(3)));
}

/// Held back with its reason, passed over by the scheduler, and not started by anybody's message.
pub async fn a_second_job_under_a_key_waits(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness).await;
    store.admit(vec![keyed(3, "k")]).await;
    for number in [2, 3] {
        assert_eq!(store.state(number).await, HELD);
    }
    assert!(turn.take(LATER).await.is_empty());
    let messages = [
        announced(keyed(2, "k")),
        dispatched(keyed(2, "k"), 1),
        announced(keyed(3, "k")),
    ];
    for message in messages {
        assert!(claims_of(&turn.claim(vec![message], 50).await).is_empty());
    }
    assert_eq!(store.found("held:unique").await, [id(3), id(2)]);
    assert_eq!(store.reserve_one("k", 9, 60).await, HeldBy(id(1)));
}

/// It waits for both, its time and its key, whichever is first.
pub async fn a_job_for_later_under_a_taken_key_waits_for_both(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let later = |number, key| NewJob {
        run_at: Some(at(500)),
        ..keyed(number, key)
    };
    let mut turn = Turn::new(&store, "w", 1).await;
    turn.announce(vec![keyed(1, "soon"), keyed(2, "late")], 1).await;
    store.admit(vec![later(3, "soon")]).await;
    turn.announce(vec![later(3, "soon"), later(4, "late")], 2).await;
    turn.end(1, 1, 50, completed()).await;
    assert!(turn.take(50).await.is_empty(), "its time has not come");
    assert!(turn.take(499).await.is_empty(), "its time has not come");
    assert_eq!(turn.take_all(500).await, [id(3)]);
    assert!(turn.take(600).await.is_empty(), "its key is taken");
    turn.end(2, 1, 700, completed()).await;
    assert_eq!(turn.take_all(700).await, [id(4)]);
}

/// One after the other, in the order of arrival, each let go by the end of the one before.
pub async fn jobs_under_a_key_run_one_after_the_other(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness).await;
    turn.announce(vec![keyed(3, "k"), keyed(4, "k")], 2).await;
    for number in 1..4 {
        assert!(
            turn.end(number, 1, 10, completed()).await,
            "{} may start",
            number + 1
        );
        assert_eq!(turn.take_all(10).await, [id(number + 1)]);
    }
    assert!(!turn.end(4, 1, 11, completed()).await, "nobody waits");
    assert_eq!(store.reserve_one("k", 9, 12).await, Yours);
}

/// A job that was let go has the key already: nobody slips in before it starts.
pub async fn the_key_goes_to_the_job_that_is_let_go(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness).await;
    turn.end(1, 1, 10, completed()).await;
    assert_eq!(store.state(2).await, (JobStatus::Pending, None));
    assert_eq!(store.reserve_one("k", 9, 10).await, HeldBy(id(2)));
    assert_eq!(
        turn.announce(vec![keyed(8, "k")], 10).await,
        [Claim::Waits(Vec::new())]
    );
    assert_eq!(turn.take_all(10).await, [id(2)]);
}

/// COMPLETED and FAILED release the key; RETRYING does not.
pub async fn a_key_is_released_by_an_end_and_not_by_a_retry(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness).await;
    assert!(!turn.end(1, 1, 10, retry(at(20))).await);
    assert!(turn.take(19).await.is_empty());
    assert_eq!(store.reserve_one("k", 9, 19).await, HeldBy(id(1)));
    assert_eq!(turn.take_all(20).await, [id(1)]);
    assert!(turn.end(1, 2, 30, failed()).await);
    assert_eq!(turn.take_all(30).await, [id(2)]);
    turn.end(2, 1, 40, completed()).await;
    assert_eq!(store.reserve_one("k", 9, 40).await, Yours);
}

/// Cancelled where it waits, and cancelled while it runs.
pub async fn a_key_is_released_by_a_cancelling(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness).await;
    turn.announce(vec![keyed(3, "k"), keyed(4, "k")], 2).await;
    assert_eq!(store.command(3, Command::Cancel, 5).await, CommandOutcome::Done);
    assert_eq!(
        store.command(1, Command::Cancel, 5).await,
        CommandOutcome::Requested
    );
    assert_eq!(store.reserve_one("k", 9, 5).await, HeldBy(id(1)), "it runs still");
    turn.end(1, 1, 10, retry(at(20))).await;
    assert_eq!(store.command(2, Command::Cancel, 11).await, CommandOutcome::Done);
    assert_eq!(turn.take_all(11).await, [id(4)]);
    turn.end(4, 1, 12, completed()).await;
    assert_eq!(store.reserve_one("k", 9, 13).await, Yours);
}

/// A job that kills its workers does not keep its key.
pub async fn a_key_is_released_by_a_quarantine(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for attempt in 1..=CRASH_LIMIT {
        let now = i64::from(attempt) * 10;
        let worker = format!("dead-{attempt}");
        store.heartbeat(&worker, at(now)).await;
        let request = ClaimRequest {
            attempt,
            dispatched: attempt > 1,
            ..announced(keyed(1, "k"))
        };
        let ticket = ticket(&worker, u64::from(attempt), at(now));
        store.start(&ticket, request).await;
        store.admit(vec![keyed(2, "k")]).await;
        assert_eq!(store.state(2).await, HELD);
        assert_eq!(store.reap(at(now + 1)).await, 1);
    }
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Quarantined);
    let mut turn = Turn::new(&store, "w", 50).await;
    assert_eq!(turn.take_all(40).await, [id(2)]);
}

/// A waiting job that is withdrawn leaves the queue for the key, and takes nothing with it.
pub async fn a_waiting_job_that_is_cancelled_does_not_release_the_key(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness).await;
    assert_eq!(store.command(2, Command::Cancel, 5).await, CommandOutcome::Done);
    assert_eq!(store.reserve_one("k", 9, 6).await, HeldBy(id(1)));
    assert!(!turn.end(1, 1, 10, completed()).await, "nobody waits any more");
    assert!(turn.take(LATER).await.is_empty());
    assert_eq!(store.reserve_one("k", 9, 11).await, Yours);
}

/// It takes its key again, or waits for whoever has it by now.
pub async fn a_revived_job_takes_its_key_again_or_waits(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    turn.announce(vec![keyed(1, "k")], 1).await;
    turn.end(1, 1, 10, failed()).await;
    assert_eq!(store.command(1, Command::Retry, 11).await, CommandOutcome::Done);
    assert_eq!(store.reserve_one("k", 2, 11).await, HeldBy(id(1)));
    assert_eq!(turn.take_all(11).await, [id(1)]);
    turn.end(1, 2, 12, failed()).await;
    assert_eq!(claims_of(&turn.announce(vec![keyed(2, "k")], 13).await), [id(2)]);
    assert_eq!(store.command(1, Command::Retry, 14).await, CommandOutcome::Done);
    assert!(turn.take_all(15).await.is_empty());
    assert_eq!(store.state(1).await, (JobStatus::Retrying, Some(Hold::Unique)));
    assert_eq!(store.reserve_one("k", 9, 15).await, HeldBy(id(2)));
    assert!(turn.end(2, 1, 20, completed()).await);
    assert_eq!(turn.take_all(20).await, [id(1)]);
}

/// Owners and those that wait are told apart after a crash as before.
pub async fn keys_survive_a_crash(harness: &StoreHarness) {
    let (store, turn) = waiting(harness).await;
    drop(turn);
    let store = store.reopen(harness).await;
    let turn = Turn::new(&store, "w", 50).await;
    assert_eq!(store.reserve_one("k", 9, 500).await, HeldBy(id(1)));
    assert_eq!(store.state(2).await, HELD);
    assert!(turn.end(1, 1, 600, completed()).await);
    drop(turn);
    let store = store.reopen(harness).await;
    let mut turn = Turn::new(&store, "w", 70).await;
    assert_eq!(store.reserve_one("k", 9, 600).await, HeldBy(id(2)));
    assert_eq!(turn.take_all(600).await, [id(2)]);
}

/// Whatever arrives at once under one key, never two run at a time, and all of them run.
pub async fn concurrent_jobs_under_a_key_never_run_together(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let jobs = (0..40).map(|number| keyed(number, "k")).collect();
    assert_eq!(most_at_once(&store, jobs).await, 1);
    assert_eq!(store.found("state:completed key:k").await.len(), 40);
}
