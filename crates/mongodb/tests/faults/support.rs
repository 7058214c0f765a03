//! Events, logs, and how long things may take.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use contracts::EventType;
use domain::SystemClock;
use jiff::Timestamp;
use mongodb::bson::{Document, doc};
use mongodb::{Client, Database};
use mongodb_adapter::{MongoDb, Options};
use ports::{Cursor, EventLog, EventQuery, LoggedEvent, StoreError};
use testkit::servers::MongoDbServer;
use testkit::wait_for;
use uuid::Uuid;

/// Far above what a server needs to come back on a slow machine.
pub(crate) const HEALED: Duration = Duration::from_mins(2);

/// The limits of these tests' logs: short, so that waiting for them is cheap.
pub(crate) const LIMIT: Duration = Duration::from_secs(3);

/// What a call may take beyond its limits on a busy machine.
pub(crate) const SLACK: Duration = Duration::from_secs(3);

pub(crate) fn options() -> Options {
    Options {
        call_limit: LIMIT,
        connect_limit: LIMIT,
        settle_limit: LIMIT * 2,
        ..Options::new(Arc::new(SystemClock))
    }
}

pub(crate) async fn open(server: &MongoDbServer) -> Arc<MongoDb> {
    opened(server, options()).await
}

pub(crate) async fn opened(server: &MongoDbServer, options: Options) -> Arc<MongoDb> {
    let opened = MongoDb::open(&server.url(), options).await;
    opened.expect("the URL reads as one")
}

/// The database, past the adapter.
pub(crate) async fn database(server: &MongoDbServer) -> Database {
    let client = Client::with_uri_str(server.url()).await;
    client.expect("the URL reads as one").database("observatory")
}

/// Takes positions as an engine does, and dies before it uses them.
pub(crate) async fn take_and_die(database: &Database, count: i64) {
    let counters = database.collection::<Document>("log_state");
    let more = doc! { "$inc": { "value": count } };
    let taken = counters
        .find_one_and_update(doc! { "_id": "job_events" }, more)
        .await;
    assert!(taken.expect("the server answers").is_some(), "there is a counter");
}

/// Event number `number`.
pub(crate) fn event(number: u64) -> LoggedEvent {
    LoggedEvent {
        event_id: Uuid::new_v5(&Uuid::NAMESPACE_URL, &number.to_be_bytes()),
        job_id: Uuid::from_u128(u128::from(number % 7)),
        event_type: EventType::Created,
        occurred_at: Timestamp::UNIX_EPOCH,
        body: Bytes::from(format!("{{\"number\":{number}}}")),
    }
}

pub(crate) fn events(numbers: std::ops::Range<u64>) -> Vec<LoggedEvent> {
    numbers.map(event).collect()
}

/// Appends events as often as it takes.
pub(crate) async fn appended(log: &MongoDb, numbers: std::ops::Range<u64>) -> usize {
    wait_for(HEALED, "appended events", || log.append(events(numbers.clone()))).await
}

pub(crate) async fn end(log: &MongoDb) -> Cursor {
    let followed = wait_for(HEALED, "the end of the log", || log.follow(None, 1)).await;
    followed.cursor
}

/// The next events behind `place`, however long they take.
pub(crate) async fn next(log: &MongoDb, place: &mut Cursor) -> Vec<LoggedEvent> {
    let more = || async {
        let followed = log
            .follow(Some(place), 100)
            .await
            .map_err(|error| error.to_string())?;
        if followed.events.is_empty() {
            return Err("nothing comes".to_owned());
        }
        Ok(followed)
    };
    let followed = wait_for(HEALED, "events to follow", more).await;
    *place = followed.cursor;
    followed.events
}

/// All events in the order of their arrival.
pub(crate) async fn all(log: &MongoDb) -> Vec<LoggedEvent> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = log.events(&EventQuery::default(), cursor.as_ref(), 5_000).await;
        let page = page.expect("the log answers");
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    all.reverse();
    all
}

pub(crate) fn ids(events: &[LoggedEvent]) -> Vec<Uuid> {
    events.iter().map(|event| event.event_id).collect()
}

pub(crate) fn distinct(ids: &[Uuid]) -> usize {
    ids.iter().collect::<BTreeSet<_>>().len()
}

/// How long a failing call took, and with what.
pub(crate) async fn failure<T>(call: impl Future<Output = Result<T, StoreError>>) -> (Duration, StoreError) {
    let since = tokio::time::Instant::now();
    match call.await {
        Ok(_) => panic!("the call succeeded"),
        Err(error) => (since.elapsed(), error),
    }
}
