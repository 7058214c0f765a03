//! Schedules that fire.

use std::collections::BTreeSet;

use contracts::{EventType, Job, JobStatus, Priority};
use domain::limits::Hold;
use domain::schedule::{Schedule, firing_id};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::support::{
    LATER, Store, StoreHarness, Turn, at, claims_of, completed, kinds, plan, planned, template, ten,
};
use crate::{JobDetail, NewJob, Post, Reserved};

use EventType::Created;

/// The detail of a job that was made.
async fn detail_of(store: &Store, job: &NewJob) -> JobDetail {
    let detail = store.find_id(job.id).await;
    detail.unwrap_or_else(|| panic!("the made job {} is not there", job.id))
}

/// Not a moment early, and once.
pub async fn a_schedule_fires_when_it_is_due_and_not_before(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let schedule = plan("a", "*/5 * * * *");
    store.put_schedule(&schedule).await;
    assert_eq!(store.fire(ten(4, 59)).await, 0);
    assert!(store.outbox().await.is_empty());
    for minute in [5, 10] {
        assert_eq!(store.fire(ten(minute, 0)).await, 1);
        assert_eq!(store.fire(ten(minute, 59)).await, 0, "it has fired");
        let after = store.schedule("a").await;
        let job = firing_id(schedule.id, ten(minute, 0));
        assert_eq!((after.last_at, after.last_job), (Some(ten(minute, 0)), Some(job)));
        assert_eq!(after.next_at, Some(ten(minute + 5, 0)));
        assert_eq!(after.updated_at, schedule.updated_at, "firing is no change");
    }
    let made: Vec<_> = store.made().await.into_iter().map(|job| job.id).collect();
    assert_eq!(made, [5, 10].map(|minute| firing_id(schedule.id, ten(minute, 0))));
}

/// A schedule with a job that says everything, fired at 10:05; the job that it made.
async fn fired(store: &Store, template_of: &Value) -> NewJob {
    let schedule = Schedule {
        job: template(template_of),
        ..plan("nightly", "*/5 * * * *")
    };
    store.put_schedule(&schedule).await;
    assert_eq!(store.fire(ten(5, 2)).await, 1);
    store.made().await.remove(0)
}

fn everything() -> Value {
    json!({
        "type": "report", "payload": {"to": ["a", 1, null], "s": "\u{1f980}"}, "metadata": {"team": "a"},
        "tags": ["eu", "b c"], "priority": "high", "uniqueKey": "report-1", "timeoutSeconds": 30,
        "retry": {"maxAttempts": 5}, "unknown": {"kept": true},
    })
}

/// PENDING, and a valid job of the contract with all that the schedule said.
pub async fn a_fired_job_is_what_its_schedule_says(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let made = fired(&store, &everything()).await;
    let detail = detail_of(&store, &made).await;
    let summary = &detail.summary;
    assert_eq!(
        (summary.status, summary.attempt, summary.held),
        (JobStatus::Pending, 0, None)
    );
    assert_eq!((&*summary.job_type, summary.priority), ("report", Priority::High));
    assert_eq!(summary.wake_at, Some(at(LATER)));
    assert_eq!(kinds(&detail.history), [(Created, 0)]);
    let body: Value = serde_json::from_slice(&detail.body).expect("a job is JSON");
    assert_eq!(contracts::validator().job(&body), Ok(()));
    for (member, value) in everything().as_object().into_iter().flatten() {
        assert_eq!(&body[member], value, "{member}");
    }
    let job: Job = serde_json::from_slice(&detail.body).expect("a job of the contract");
    assert_eq!((job.id, job.status), (made.id, JobStatus::Pending));
    assert_eq!((job.schedule.as_deref(), job.run_at), (Some("nightly"), None));
    assert_eq!(job.created_at, summary.created_at);
    assert!(
        (ten(5, 0)..=ten(5, 2)).contains(&job.created_at),
        "{}",
        job.created_at
    );
    assert!(
        (ten(5, 0)..=ten(5, 2)).contains(&detail.accepted_at),
        "{}",
        detail.accepted_at
    );
    let found = store
        .found("schedule:nightly tag:\"b c\" key:report-1 payload.to.1:1")
        .await;
    assert_eq!(found, [made.id]);
}

/// Nobody but the outbox announces it, once, and what it announces is the job that is stored.
pub async fn a_fired_job_is_announced_by_the_outbox(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let made = fired(&store, &everything()).await;
    let entries = store.outbox().await;
    assert!(
        matches!(&*entries, [one] if matches!(one.post, Post::Created(_))),
        "{entries:?}"
    );
    let detail = detail_of(&store, &made).await;
    assert_eq!(
        (&made.body, made.correlation_id),
        (&detail.body, detail.correlation_id)
    );
    assert_eq!(
        (made.accepted_at, made.created_at),
        (detail.accepted_at, detail.summary.created_at)
    );
    assert_eq!((&*made.job_type, made.priority), ("report", Priority::High));
    assert_eq!(
        (&*made.tags, made.run_at),
        (&["eu".to_owned(), "b c".to_owned()][..], None)
    );
    assert_eq!(made.unique_key.as_deref(), Some("report-1"));
    assert_eq!(made.schedule.as_deref(), Some("nightly"));
    let store = store.reopen(harness).await;
    let after = store.outbox().await;
    assert_eq!(after, entries);
    store.clear(vec![after[0].seq]).await;
    assert!(store.outbox().await.is_empty());
}

/// By its message as any other, or by the scheduler where that was lost.
pub async fn a_fired_job_runs(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let made = fired(&store, &everything()).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    assert_eq!(claims_of(&turn.announce(vec![made.clone()], 2).await), [made.id]);
    let lost = planned(Schedule {
        updated_at: ten(5, 30),
        ..plan("lost", "* * * * *")
    });
    store.put_schedule(&lost).await;
    let call = store.0.fire_schedules(ten(6, 0), at(300), 10);
    assert_eq!(crate::conformance::wait::within("firing", call).await, 1);
    let id = firing_id(lost.id, ten(6, 0));
    assert!(turn.take(299).await.is_empty());
    assert_eq!(turn.take_all(300).await, [id]);
}

/// The key of a schedule's job keeps its firings apart: the next one waits for the one before.
pub async fn a_fired_job_takes_its_key_or_waits_for_it(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let first = fired(&store, &everything()).await;
    assert_eq!(
        store.reserve_one("report-1", 9, 0).await,
        Reserved::HeldBy(first.id)
    );
    assert_eq!(store.fire(ten(10, 0)).await, 1);
    let second = store.made().await.remove(1);
    let waiting = detail_of(&store, &second).await.summary;
    assert_eq!(
        (waiting.status, waiting.held),
        (JobStatus::Pending, Some(Hold::Unique))
    );
    let mut turn = Turn::new(&store, "w", 1).await;
    let answers = turn.announce(vec![second.clone(), first.clone()], 2).await;
    assert_eq!(claims_of(&answers), [first.id]);
    let done = domain::AttemptResult {
        job_id: first.id,
        ..super::support::result(0, 1, "w", at(3), completed())
    };
    assert!(store.makes_room(done).await);
    assert_eq!(turn.take_all(4).await, [second.id]);
}

/// Every processor runs a scheduler: together they fire each schedule once.
pub async fn concurrent_schedulers_fire_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 0..40 {
        store
            .put_schedule(&plan(&format!("n{number}"), "* * * * *"))
            .await;
    }
    for minute in 1..=3 {
        let mut schedulers = JoinSet::new();
        for _ in 0..4 {
            let store = store.clone();
            schedulers.spawn(async move { store.fire(ten(minute, 0)).await });
        }
        assert_eq!(schedulers.join_all().await.into_iter().sum::<usize>(), 40);
    }
    let made: Vec<_> = store.made().await.into_iter().map(|job| job.id).collect();
    assert_eq!(
        (made.len(), made.iter().collect::<BTreeSet<_>>().len()),
        (120, 120)
    );
    assert_eq!(store.found("").await.len(), 120);
}

/// The scheduler dies right after: whoever comes next neither misses nor doubles the firing.
pub async fn a_firing_survives_a_crash(harness: &StoreHarness) {
    let mut store = Store::fresh(harness).await;
    let schedule = plan("a", "* * * * *");
    store.put_schedule(&schedule).await;
    for minute in 1..=5 {
        assert_eq!(store.fire(ten(minute, 0)).await, 1);
        store = store.reopen(harness).await;
        assert_eq!(store.fire(ten(minute, 0)).await, 0);
        let fired = store.schedule("a").await;
        assert_eq!(fired.last_at, Some(ten(minute, 0)));
        assert_eq!(fired.next_at, Some(ten(minute + 1, 0)));
    }
    let expected: Vec<_> = (1..=5)
        .map(|minute| firing_id(schedule.id, ten(minute, 0)))
        .collect();
    let made: Vec<_> = store.made().await.into_iter().map(|job| job.id).collect();
    assert_eq!(made, expected);
    let listed: BTreeSet<_> = store.found("schedule:a").await.into_iter().collect();
    assert_eq!(listed, expected.into_iter().collect());
}

/// What is left comes with the next calls.
pub async fn no_more_schedules_fire_than_asked_for(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 0..5 {
        store
            .put_schedule(&plan(&format!("n{number}"), "* * * * *"))
            .await;
    }
    for expected in [2, 2, 1, 0] {
        assert_eq!(store.fire_up_to(ten(1, 0), 2).await, expected);
    }
    assert_eq!(store.made().await.len(), 5);
}
