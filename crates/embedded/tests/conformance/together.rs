//! The ports share a file, and must not share anything else.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use contracts::{EventType, Job};
use domain::event_id;
use domain::query::Query;
use embedded::Database;
use jiff::Timestamp;
use ports::{EventLog, EventQuery, LiveStats, LoggedEvent, NewJob, StatEvent, StoreError};
use uuid::Uuid;

use crate::Embedded;

/// More jobs than one generation of anything that is kept in memory.
const JOBS: u64 = 5_000;

struct Derived {
    log: Arc<dyn EventLog>,
    stats: Arc<dyn LiveStats>,
}

impl Derived {
    fn of(database: &Database) -> Self {
        Self {
            log: database.event_log(),
            stats: database.live_stats(),
        }
    }

    async fn append(&self, numbers: Range<u64>) -> usize {
        self.log
            .append(numbers.map(logged).collect())
            .await
            .expect("the log answers")
    }

    async fn apply(&self, numbers: Range<u64>) -> usize {
        self.stats
            .apply(numbers.map(counted).collect())
            .await
            .expect("the stats answer")
    }

    async fn logged(&self) -> BTreeSet<Uuid> {
        let (mut all, mut cursor) = (BTreeSet::new(), None);
        loop {
            let page = self
                .log
                .events(&EventQuery::default(), cursor.as_ref(), 1000)
                .await;
            let page = page.expect("the log answers");
            let before = all.len() + page.items.len();
            all.extend(page.items.into_iter().map(|event| event.event_id));
            assert_eq!(all.len(), before, "an event is there twice");
            cursor = page.next;
            if cursor.is_none() {
                return all;
            }
        }
    }

    async fn count(&self) -> u64 {
        self.stats
            .snapshot()
            .await
            .expect("the stats answer")
            .count(EventType::Executed)
    }
}

fn counted(number: u64) -> StatEvent {
    let job_id = Uuid::new_v5(&Uuid::NAMESPACE_DNS, &(number % JOBS).to_be_bytes());
    let attempt = u32::try_from(number / JOBS).expect("few attempts");
    StatEvent {
        event_id: event_id(job_id, attempt, EventType::Executed),
        job_id,
        job_type: "echo".to_owned(),
        event_type: EventType::Executed,
        at: Timestamp::UNIX_EPOCH,
        attempt_ended: false,
        failure: None,
    }
}

fn logged(number: u64) -> LoggedEvent {
    let StatEvent {
        event_id,
        job_id,
        event_type,
        at,
        ..
    } = counted(number);
    LoggedEvent {
        event_id,
        job_id,
        event_type,
        occurred_at: at,
        body: Bytes::from_static(b"{}"),
    }
}

fn ids(numbers: Range<u64>) -> BTreeSet<Uuid> {
    numbers.map(|number| logged(number).event_id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_log_knows_the_stats_do_not_and_the_other_way_round() {
    let harness = Embedded::new();
    let derived = harness.open(false, Derived::of);
    assert_eq!(
        (derived.append(0..100).await, derived.apply(50..150).await),
        (100, 100)
    );
    assert_eq!(
        (derived.apply(0..150).await, derived.append(0..150).await),
        (50, 50)
    );
    drop(derived);
    let derived = harness.open(true, Derived::of);
    assert_eq!(
        (derived.append(0..160).await, derived.apply(0..170).await),
        (10, 20)
    );
    assert_eq!(
        (derived.logged().await, derived.count().await),
        (ids(0..160), 170)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn either_catches_up_with_the_other_over_crashes() {
    let harness = Embedded::new();
    let mut derived = harness.open(false, Derived::of);
    for start in (0..24_000).step_by(800) {
        let end = start + 800;
        let (unlogged, uncounted) = if start % 1600 == 0 { (0, 500) } else { (300, 0) };
        assert_eq!(derived.append(start..end - unlogged).await as u64, 800 - unlogged);
        assert_eq!(
            derived.apply(start..end - uncounted).await as u64,
            800 - uncounted
        );
        if start % 2400 == 0 {
            drop(derived);
            derived = harness.open(true, Derived::of);
        }
        let from = start.saturating_sub(9_000);
        let caught_up = (
            derived.append(from..end).await as u64,
            derived.apply(from..end).await as u64,
        );
        assert_eq!(caught_up, (unlogged, uncounted));
    }
    drop(derived);
    let derived = harness.open(true, Derived::of);
    assert_eq!(
        (derived.append(0..24_000).await, derived.apply(0..24_000).await),
        (0, 0)
    );
    assert_eq!(
        (derived.logged().await, derived.count().await),
        (ids(0..24_000), 24_000)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_appends_and_applies_of_the_same_events_take_each_once() {
    let harness = Embedded::new();
    let derived = Arc::new(harness.open(false, Derived::of));
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..4_u64 {
        let derived = Arc::clone(&derived);
        callers.spawn(async move {
            let (mut kept, mut counted) = (0, 0);
            for batch in (0..40).map(|batch| (batch * 150 + caller * 50) % 6_000) {
                kept += derived.append(batch..batch + 200).await;
                counted += derived.apply(batch..batch + 200).await;
            }
            (kept, counted)
        });
    }
    let answers = callers.join_all().await;
    let logged = derived.logged().await;
    assert_eq!(answers.iter().map(|(kept, _)| kept).sum::<usize>(), logged.len());
    assert_eq!(
        answers.iter().map(|(_, counted)| *counted as u64).sum::<u64>(),
        derived.count().await
    );
    assert_eq!(logged.len() as u64, derived.count().await);
}

/// Cursors come from clients, who may mix them up: a place in one list is none in another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cursor_of_another_list_is_refused() {
    let harness = Embedded::new();
    let (log, jobs) = harness.open(false, |database| (database.event_log(), database.job_store()));
    log.append((0..20).map(logged).collect())
        .await
        .expect("the log answers");
    let events = log.events(&EventQuery::default(), None, 5).await;
    let cursor = events.expect("the log answers").next.expect("there are more");
    let answer = jobs
        .list(&Query::default(), Timestamp::UNIX_EPOCH, Some(&cursor), 5)
        .await;
    assert!(matches!(answer, Err(StoreError::Refused(_))), "{answer:?}");
    let job = Arc::new(new_job(7));
    let other = Arc::new(new_job(8));
    jobs.admit(vec![job, other], Timestamp::UNIX_EPOCH)
        .await
        .expect("the store answers");
    let listed = jobs.list(&Query::default(), Timestamp::UNIX_EPOCH, None, 1).await;
    let cursor = listed
        .expect("the store answers")
        .next
        .expect("there is one more");
    let answer = log.events(&EventQuery::default(), Some(&cursor), 5).await;
    assert!(matches!(answer, Err(StoreError::Refused(_))), "{answer:?}");
}

fn new_job(number: u128) -> NewJob {
    let text = format!(
        r#"{{"id":"{}","type":"echo","status":"PENDING","createdAt":"2026-01-02T03:04:05Z"}}"#,
        Uuid::from_u128(number)
    );
    let job: Job = serde_json::from_str(&text).expect("a job of the contract");
    NewJob::from_job(&job, Timestamp::UNIX_EPOCH, Uuid::nil(), text.into())
}
