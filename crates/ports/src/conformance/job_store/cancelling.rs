//! Jobs that a client withdraws.

use contracts::{EventType, JobStatus};
use domain::{AttemptResult, CRASH_LIMIT, JobEvent, Outcome, event_id};

use super::support::{
    LATER, Store, StoreHarness, Turn, announced, at, completed, failed, id, job, jobs, kinds, published,
    result, retry, ticket, waits, wish,
};
use crate::{Claim, Command, CommandOutcome, NewJob};

use CommandOutcome::{Conflict, Done, Requested};
use EventType::{Cancelled, Completed, Created, Executed, Failed, Retrying, Scheduled};

async fn cancel(store: &Store, number: u64, second: i64) -> CommandOutcome {
    store.command(number, Command::Cancel, second).await
}

/// Asserts that job `number` was withdrawn at second 12 and that its event, after `before`, is in the outbox once.
async fn assert_withdrawn(store: &Store, number: u64, before: &[(EventType, u32)]) {
    let detail = store.detail(number).await;
    let attempt = detail.summary.attempt;
    assert_eq!(kinds(&detail.history), [before, &[(Cancelled, attempt)]].concat());
    assert_eq!(
        (detail.summary.status, detail.summary.wake_at),
        (JobStatus::Cancelled, None)
    );
    assert_eq!((detail.summary.held, detail.cancelling), (None, false));
    assert_eq!(detail.summary.updated_at, at(12));
    let event = detail.history.last();
    assert_eq!(event.map(|event| (event.at, event.run_at)), Some((at(12), None)));
    let told = store.transitions().await;
    let own = |told: &&JobEvent| told.event_type == Cancelled && told.job_id == id(number);
    assert_eq!(told.iter().filter(own).collect::<Vec<_>>(), Vec::from_iter(event));
}

/// PENDING, SCHEDULED, RETRYING: at once, and nothing starts it any more.
pub async fn a_waiting_job_is_cancelled_at_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut turn = Turn::new(&store, "w", 1_000).await;
    let later = NewJob {
        run_at: Some(at(500)),
        ..job(2)
    };
    store.admit(vec![job(1)]).await;
    waits(turn.announce(vec![later], 1).await.remove(0));
    store.finish(3, retry(at(500))).await;
    store.finish(4, Outcome::HandedBack { run_at: at(500) }).await;
    for number in 1..=4 {
        let before = store.history(number).await;
        assert_eq!(cancel(&store, number, 12).await, Done);
        assert_withdrawn(&store, number, &before).await;
        for attempt in 1..=3 {
            let claim = store
                .claim_one(&ticket("w", 50, at(600)), wish(number, attempt))
                .await;
            assert!(matches!(claim, Claim::Passed(_)), "{claim:?}");
        }
    }
    assert_eq!(
        store.history(2).await,
        [(Created, 0), (Scheduled, 0), (Cancelled, 0)]
    );
    assert!(store.due(at(LATER)).await.is_empty());
}

/// Its message comes late: it is acknowledged, and the end that it missed is published again.
pub async fn the_message_of_a_cancelled_job_starts_nothing(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(1)]).await;
    cancel(&store, 1, 12).await;
    let claim = store.claim_one(&ticket("w", 7, at(20)), announced(job(1))).await;
    let told = published(claim);
    assert_eq!(told, store.detail(1).await.history[1..]);
    assert_eq!(
        (told[0].id(), told[0].at),
        (event_id(id(1), 0, Cancelled), at(12))
    );
}

/// Its worker hears of it until it has ended, and nobody else does.
pub async fn a_running_job_is_cancelled_by_way_of_its_worker(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    store.run(2, 1, "w", 8).await;
    store.run(3, 1, "v", 9).await;
    assert!(store.cancellations("w").await.is_empty());
    for _ in 0..2 {
        assert_eq!(cancel(&store, 1, 12).await, Requested);
        assert_eq!(store.cancellations("w").await, [(id(1), 1)]);
    }
    assert_eq!(cancel(&store, 3, 12).await, Requested);
    assert_eq!(store.cancellations("v").await, [(id(3), 1)]);
    assert!(store.cancellations("nobody").await.is_empty());
    let detail = store.detail(1).await;
    assert!(detail.cancelling && detail.summary.status == JobStatus::Executing);
    assert_eq!(kinds(&detail.history), [(Created, 0), (Executed, 1)]);
    assert!(store.outbox().await.is_empty(), "nothing has happened yet");
    let reason = "stopped".to_owned();
    let event = store
        .apply(result(1, 1, "w", at(20), Outcome::Cancelled { reason }))
        .await;
    assert_eq!(
        (event.event_type, event.error.as_deref()),
        (Cancelled, Some("stopped"))
    );
    assert!(store.cancellations("w").await.is_empty());
    assert!(!store.detail(1).await.cancelling);
    assert_eq!(store.cancellations("v").await, [(id(3), 1)]);
}

/// The token says which attempt is meant; a later attempt of another worker is told to that one.
pub async fn cancellations_name_the_attempt(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    store.run(1, 2, "v", 50).await;
    cancel(&store, 1, 30).await;
    assert!(store.cancellations("w").await.is_empty());
    assert_eq!(store.cancellations("v").await, [(id(1), 2)]);
}

/// What it came to counts: done is done, failed is failed, and what would go on does not.
pub async fn an_attempt_may_end_in_any_way_after_a_cancel(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let reason = "stopped".to_owned();
    let ends = [
        (completed(), Completed, JobStatus::Completed),
        (failed(), Failed, JobStatus::Failed),
        (retry(at(20)), Cancelled, JobStatus::Cancelled),
        (
            Outcome::HandedBack { run_at: at(20) },
            Cancelled,
            JobStatus::Cancelled,
        ),
        (Outcome::Cancelled { reason }, Cancelled, JobStatus::Cancelled),
    ];
    for (number, (outcome, kind, status)) in (1..).zip(ends) {
        store.run(number, 1, "w", number).await;
        cancel(&store, number, 5).await;
        let ended = result(number, 1, "w", at(10), outcome.clone());
        let event = store.apply(ended.clone()).await;
        assert_eq!((event.event_type, event.attempt, event.run_at), (kind, 1, None));
        assert_eq!(event.error.as_deref(), outcome.error());
        let detail = store.detail(number).await;
        assert_eq!((detail.summary.status, detail.summary.wake_at), (status, None));
        assert_eq!((detail.cancelling, detail.history.last()), (false, Some(&event)));
        assert_again(&store, ended, &event).await;
        assert_eq!(cancel(&store, number, 11).await, Conflict(status));
    }
    assert!(store.cancellations("w").await.is_empty());
    assert!(store.due(at(LATER)).await.is_empty());
    assert!(store.outbox().await.is_empty(), "the workers have the events");
}

/// The same result again gets the same answer, although its outcome would have been another event.
async fn assert_again(store: &Store, ended: AttemptResult, event: &JobEvent) {
    let before = store.find_id(ended.job_id).await;
    assert_eq!(store.record_one(ended.clone()).await.as_ref(), Some(event));
    assert_eq!(store.find_id(ended.job_id).await, before);
}

/// A handler may find out for itself that its job is not wanted, without anybody's command.
pub async fn a_worker_may_end_an_attempt_as_cancelled(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let reason = "the order is gone".to_owned();
    let event = store.finish(1, Outcome::Cancelled { reason }).await;
    assert_eq!((event.event_type, event.attempt), (Cancelled, 1));
    let detail = store.detail(1).await;
    assert_eq!(
        (detail.summary.status, detail.failures),
        (JobStatus::Cancelled, 0)
    );
    assert_eq!(detail.summary.error.as_deref(), Some("the order is gone"));
}

/// Nobody is left to end it, so the death does.
pub async fn the_death_of_its_worker_ends_a_job_that_is_to_be_cancelled(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.heartbeat("dead", at(11)).await;
    store.start(&ticket("dead", 7, at(1)), wish(1, 1)).await;
    cancel(&store, 1, 5).await;
    assert_eq!(store.reap(at(12)).await, 1);
    assert_withdrawn(&store, 1, &[(Created, 0), (Executed, 1)]).await;
    let detail = store.detail(1).await;
    assert!(detail.crashes < CRASH_LIMIT && detail.crashes == 1);
    assert!(store.cancellations("dead").await.is_empty());
    let late = result(1, 1, "dead", at(13), completed());
    assert_eq!(store.record_one(late).await, None, "it comes too late");
    assert!(store.due(at(LATER)).await.is_empty());
}

/// Each job is withdrawn once; the second time says what it finds.
pub async fn a_repeated_cancel_says_what_it_finds(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(1..2)).await;
    store.finish(2, completed()).await;
    store.finish(3, failed()).await;
    assert_eq!(cancel(&store, 1, 12).await, Done);
    assert_eq!(cancel(&store, 1, 13).await, Conflict(JobStatus::Cancelled));
    assert_eq!(cancel(&store, 2, 13).await, Conflict(JobStatus::Completed));
    assert_eq!(cancel(&store, 3, 13).await, Conflict(JobStatus::Failed));
    assert_withdrawn(&store, 1, &[(Created, 0)]).await;
    assert_eq!(store.history(2).await.len(), 3);
}

/// A wish that was answered is durable, whether it is done or only asked for.
pub async fn cancels_survive_a_crash(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(1..2)).await;
    store.run(2, 1, "w", 7).await;
    cancel(&store, 1, 12).await;
    cancel(&store, 2, 12).await;
    let store = store.reopen(harness).await;
    assert_withdrawn(&store, 1, &[(Created, 0)]).await;
    assert_eq!(store.cancellations("w").await, [(id(2), 1)]);
    let event = store.apply(result(2, 1, "w", at(20), retry(at(30)))).await;
    assert_eq!(event.event_type, Cancelled);
    let store = store.reopen(harness).await;
    assert!(store.cancellations("w").await.is_empty());
    assert_eq!(store.detail(2).await.summary.status, JobStatus::Cancelled);
    assert!(!store.history(2).await.contains(&(Retrying, 1)));
}
