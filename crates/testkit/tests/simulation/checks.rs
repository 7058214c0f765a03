//! What has to be true in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use contracts::{Envelope, EventType, JobStatus};
use domain::{JobEvent, event_id};
use jiff::Timestamp;
use ports::{EventQuery, JobDetail, JobFilter, LoggedEvent, StoredDeadLetter};
use testkit::wait_for;
use uuid::Uuid;

use crate::jobs::GARBAGE;
use crate::life::Books;
use crate::process::Process;

/// How long a system without faults may take to finish what is left.
const PEACE: Duration = Duration::from_mins(1);

/// Waits until every accepted job is terminal and nothing is on its way any more.
pub(crate) async fn settled(process: &Process, books: &Books) {
    wait_for(PEACE, "every accepted job to end", || unfinished(process, books)).await;
    wait_for(PEACE, "an empty outbox and empty queues", || on_its_way(process)).await;
}

async fn unfinished(process: &Process, books: &Books) -> Result<(), String> {
    let jobs = process.jobs();
    for id in books.accepted.union(&books.doubtful) {
        match jobs.job(*id).await.expect("the store answers") {
            Some(detail) if detail.summary.status.is_terminal() => {}
            Some(detail) => return Err(format!("job {id} is not finished: {detail:?}")),
            None if books.accepted.contains(id) => return Err(format!("job {id} is lost")),
            None => {}
        }
    }
    Ok(())
}

async fn on_its_way(process: &Process) -> Result<(), String> {
    let outbox = process.jobs().outbox(5).await.expect("the store answers");
    let depths = process.true_bus().depths().await.expect("the bus answers");
    let busy: Vec<_> = depths
        .into_iter()
        .filter(|depth| depth.ready + depth.unacknowledged > 0)
        .collect();
    if outbox.is_empty() && busy.is_empty() {
        Ok(())
    } else {
        Err(format!("{outbox:?}, {busy:?}"))
    }
}

/// Compares everything with everything, and says how many jobs ended in which way.
pub(crate) async fn reckoning(process: &Process, books: &Books) -> BTreeMap<JobStatus, usize> {
    let jobs = all_jobs(process).await;
    let known: BTreeSet<_> = jobs.iter().map(|job| job.summary.id).collect();
    assert!(known.is_superset(&books.accepted), "accepted jobs are lost");
    for id in &known {
        assert!(
            books.accepted.contains(id) || books.doubtful.contains(id),
            "nobody submitted {id}"
        );
    }
    jobs.iter().for_each(check_life);
    let log = all_events(process).await;
    check_log(&jobs, &log);
    check_counters(process, &jobs, &log).await;
    check_letters(&all_letters(process).await, books);
    let mut ends = BTreeMap::new();
    for job in &jobs {
        *ends.entry(job.summary.status).or_default() += 1;
    }
    ends
}

async fn all_jobs(process: &Process) -> Vec<JobDetail> {
    let (store, mut cursor, mut all) = (process.jobs(), None, Vec::new());
    loop {
        let page = store
            .list(&JobFilter::default(), cursor.as_ref(), 100)
            .await
            .expect("the store answers");
        for summary in page.items {
            let detail = store.job(summary.id).await.expect("the store answers");
            let detail = detail.expect("what is listed is there");
            assert_eq!(detail.summary, summary);
            all.push(detail);
        }
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

async fn all_events(process: &Process) -> Vec<LoggedEvent> {
    let (log, mut cursor, mut all) = (process.log(), None, Vec::new());
    loop {
        let page = log
            .events(&EventQuery::default(), cursor.as_ref(), 500)
            .await
            .expect("the log answers");
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

async fn all_letters(process: &Process) -> Vec<StoredDeadLetter> {
    let page = process
        .log()
        .dead_letters(None, 10_000)
        .await
        .expect("the log answers");
    assert_eq!(page.next, None);
    page.items
}

/// Created once, attempts one after the other, ended exactly once.
fn check_life(job: &JobDetail) {
    let what = format!("{job:?}");
    assert!(job.summary.status.is_terminal(), "{what}");
    let (created, rest) = job.history.split_first().expect("a job has a history");
    let (end, middle) = rest.split_last().expect("a terminal job has an end");
    assert_eq!(
        (created.event_type, created.attempt),
        (EventType::Created, 0),
        "{what}"
    );
    assert_eq!(status_of(end.event_type), Some(job.summary.status), "{what}");
    assert_eq!(end.attempt, job.summary.attempt, "{what}");
    let expected = (1..=job.summary.attempt)
        .flat_map(|attempt| [(EventType::Executed, attempt), (EventType::Retrying, attempt)].map(Some));
    let mut expected: Vec<_> = expected.flatten().collect();
    expected.pop();
    let middle: Vec<_> = middle
        .iter()
        .map(|event| (event.event_type, event.attempt))
        .collect();
    assert_eq!(middle, expected, "{what}");
}

fn status_of(event_type: EventType) -> Option<JobStatus> {
    match event_type {
        EventType::Completed => Some(JobStatus::Completed),
        EventType::Failed => Some(JobStatus::Failed),
        EventType::Quarantined => Some(JobStatus::Quarantined),
        _ => None,
    }
}

/// The event log has the events of the histories, each once, and no others.
fn check_log(jobs: &[JobDetail], log: &[LoggedEvent]) {
    let histories = jobs.iter().flat_map(|job| &job.history);
    let expected: BTreeMap<Uuid, &JobEvent> = histories.map(|event| (event.id(), event)).collect();
    let logged: BTreeMap<Uuid, &LoggedEvent> = log.iter().map(|event| (event.event_id, event)).collect();
    assert_eq!(logged.len(), log.len(), "an event is in the log twice");
    for (id, event) in &expected {
        let logged = logged
            .get(id)
            .unwrap_or_else(|| panic!("the log misses {event:?}"));
        assert_eq!(
            (logged.job_id, logged.event_type),
            (event.job_id, event.event_type)
        );
        assert_eq!(logged.occurred_at, event.at, "{event:?}");
        let envelope = Envelope::from_slice(&logged.body).expect("the log keeps valid events");
        assert_eq!(
            (envelope.event_id, envelope.correlation_id),
            (*id, event.correlation_id)
        );
    }
    for (id, event) in &logged {
        assert!(
            expected.contains_key(id),
            "the log has an event that never happened: {event:?}"
        );
        assert!((0..100).any(|attempt| event_id(event.job_id, attempt, event.event_type) == *id));
    }
}

/// The counters have counted what is in the log.
async fn check_counters(process: &Process, jobs: &[JobDetail], log: &[LoggedEvent]) {
    let snapshot = process.stats().snapshot().await.expect("the stats answer");
    for event_type in EventType::ALL {
        let logged = log.iter().filter(|event| event.event_type == event_type).count() as u64;
        assert_eq!(snapshot.count(event_type), logged, "{event_type}");
    }
    for of_type in &snapshot.types {
        let mine = || jobs.iter().filter(|job| job.summary.job_type == of_type.job_type);
        let ended = |status| mine().filter(|job| job.summary.status == status).count() as u64;
        assert_eq!(of_type.created, mine().count() as u64, "{of_type:?}");
        assert_eq!(of_type.completed, ended(JobStatus::Completed), "{of_type:?}");
        let failed = ended(JobStatus::Failed) + ended(JobStatus::Quarantined);
        assert_eq!(of_type.failed, failed, "{of_type:?}");
    }
    assert_eq!(
        snapshot.types.iter().map(|of_type| of_type.created).sum::<u64>(),
        jobs.len() as u64
    );
    let minutes = process
        .stats()
        .history(Timestamp::UNIX_EPOCH)
        .await
        .expect("the stats answer");
    assert_eq!(
        minutes.iter().map(|minute| minute.created).sum::<u64>(),
        jobs.len() as u64
    );
    assert_eq!(
        snapshot.last_event,
        log.iter().map(|event| event.occurred_at).max()
    );
}

/// Whatever was no event can be read by a person, and nothing else was rejected.
fn check_letters(letters: &[StoredDeadLetter], books: &Books) {
    let quoted = |letter: &StoredDeadLetter| match &letter.letter.original_event {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let rejected: BTreeSet<String> = letters.iter().map(quoted).collect();
    // NUL characters cannot be kept everywhere, so a letter quotes them as replaced.
    let garbage: BTreeSet<String> = GARBAGE
        .iter()
        .map(|(_, text)| text.replace('\0', "\u{fffd}"))
        .collect();
    if books.garbage {
        assert_eq!(rejected, garbage);
    }
    let wrong: Vec<_> = rejected.difference(&garbage).collect();
    assert!(wrong.is_empty(), "good messages became dead letters: {wrong:?}");
}
