//! Jobs that are not to run before a moment.

use std::collections::BTreeSet;

use contracts::{EventType, JobStatus};
use domain::JobEvent;
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::support::{
    LATER, Store, StoreHarness, Turn, announced, at, at_micros, claims_of, completed, dispatched, id, job,
    kinds, published, result, started, ticket, waits,
};
use crate::{Claim, Dispatch, NewJob};

use EventType::{Completed, Created, Executed, Scheduled};

/// Job `number`, not before second 100.
fn later(number: u64) -> NewJob {
    until(number, at(100))
}

fn until(number: u64, run_at: Timestamp) -> NewJob {
    NewJob {
        run_at: Some(run_at),
        ..job(number)
    }
}

/// A store in which the messages of jobs `1..=count` have come, at second 1.
async fn waiting(harness: &StoreHarness, count: u64) -> Store {
    let store = Store::fresh(harness).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    for claim in turn.announce((1..=count).map(later).collect(), 1).await {
        waits(claim);
    }
    store
}

/// SCHEDULED until its time, whether the ledger or the work message is first; the event leaves with the message.
pub async fn a_job_for_later_is_scheduled(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![later(1)]).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    let answers = turn.announce(vec![later(1), later(2)], 1).await;
    for (number, claim) in (1..).zip(answers) {
        let events = waits(claim);
        let detail = store.detail(number).await;
        assert_eq!(kinds(&detail.history), [(Created, 0), (Scheduled, 0)]);
        assert_eq!(events, detail.history[1..]);
        assert_eq!((events[0].at, events[0].run_at), (at(1), Some(at(100))));
        let summary = detail.summary;
        assert_eq!((summary.status, summary.attempt), (JobStatus::Scheduled, 0));
        assert_eq!((summary.wake_at, summary.held), (Some(at(100)), None));
        assert_eq!(summary.updated_at, at(1));
    }
    assert!(store.outbox().await.is_empty());
}

/// A submission that was repeated with a delay names another moment each time; that of the job that is stored counts,
/// whichever message asks.
pub async fn the_moment_of_the_stored_job_counts(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    for (number, other) in (1..).zip([Some(at(99)), Some(at(101)), Some(at(0)), None]) {
        store.admit(vec![later(number)]).await;
        let repeated = NewJob {
            run_at: other,
            ..job(number)
        };
        let events = waits(turn.announce(vec![repeated], 1).await.remove(0));
        assert_eq!(events[0].run_at, Some(at(100)), "asked with {other:?}");
        assert_eq!(store.wake_at(number).await, Some(at(100)));
    }
}

/// A moment that has come is no reason to wait.
pub async fn a_job_whose_time_has_come_starts_at_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    let answers = turn.announce(vec![until(1, at(5)), until(2, at(-1000))], 5).await;
    assert_eq!(claims_of(&answers), [id(1), id(2)]);
    assert_eq!(store.history(1).await, [(Created, 0), (Executed, 1)]);
}

/// Neither before its time nor after, and whoever asks gets the event to publish.
pub async fn a_fresh_duplicate_does_not_start_a_scheduled_job(harness: &StoreHarness) {
    let store = waiting(harness, 1).await;
    let before = store.detail(1).await;
    for (claim, second) in [(2, 1), (90, 50), (91, 100), (92, 5000)] {
        let ticket = ticket("w", claim, at(second));
        let events = published(store.claim_one(&ticket, announced(later(1))).await);
        assert_eq!(events, before.history[1..], "at second {second}");
    }
    assert_eq!(store.detail(1).await, before);
}

/// To the microsecond, for the first attempt, and not again before somebody says so.
pub async fn a_scheduled_job_is_taken_when_due_and_not_before(harness: &StoreHarness) {
    let store = waiting(harness, 1).await;
    assert!(store.due(at_micros(99_999_999)).await.is_empty());
    let taken = store.take_due(at(100), at(105), 10).await;
    let expected = Dispatch {
        job: later(1).into(),
        attempt: 1,
    };
    assert_eq!(taken, [expected]);
    assert!(store.take_due(at(104), at(200), 10).await.is_empty());
    assert_eq!(store.take_due(at(105), at(200), 10).await, taken);
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Scheduled);
}

/// Every processor runs a scheduler.
pub async fn a_scheduled_job_is_taken_by_one_of_several_schedulers_only(harness: &StoreHarness) {
    let store = waiting(harness, 200).await;
    let mut schedulers = JoinSet::new();
    for _ in 0..4 {
        let store = store.clone();
        schedulers.spawn(async move {
            let mut all = Vec::new();
            for _ in 0..20 {
                all.extend(store.take_due(at(100), at(LATER), 10).await);
            }
            all
        });
    }
    let all = schedulers.join_all().await.concat();
    let ids: BTreeSet<_> = all.iter().map(|dispatch| dispatch.job.id).collect();
    assert_eq!((all.len(), ids.len()), (200, 200));
}

/// The scheduler's clock has said that it is time.
pub async fn the_dispatch_starts_a_scheduled_job_even_if_the_workers_clock_is_behind(harness: &StoreHarness) {
    let store = waiting(harness, 1).await;
    store.due(at(100)).await;
    let begun = store
        .start(&ticket("w", 90, at(42)), dispatched(later(1), 1))
        .await;
    assert_eq!((begun.attempt, begun.failures, begun.event.at), (1, 0, at(42)));
    store.apply(result(1, 1, "w", at(110), completed())).await;
    let told = [(Created, 0), (Scheduled, 0), (Executed, 1), (Completed, 1)];
    assert_eq!(store.history(1).await, told);
    assert!(store.outbox().await.is_empty(), "every event had a message");
}

/// Two dispatches of one attempt: the second finds it held, and the event of the wait is safe in the outbox.
pub async fn a_scheduled_job_that_is_dispatched_twice_starts_once(harness: &StoreHarness) {
    let store = waiting(harness, 1).await;
    started(
        store
            .claim_one(&ticket("w", 90, at(100)), dispatched(later(1), 1))
            .await,
    );
    let again = store
        .claim_one(&ticket("w", 91, at(100)), dispatched(later(1), 1))
        .await;
    assert_eq!(again, Claim::Held);
    assert!(store.outbox_of(1).await.contains(&(Scheduled, 0)));
}

/// The message of a job for later was lost, or waits in a long queue: the row is looked at again, but not so that the
/// job starts before its time.
pub async fn a_job_for_later_that_nobody_claimed_is_not_dispatched_before_its_time(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit_until(vec![later(1), job(2)], at(5)).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    assert_eq!(turn.take(6).await, [id(2)]);
    assert!(turn.take(99).await.is_empty());
    assert_eq!(turn.take(400).await, [id(1)]);
}

/// To the microsecond, up to the end of time.
pub async fn a_job_for_a_far_day_keeps_its_moment(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let moments = [
        at_micros(100_000_001),
        "9999-12-30T22:00:00.999999Z".parse().unwrap_or(Timestamp::MAX),
    ];
    let mut turn = Turn::new(&store, "w", 1).await;
    for (number, run_at) in (1..).zip(moments) {
        let claim = turn.announce(vec![until(number, run_at)], 1).await.remove(0);
        let run_ats: Vec<_> = waits(claim).iter().map(|event: &JobEvent| event.run_at).collect();
        assert_eq!(run_ats, [Some(run_at)]);
        assert_eq!(store.wake_at(number).await, Some(run_at));
    }
}

/// A crash brings no job forward and loses none.
pub async fn scheduled_jobs_survive_a_crash(harness: &StoreHarness) {
    let store = waiting(harness, 3).await;
    let before = store.detail(2).await;
    let store = store.reopen(harness).await;
    assert_eq!(store.detail(2).await, before);
    assert!(store.due(at(99)).await.is_empty());
    let mut turn = Turn::new(&store, "w", 50).await;
    let begun: BTreeSet<_> = turn.take(100).await.into_iter().collect();
    assert_eq!(begun, (1..=3).map(id).collect());
}
