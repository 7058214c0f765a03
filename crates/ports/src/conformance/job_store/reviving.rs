//! Jobs that a client revives after their end.

use std::collections::BTreeSet;

use contracts::{EventType, JobStatus};
use domain::{CRASH_LIMIT, JobEvent, Outcome, event_id_in_round};
use uuid::Uuid;

use super::support::{
    Store, StoreHarness, Turn, announced, at, completed, failed, id, job, jobs, kinds, published, result,
    retry, ticket, wish,
};
use crate::{Claim, Command, CommandOutcome};

use CommandOutcome::{Conflict, Done};
use EventType::{Cancelled, Completed, Created, Executed, Failed, Quarantined, Retrying};

async fn revive(store: &Store, number: u64, second: i64) -> CommandOutcome {
    store.command(number, Command::Retry, second).await
}

async fn quarantine(store: &Store, number: u64) {
    for attempt in 1..=CRASH_LIMIT {
        store.heartbeat("dead", at(0)).await;
        let claim = number * 100 + u64::from(attempt);
        store
            .start(&ticket("dead", claim, at(0)), wish(number, attempt))
            .await;
        assert_eq!(store.reap(at(1)).await, 1);
    }
}

/// A store with jobs 1 to 4: failed, cancelled before it ran, cancelled while it ran, quarantined; after them the
/// attempts that they have used.
async fn ended(harness: &StoreHarness) -> (Store, [u32; 4]) {
    let store = Store::fresh(harness).await;
    store.finish(1, failed()).await;
    store.admit(vec![job(2)]).await;
    store.command(2, Command::Cancel, 10).await;
    let reason = "stopped".to_owned();
    store.finish(3, Outcome::Cancelled { reason }).await;
    quarantine(&store, 4).await;
    (store, [1, 0, 1, CRASH_LIMIT])
}

/// A new round: due at once, with nothing counted but its attempts, and told in the outbox.
pub async fn an_ended_job_without_a_result_is_revived(harness: &StoreHarness) {
    let (store, attempts) = ended(harness).await;
    for (number, attempt) in (1..).zip(attempts) {
        let before = kinds(&store.detail(number).await.history);
        assert_eq!(revive(&store, number, 20).await, Done);
        let detail = store.detail(number).await;
        let summary = &detail.summary;
        assert_eq!((summary.status, summary.attempt), (JobStatus::Retrying, attempt));
        assert_eq!((summary.wake_at, summary.updated_at), (Some(at(20)), at(20)));
        assert_eq!((detail.round, detail.failures, detail.crashes), (1, 0, 0));
        assert_eq!(
            kinds(&detail.history),
            [before, vec![(Retrying, attempt)]].concat()
        );
        let event = &detail.history[detail.history.len() - 1];
        assert_eq!((event.round, event.at), (1, at(20)));
        assert_eq!(event.id(), event_id_in_round(id(number), attempt, Retrying, 1));
        assert_eq!(told(&store, event.id()).await, std::slice::from_ref(event));
    }
}

/// The events of the outbox under an identifier.
async fn told(store: &Store, event_id: Uuid) -> Vec<JobEvent> {
    let all = store.transitions().await.into_iter();
    all.filter(|event| event.id() == event_id).collect()
}

/// The next attempt is the scheduler's to ask for, and goes as if there had been none before.
pub async fn a_revived_job_runs_again(harness: &StoreHarness) {
    let (store, attempts) = ended(harness).await;
    let mut turn = Turn::new(&store, "v", 5_000).await;
    for (number, attempt) in (1..).zip(attempts) {
        revive(&store, number, 20).await;
        let taken = store.take_due(at(20), at(300), 10).await;
        assert_eq!(taken.len(), 1, "{taken:?}");
        assert_eq!((taken[0].job.id, taken[0].attempt), (id(number), attempt + 1));
        let started = match turn.dispatch(taken, 21).await.remove(0) {
            Claim::Started(started) => started,
            other => panic!("a revived job is not started: {other:?}"),
        };
        assert_eq!((started.attempt, started.failures), (attempt + 1, 0));
        assert_eq!(started.event.round, 1);
        let end = store
            .apply(result(number, attempt + 1, "v", at(30), completed()))
            .await;
        assert_eq!((end.round, end.attempt), (1, attempt + 1));
        let detail = store.detail(number).await;
        assert_eq!((detail.summary.status, detail.round), (JobStatus::Completed, 1));
        assert_eq!(revive(&store, number, 31).await, Conflict(JobStatus::Completed));
    }
}

/// Neither the message that announced it nor a dispatch of before.
pub async fn an_old_message_does_not_start_a_revived_job(harness: &StoreHarness) {
    let (store, attempts) = ended(harness).await;
    for (number, attempt) in (1..).zip(attempts) {
        revive(&store, number, 20).await;
        let before = store.detail(number).await;
        let announcement = store
            .claim_one(&ticket("w", 900, at(25)), announced(job(number)))
            .await;
        published(announcement);
        if attempt > 0 {
            published(
                store
                    .claim_one(&ticket("w", 901, at(25)), wish(number, attempt))
                    .await,
            );
        }
        assert_eq!(store.detail(number).await, before);
    }
}

/// Round after round, each with an end of its own that nobody takes for another one.
pub async fn a_job_can_be_revived_again_and_again(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut turn = Turn::new(&store, "w", 100).await;
    store.finish(1, failed()).await;
    for round in 1..=3 {
        let second = 100 * i64::from(round);
        assert_eq!(revive(&store, 1, second).await, Done);
        assert_eq!(turn.take_all(second).await, [id(1)]);
        let end = store
            .apply(result(1, round + 1, "w", at(second + 1), failed()))
            .await;
        assert_eq!((end.round, end.event_type), (round, Failed));
        let detail = store.detail(1).await;
        assert_eq!((detail.round, detail.failures), (round, 1));
    }
    let history = store.detail(1).await.history;
    let rounds: Vec<_> = history.iter().map(|event| event.round).collect();
    assert_eq!(rounds, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
    let ids: BTreeSet<_> = history.iter().map(JobEvent::id).collect();
    assert_eq!(
        ids.len(),
        history.len(),
        "each event has an identifier of its own"
    );
    assert_eq!(
        store
            .outbox_of(1)
            .await
            .iter()
            .filter(|event| event.0 == Retrying)
            .count(),
        3
    );
}

/// Withdrawn before its first attempt, twice: two ends with the same attempt, told apart by their round.
pub async fn a_job_can_be_cancelled_in_every_round(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(1)]).await;
    for round in 0..3 {
        assert_eq!(store.command(1, Command::Cancel, round * 10).await, Done);
        assert_eq!(revive(&store, 1, round * 10 + 5).await, Done);
    }
    let history = store.detail(1).await.history;
    let expected: Vec<_> = [(Created, 0)]
        .into_iter()
        .chain([(Cancelled, 0), (Retrying, 0)].repeat(3))
        .collect();
    assert_eq!(kinds(&history), expected);
    let ids: BTreeSet<_> = history.iter().map(JobEvent::id).collect();
    assert_eq!(ids.len(), history.len());
    let told: Vec<_> = store.transitions().await.iter().map(JobEvent::id).collect();
    assert_eq!(told, history[1..].iter().map(JobEvent::id).collect::<Vec<_>>());
}

/// Failures and deaths of before do not shorten the new round.
pub async fn a_revived_job_has_all_its_chances_again(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    quarantine(&store, 1).await;
    revive(&store, 1, 20).await;
    for crash in 1..=CRASH_LIMIT {
        store.heartbeat("dead", at(25)).await;
        let attempt = CRASH_LIMIT + crash;
        store
            .start(&ticket("dead", 500 + u64::from(crash), at(21)), wish(1, attempt))
            .await;
        assert_eq!(store.reap(at(26)).await, 1);
        assert_eq!(store.detail(1).await.crashes, crash);
    }
    let last = store.history(1).await.pop();
    assert_eq!(last, Some((Quarantined, 2 * CRASH_LIMIT)));
}

/// Only what has ended without a result; the second time finds it waiting.
pub async fn a_job_that_has_not_ended_or_has_a_result_is_not_revived(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(1..2)).await;
    store.run(2, 1, "w", 7).await;
    store.finish(3, retry(at(20))).await;
    store.finish(4, completed()).await;
    store.finish(5, failed()).await;
    assert_eq!(revive(&store, 5, 20).await, Done);
    let found = [
        (1, JobStatus::Pending),
        (2, JobStatus::Executing),
        (3, JobStatus::Retrying),
        (4, JobStatus::Completed),
        (5, JobStatus::Retrying),
    ];
    for (number, status) in found {
        let before = store.detail(number).await;
        assert_eq!(revive(&store, number, 21).await, Conflict(status));
        assert_eq!(store.detail(number).await, before);
    }
    assert_eq!(store.transitions().await.len(), 1);
}

/// A result of the round before is repeated because its answer was lost.
pub async fn a_result_of_an_earlier_round_gets_its_answer_and_changes_nothing(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let event = store.finish(1, failed()).await;
    revive(&store, 1, 20).await;
    let before = store.detail(1).await;
    let again = || store.record_one(result(1, 1, "w", at(10), failed()));
    assert_eq!(again().await, Some(event.clone()));
    assert_eq!(store.detail(1).await, before);
    store.run(1, 2, "w", 50).await;
    assert_eq!(again().await, Some(event));
    let end = store.apply(result(1, 2, "w", at(30), completed())).await;
    assert_eq!((end.event_type, end.round), (Completed, 1));
}

/// The round is part of the job.
pub async fn rounds_survive_a_crash(harness: &StoreHarness) {
    let (store, _) = ended(harness).await;
    revive(&store, 1, 20).await;
    let before = (store.detail(1).await, store.outbox().await);
    let store = store.reopen(harness).await;
    assert_eq!((store.detail(1).await, store.outbox().await), before);
    let mut turn = Turn::new(&store, "v", 500).await;
    assert_eq!(turn.take_all(20).await, [id(1)]);
    assert_eq!(store.history(1).await.last(), Some(&(Executed, 2)));
}
