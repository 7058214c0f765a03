use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use contracts::EventType;
use domain::{Clock, ManualClock};
use jiff::Timestamp;
use ports::{EventLog, EventQuery, LoggedEvent, StoreError};
use rusqlite::Connection;
use uuid::Uuid;

use crate::{Database, OpenOptions};

mod following;
mod letters;

fn event(job: u128, event: u128, event_type: EventType) -> LoggedEvent {
    LoggedEvent {
        event_id: Uuid::from_u128(event),
        job_id: Uuid::from_u128(job),
        event_type,
        occurred_at: Timestamp::UNIX_EPOCH,
        body: Bytes::from(format!("{{\"event\":{event}}}").into_bytes()),
    }
}

fn open(directory: &Path, clock: &Arc<ManualClock>) -> (Database, Arc<dyn EventLog>) {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let database = Database::open(directory, OpenOptions::new(clock)).unwrap();
    let log = database.event_log();
    (database, log)
}

fn a_clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(Timestamp::from_second(1_800_000_000).unwrap()))
}

async fn all(log: &Arc<dyn EventLog>, query: &EventQuery, page: usize) -> Vec<LoggedEvent> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let found = log.events(query, cursor.as_ref(), page).await.unwrap();
        all.extend(found.items);
        cursor = found.next;
        if cursor.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn pages_cross_the_borders_of_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let (_database, log) = open(directory.path(), &a_clock());
    let mut kept = Vec::new();
    for size in [1, 7, 300, 2, 500] {
        let start = kept.len() as u128;
        let batch: Vec<_> = (start..start + size)
            .map(|number| LoggedEvent {
                body: vec![b'x'; 400].into(),
                ..event(number % 5, number, EventType::Created)
            })
            .collect();
        log.append(batch.clone()).await.unwrap();
        kept.extend(batch);
    }
    kept.reverse();
    for page in [1000, 100, 13] {
        assert_eq!(all(&log, &EventQuery::default(), page).await, kept);
    }
    let of_one = EventQuery {
        job_id: Some(Uuid::from_u128(3)),
        ..EventQuery::default()
    };
    kept.retain(|event| Some(event.job_id) == of_one.job_id);
    assert_eq!(all(&log, &of_one, 7).await, kept);
}

#[tokio::test]
async fn rare_and_frequent_types_are_found() {
    let directory = tempfile::tempdir().unwrap();
    let (_database, log) = open(directory.path(), &a_clock());
    for (number, event_type) in (0..).zip(EventType::ALL) {
        log.append(vec![event(1, number, event_type)]).await.unwrap();
    }
    for (number, event_type) in (0..).zip(EventType::ALL) {
        let query = EventQuery {
            event_type: Some(event_type),
            ..EventQuery::default()
        };
        assert_eq!(all(&log, &query, 10).await, [event(1, number, event_type)]);
    }
}

#[tokio::test]
async fn a_block_is_pruned_in_parts_and_its_cursors_stay() {
    let directory = tempfile::tempdir().unwrap();
    let clock = a_clock();
    let (_database, log) = open(directory.path(), &clock);
    let batch: Vec<_> = (0..10)
        .map(|number| event(number, number, EventType::Created))
        .collect();
    log.append(batch.clone()).await.unwrap();
    let first = log.events(&EventQuery::default(), None, 2).await.unwrap();
    clock.advance(Duration::from_secs(10));
    assert_eq!(log.prune(clock.now(), 3).await.unwrap(), 3);
    let rest = log
        .events(&EventQuery::default(), first.next.as_ref(), 100)
        .await
        .unwrap();
    let numbers: Vec<_> = rest.items.iter().map(|event| event.event_id.as_u128()).collect();
    assert_eq!(numbers, [7, 6, 5, 4, 3]);
    assert_eq!(
        log.append(batch).await.unwrap(),
        3,
        "what was pruned is unknown again"
    );
    assert_eq!(log.prune(clock.now(), 100).await.unwrap(), 7);
    assert_eq!(all(&log, &EventQuery::default(), 100).await.len(), 3);
}

#[tokio::test]
async fn what_was_pruned_does_not_come_back_with_a_crash() {
    let directory = tempfile::tempdir().unwrap();
    let clock = a_clock();
    let (database, log) = open(directory.path(), &clock);
    let batch: Vec<_> = (0..10)
        .map(|number| event(number, number, EventType::Created))
        .collect();
    log.append(batch.clone()).await.unwrap();
    database.close();
    drop((database, log));
    let (database, log) = open(directory.path(), &clock);
    clock.advance(Duration::from_secs(10));
    assert_eq!(log.prune(clock.now(), 100).await.unwrap(), 10);
    drop((database, log));
    let (_database, log) = open(directory.path(), &clock);
    assert_eq!(log.append(batch).await.unwrap(), 10);
}

#[tokio::test]
async fn a_block_that_was_damaged_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let clock = a_clock();
    let (database, log) = open(directory.path(), &clock);
    log.append(vec![event(1, 1, EventType::Created)]).await.unwrap();
    database.close();
    drop((database, log));
    let file = Connection::open(directory.path().join("observatory.sqlite")).unwrap();
    file.execute("UPDATE event_blocks SET body = x'0700'", [])
        .unwrap();
    let (_database, log) = open(directory.path(), &clock);
    let refused = log.events(&EventQuery::default(), None, 10).await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Corrupt(what) if what.contains("event_blocks 1")),
        "{refused}"
    );
}
