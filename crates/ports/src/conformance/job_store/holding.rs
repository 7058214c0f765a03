//! Jobs that are held back by a pause.

use contracts::{EventType, JobStatus};
use domain::limits::{Hold, Limits};

use super::support::{
    LATER, Store, StoreHarness, Turn, announced, at, claims_of, completed, id, job, jobs, jobs_of, paused,
    published, query, result, retry, ticket, waits,
};
use crate::{Command, CommandOutcome};

const HELD: (JobStatus, Option<Hold>) = (JobStatus::Pending, Some(Hold::Paused));

/// A store in which `echo` is paused and jobs `1..=count` of it wait.
async fn waiting(harness: &StoreHarness, count: u64) -> (Store, Turn) {
    let store = Store::fresh(harness).await;
    store.set_limits("echo", paused()).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    for claim in turn.announce(jobs(1..count + 1), 1).await {
        assert!(waits(claim).is_empty(), "nothing has happened to the job");
    }
    (store, turn)
}

/// Known before or not, a job of a paused type waits, without an event; others do not.
pub async fn a_paused_type_holds_its_jobs_back(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(1)]).await;
    store.set_limits("echo", paused()).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    let batch = [jobs(1..3), jobs_of("sleep", 3..4)].concat();
    let mut answers = turn.announce(batch, 1).await;
    assert_eq!(claims_of(&answers.split_off(2)), [id(3)]);
    for claim in answers {
        assert!(waits(claim).is_empty());
    }
    for number in [1, 2] {
        assert_eq!(store.state(number).await, HELD);
        assert_eq!(store.history(number).await, [(EventType::Created, 0)]);
    }
    assert!(
        turn.take(LATER).await.is_empty(),
        "the scheduler passes them over"
    );
}

/// What is announced again waits on.
pub async fn a_fresh_duplicate_does_not_start_a_held_job(harness: &StoreHarness) {
    let (store, _) = waiting(harness, 1).await;
    store.set_limits("echo", paused()).await;
    for claim in [2, 70] {
        let again = store
            .claim_one(&ticket("w", claim, at(2)), announced(job(1)))
            .await;
        assert!(published(again).is_empty());
        assert_eq!(store.state(1).await, HELD);
    }
}

/// Whoever resumes lets go what waits, in the order of its arrival.
pub async fn a_resumed_type_starts_what_waited(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 5).await;
    store.set_limits("echo", Limits::default()).await;
    assert_eq!(turn.take_all(2).await, (1..=5).map(id).collect::<Vec<_>>());
    for number in 1..=5 {
        assert_eq!(store.state(number).await, (JobStatus::Executing, None));
        turn.end(number, 1, 10, completed()).await;
    }
}

/// All types, known or not.
pub async fn a_pause_of_everything_holds_every_job_back(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.pause_all(true).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    let batch = [jobs(1..3), jobs_of("sleep", 3..5)].concat();
    for claim in turn.announce(batch, 1).await {
        waits(claim);
    }
    assert!(turn.take(LATER).await.is_empty());
    assert_eq!(store.state(4).await, HELD);
    store.pause_all(false).await;
    assert_eq!(turn.take_all(3).await.len(), 4);
}

/// Both pauses have to end.
pub async fn a_type_stays_paused_when_everything_is_resumed(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 2).await;
    store.pause_all(true).await;
    assert!(turn.take(2).await.is_empty());
    store.pause_all(false).await;
    assert!(turn.take(3).await.is_empty());
    store.pause_all(true).await;
    store.set_limits("echo", Limits::default()).await;
    assert!(turn.take(4).await.is_empty());
    store.pause_all(false).await;
    assert_eq!(turn.take_all(5).await.len(), 2);
}

/// What runs goes on; the attempt that follows waits.
pub async fn a_pause_stops_no_attempt_and_holds_the_next_one_back(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 1).await;
    store.set_limits("echo", paused()).await;
    store.apply(result(1, 1, "w", at(10), retry(at(20)))).await;
    let mut turn = Turn::new(&store, "w", 10).await;
    assert!(turn.take(20).await.is_empty());
    assert!(turn.take(500).await.is_empty());
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Retrying);
    store.set_limits("echo", Limits::default()).await;
    assert_eq!(turn.take_all(501).await, [id(1)]);
    assert_eq!(store.detail(1).await.summary.attempt, 2);
}

/// A job for later whose time comes during a pause waits, and is let go by whoever resumes.
pub async fn a_scheduled_job_whose_time_comes_in_a_pause_waits(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.set_limits("echo", paused()).await;
    let later = crate::NewJob {
        run_at: Some(at(50)),
        ..job(1)
    };
    let mut turn = Turn::new(&store, "w", 1).await;
    assert_eq!(waits(turn.announce(vec![later], 1).await.remove(0)).len(), 1);
    assert!(turn.take(50).await.is_empty());
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Scheduled);
    store.set_limits("echo", Limits::default()).await;
    assert_eq!(turn.take_all(51).await, [id(1)]);
}

/// In the job itself, in lists, and to whoever asks for it.
pub async fn a_held_job_says_why(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 2).await;
    turn.announce(jobs_of("sleep", 3..4), 1).await;
    let listed = store.read(&query("state:pending"), 10).await;
    assert_eq!(listed.len(), 2);
    for summary in &listed {
        assert_eq!(summary.held, Some(Hold::Paused));
    }
    for text in ["held:paused", "state:held", "held:rate,paused type:echo"] {
        assert_eq!(store.found(text).await, [id(2), id(1)], "{text}");
    }
    assert!(store.found("held:concurrency,rate,unique").await.is_empty());
    assert_eq!(store.detail(1).await.summary, listed[1]);
}

/// Withdrawn for good: whoever resumes finds nothing.
pub async fn a_held_job_can_be_cancelled(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 2).await;
    assert_eq!(store.command(1, Command::Cancel, 5).await, CommandOutcome::Done);
    assert_eq!(store.state(1).await, (JobStatus::Cancelled, None));
    assert_eq!(store.outbox_of(1).await, [(EventType::Cancelled, 0)]);
    store.set_limits("echo", Limits::default()).await;
    assert_eq!(turn.take_all(6).await, [id(2)]);
}

/// Jobs and limits alike.
pub async fn holds_survive_a_crash(harness: &StoreHarness) {
    let (store, turn) = waiting(harness, 3).await;
    drop(turn);
    let before = store.detail(2).await;
    let store = store.reopen(harness).await;
    assert_eq!(store.detail(2).await, before);
    let mut turn = Turn::new(&store, "w", 50).await;
    assert!(turn.take(LATER).await.is_empty());
    assert!(waits(turn.announce(vec![job(4)], 2).await.remove(0)).is_empty());
    store.set_limits("echo", Limits::default()).await;
    let store = store.reopen(harness).await;
    let mut turn = Turn::new(&store, "w", 60).await;
    assert_eq!(turn.take_all(3).await, (1..=4).map(id).collect::<Vec<_>>());
}
