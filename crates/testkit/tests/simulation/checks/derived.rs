//! Event log, counters and dead letters tell what the jobs' own histories tell.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{Envelope, EventType};
use domain::JobEvent;
use jiff::Timestamp;
use ports::{JobDetail, LoggedEvent, StoredDeadLetter};
use uuid::Uuid;

use crate::books::Books;
use crate::jobs::GARBAGE;
use crate::process::Process;

/// The event log has the events of the histories, each once, and no others.
pub(super) fn check_log(jobs: &[JobDetail], log: &[LoggedEvent]) {
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
    }
}

/// The counters have counted what is in the log.
pub(super) async fn check_counters(process: &Process, jobs: &[JobDetail], log: &[LoggedEvent]) {
    let snapshot = process.stats().snapshot().await.expect("the stats answer");
    for event_type in EventType::ALL {
        let logged = log.iter().filter(|event| event.event_type == event_type).count() as u64;
        assert_eq!(snapshot.count(event_type), logged, "{event_type}");
    }
    for of_type in &snapshot.types {
        let mine = jobs.iter().filter(|job| job.summary.job_type == of_type.job_type);
        let events: Vec<_> = mine.flat_map(|job| &job.history).collect();
        let count = |event_type| {
            events
                .iter()
                .filter(|event| event.event_type == event_type)
                .count() as u64
        };
        assert_eq!(of_type.created, count(EventType::Created), "{of_type:?}");
        assert_eq!(of_type.completed, count(EventType::Completed), "{of_type:?}");
        let failed = count(EventType::Failed) + count(EventType::Quarantined);
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
pub(super) fn check_letters(letters: &[StoredDeadLetter], books: &Books) {
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
