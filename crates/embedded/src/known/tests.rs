use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use contracts::EventType;
use domain::SystemClock;
use jiff::Timestamp;
use ports::{EventLog, EventQuery, LiveStats, LoggedEvent, StatEvent};
use rusqlite::Connection;
use uuid::Uuid;

use super::state::GENERATION;
use crate::writer::Order;
use crate::{Database, OpenOptions};

struct Opened {
    database: Database,
    log: Arc<dyn EventLog>,
    stats: Arc<dyn LiveStats>,
}

fn open(directory: &Path) -> Opened {
    let database = Database::open(directory, OpenOptions::new(Arc::new(SystemClock))).unwrap();
    Opened {
        log: database.event_log(),
        stats: database.live_stats(),
        database,
    }
}

impl Opened {
    /// Offers events `numbers` to both sides and returns how many were new to each.
    async fn offer(&self, numbers: std::ops::Range<u128>) -> (usize, usize) {
        let events = numbers.clone().map(|number| LoggedEvent {
            event_id: Uuid::from_u128(number),
            job_id: Uuid::from_u128(number / 3),
            event_type: EventType::Created,
            occurred_at: Timestamp::UNIX_EPOCH,
            body: Bytes::from_static(b"{}"),
        });
        let counted = numbers.map(|number| StatEvent {
            event_id: Uuid::from_u128(number),
            job_id: Uuid::from_u128(number / 3),
            job_type: "echo".to_owned(),
            event_type: EventType::Created,
            at: Timestamp::UNIX_EPOCH,
            attempt_ended: false,
            failure: None,
        });
        let counted = self.stats.apply(counted.collect()).await.unwrap();
        (self.log.append(events.collect()).await.unwrap(), counted)
    }
}

fn indexed(directory: &Path) -> i64 {
    let connection = Connection::open(directory.join("observatory.sqlite")).unwrap();
    connection
        .query_row("SELECT count(*) FROM known_events", [], |row| row.get(0))
        .unwrap()
}

/// So many events that some are indexed, some are being indexed and some are not.
const MANY: u128 = GENERATION as u128 * 3 * 5 / 2;

async fn offer_many(opened: &Opened) {
    for start in (0..MANY).step_by(1024) {
        let range = start..(start + 1024).min(MANY);
        let count = usize::try_from(range.end - range.start).unwrap();
        assert_eq!(opened.offer(range).await, (count, count));
    }
}

#[tokio::test]
async fn every_event_is_known_whether_indexed_or_not() {
    let directory = tempfile::tempdir().unwrap();
    let opened = open(directory.path());
    offer_many(&opened).await;
    let behind = i64::try_from(MANY / 3).unwrap() - indexed(directory.path());
    assert!(
        (1..2 * i64::try_from(GENERATION).unwrap()).contains(&behind),
        "{behind} jobs are not indexed yet"
    );
    assert_eq!(opened.offer(0..MANY).await, (0, 0));
    for job in [0, 1, GENERATION as u128, MANY / 3 - 1] {
        let query = EventQuery {
            job_id: Some(Uuid::from_u128(job)),
            ..EventQuery::default()
        };
        let found = opened.log.events(&query, None, 10).await.unwrap().items;
        let ids: Vec<_> = found.iter().map(|event| event.event_id.as_u128()).collect();
        assert_eq!(ids, [job * 3 + 2, job * 3 + 1, job * 3]);
    }
}

#[tokio::test]
async fn every_event_is_known_after_a_crash() {
    let directory = tempfile::tempdir().unwrap();
    let opened = open(directory.path());
    offer_many(&opened).await;
    drop(opened);
    let opened = open(directory.path());
    assert_eq!(opened.offer(0..MANY).await, (0, 0));
    assert_eq!(
        opened.stats.snapshot().await.unwrap().count(EventType::Created),
        u64::try_from(MANY).unwrap()
    );
}

#[tokio::test]
async fn closing_in_order_indexes_everything() {
    let directory = tempfile::tempdir().unwrap();
    let opened = open(directory.path());
    assert_eq!(opened.offer(0..30).await, (30, 30));
    opened.database.close();
    drop(opened);
    assert_eq!(indexed(directory.path()), 10);
    let opened = open(directory.path());
    assert_eq!(opened.offer(0..33).await, (3, 3));
}

#[tokio::test]
async fn what_was_rolled_back_is_not_known() {
    let directory = tempfile::tempdir().unwrap();
    let opened = open(directory.path());
    assert_eq!(opened.offer(0..30).await, (30, 30));
    let limit = |pages: i64| {
        let work = move |connection: &Connection| {
            let used: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
            connection.pragma_update_and_check(None, "max_page_count", used + pages, |_| Ok(()))?;
            Ok(())
        };
        opened.database.core.write(Order::Arrival, 0, work)
    };
    limit(0).await.unwrap();
    let big = LoggedEvent {
        event_id: Uuid::from_u128(77),
        job_id: Uuid::from_u128(1),
        event_type: EventType::Created,
        occurred_at: Timestamp::UNIX_EPOCH,
        body: vec![b'x'; 300_000].into(),
    };
    assert!(
        opened
            .log
            .append(vec![big.clone()])
            .await
            .unwrap_err()
            .is_transient()
    );
    limit(10_000).await.unwrap();
    assert_eq!(opened.log.append(vec![big]).await.unwrap(), 1);
    assert_eq!(opened.offer(0..33).await, (3, 3));
    let query = EventQuery {
        job_id: Some(Uuid::from_u128(1)),
        ..EventQuery::default()
    };
    assert_eq!(opened.log.events(&query, None, 10).await.unwrap().items.len(), 4);
}
