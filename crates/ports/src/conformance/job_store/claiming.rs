//! Who may run what.

use std::collections::BTreeSet;

use contracts::{EventType, JobStatus};
use domain::{JobEvent, event_id};
use tokio::task::JoinSet;

use super::support::{
    LATER, Store, StoreHarness, at, completed, event_of, id, job, kinds, passed, result, retry, started,
    ticket, wish,
};
use crate::{Claim, Started};

use EventType::{Completed, Created, Executed, Retrying};

/// Start, with its event, its token and no wake-up.
pub async fn a_claim_starts_an_admitted_job(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(1)]).await;
    let granted = store.run(1, 1, "w", 7).await;
    assert_eq!(granted, first_start(1));
    let detail = store.detail(1).await;
    assert_eq!(
        (detail.summary.status, detail.summary.attempt),
        (JobStatus::Executing, 1)
    );
    assert_eq!((detail.summary.updated_at, detail.summary.wake_at), (at(1), None));
    assert_eq!(kinds(&detail.history), [(Created, 0), (Executed, 1)]);
    assert_eq!(detail.history[1], granted.event);
}

/// The first attempt of job `number`, by `w` at second 1.
fn first_start(number: u64) -> Started {
    let event = JobEvent {
        attempt: 1,
        worker: Some("w".to_owned()),
        ..event_of(number, Executed, at(1))
    };
    Started {
        attempt: 1,
        failures: 0,
        event,
    }
}

/// The work message may be faster than the ledger's.
pub async fn a_claim_stores_a_job_that_is_not_known(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    assert_eq!(store.run(1, 1, "w", 7).await, first_start(1));
    let detail = store.detail(1).await;
    assert_eq!(kinds(&detail.history), [(Created, 0), (Executed, 1)]);
    assert_eq!(
        (detail.body, detail.correlation_id),
        (job(1).body, job(1).correlation_id)
    );
    assert_eq!(store.history(1).await.len(), 2);
}

/// A retry of a job that retention has removed does not bring it back.
pub async fn a_later_attempt_of_an_unknown_job_passes(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for attempt in [0, 2, 3, u32::MAX] {
        let claim = store.claim_one(&ticket("w", 7, at(1)), wish(1, attempt)).await;
        assert_eq!(claim, Claim::Passed(Vec::new()), "attempt {attempt}");
    }
    assert_eq!(store.find(1).await, None);
}

/// A claim whose answer was lost is repeated, not lost.
pub async fn the_same_ticket_gets_the_same_answer(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.heartbeat("w", at(LATER)).await;
    let ticket = ticket("w", 7, at(1));
    let wishes = vec![wish(1, 1), wish(2, 1), wish(3, 2)];
    let first = store.claim(&ticket, wishes.clone()).await;
    for _ in 0..3 {
        assert_eq!(store.claim(&ticket, wishes.clone()).await, first);
    }
    assert_eq!(store.history(1).await, [(Created, 0), (Executed, 1)]);
    assert_eq!(store.detail(1).await.summary.attempt, 1);
}

/// The message that would carry the holder's events is acknowledged now, so the relay has to.
pub async fn another_ticket_is_held_and_the_events_are_in_the_outbox(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    assert!(store.outbox().await.is_empty());
    for (worker, claim) in [("other", 8), ("w", 9)] {
        assert_eq!(
            store.claim_one(&ticket(worker, claim, at(2)), wish(1, 1)).await,
            Claim::Held
        );
    }
    assert!(store.outbox_of(1).await.contains(&(Executed, 1)));
    assert_eq!(store.detail(1).await.summary.status, JobStatus::Executing);
    store.apply(result(1, 1, "w", at(3), completed())).await;
    assert_eq!(store.outbox_of(1).await, [(Executed, 1), (Completed, 1)]);
}

/// A worker died between recording a retry and publishing it. By the time its message comes back the second
/// attempt runs: nobody else will publish the events of the first one.
pub async fn a_late_message_is_held_and_earlier_attempts_are_in_the_outbox(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    store.run(1, 2, "v", 8).await;
    assert_eq!(
        store.claim_one(&ticket("u", 9, at(30)), wish(1, 1)).await,
        Claim::Held
    );
    let relayed: BTreeSet<_> = store.outbox_of(1).await.into_iter().collect();
    for event in [(Executed, 1), (Retrying, 1), (Executed, 2)] {
        assert!(relayed.contains(&event), "{event:?} is nobody's any more");
    }
}

/// A message whose attempt has ended publishes that attempt's events again.
pub async fn a_passed_message_gets_the_events_of_its_attempt(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    let history = store.detail(1).await.history;
    let again = passed(store.claim_one(&ticket("v", 8, at(12)), wish(1, 1)).await);
    assert_eq!(again, history[1..], "the events as they were");
    store.run(1, 2, "v", 9).await;
    store.apply(result(1, 2, "v", at(30), completed())).await;
    for attempt in [1, 2] {
        let again = passed(store.claim_one(&ticket("u", 10, at(40)), wish(1, attempt)).await);
        let all = store.detail(1).await.history;
        assert!(
            again.iter().all(|event| all[1..].contains(event)),
            "only what happened, without job.created"
        );
        let own = |events: &[JobEvent]| kinds(events.iter().filter(|event| event.attempt == attempt));
        assert_eq!(own(&again), own(&all), "the events of attempt {attempt}");
    }
}

/// The second one finds its own claim: as if the call had been repeated.
pub async fn the_same_job_twice_in_a_batch_is_started_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.heartbeat("w", at(LATER)).await;
    let claims = store
        .claim(&ticket("w", 7, at(1)), vec![wish(1, 1), wish(2, 1), wish(1, 1)])
        .await;
    assert_eq!(started(claims[0].clone()), first_start(1));
    assert_eq!(claims[2], claims[0]);
    assert_eq!(store.history(1).await, [(Created, 0), (Executed, 1)]);
}

/// Every answer stands where its request stood.
pub async fn a_batch_is_answered_in_order(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, completed()).await;
    store.run(2, 1, "v", 100).await;
    store.admit(vec![job(3)]).await;
    let wishes = vec![wish(1, 1), wish(4, 2), wish(3, 1), wish(2, 1), wish(5, 1)];
    let claims = store.claim(&ticket("w", 101, at(20)), wishes).await;
    assert!(
        matches!(&claims[0], Claim::Passed(events) if events.len() == 2),
        "{:?}",
        claims[0]
    );
    assert_eq!(claims[1], Claim::Passed(Vec::new()));
    assert_eq!(started(claims[2].clone()).event.job_id, id(3));
    assert_eq!(claims[3], Claim::Held);
    assert_eq!(started(claims[4].clone()).event.job_id, id(5));
    assert!(
        store
            .claim(&ticket("w", 102, at(20)), Vec::new())
            .await
            .is_empty()
    );
}

/// Two workers with the same messages: every job starts exactly once.
pub async fn one_of_many_concurrent_claims_starts(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit((0..20).map(job).collect()).await;
    let mut workers = JoinSet::new();
    for worker in 0_usize..4 {
        let store = store.clone();
        workers.spawn(async move {
            let mut wishes: Vec<_> = (0..40).map(|number| wish(number, 1)).collect();
            wishes.rotate_left(worker * 11);
            let name = format!("w{worker}");
            store.heartbeat(&name, at(LATER)).await;
            store
                .claim(&ticket(&name, 50 + worker as u64, at(1)), wishes)
                .await
        });
    }
    let claims: Vec<Claim> = workers.join_all().await.concat();
    let begun: Vec<_> = claims.into_iter().filter_map(begun).collect();
    assert_eq!(begun.len(), 40, "each job starts once");
    assert_eq!(begun.into_iter().collect::<BTreeSet<_>>().len(), 40);
    for number in 0..40 {
        assert_eq!(store.history(number).await, [(Created, 0), (Executed, 1)]);
        assert_eq!(store.outbox_of(number).await, [(Executed, 1)], "held, so relayed");
    }
}

fn begun(claim: Claim) -> Option<uuid::Uuid> {
    match claim {
        Claim::Started(started) => {
            assert_eq!(started.event.id(), event_id(started.event.job_id, 1, Executed));
            Some(started.event.job_id)
        }
        Claim::Held => None,
        other => panic!("a running job has not moved on and does not wait: {other:?}"),
    }
}

/// Failures are counted for the retry policy; jobs handed back and crashes are not failures.
pub async fn the_next_attempt_knows_the_failures_before(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.finish(1, retry(at(20))).await;
    assert_eq!(store.run(1, 2, "w", 20).await.failures, 1);
    let back = domain::Outcome::HandedBack { run_at: at(21) };
    store.apply(result(1, 2, "w", at(21), back)).await;
    let third = store.run(1, 3, "w", 21).await;
    assert_eq!((third.attempt, third.failures), (3, 1));
    store.apply(result(1, 3, "w", at(30), retry(at(LATER)))).await;
    assert_eq!(store.run(1, 4, "w", 22).await.failures, 2);
}
