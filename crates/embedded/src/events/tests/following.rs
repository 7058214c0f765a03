//! Places in the log, and what blocks have to do with them.

use ports::{Cursor, Followed};

use super::*;
use crate::writer::Order;

/// Everything from `place` on, at most `limit` at a time.
async fn follow(log: &Arc<dyn EventLog>, mut place: Cursor, limit: usize) -> Vec<LoggedEvent> {
    let mut all = Vec::new();
    loop {
        let Followed { events, cursor } = log.follow(Some(&place), limit).await.unwrap();
        if events.is_empty() {
            return all;
        }
        all.extend(events);
        place = cursor;
    }
}

async fn end(log: &Arc<dyn EventLog>) -> Cursor {
    log.follow(None, 1).await.unwrap().cursor
}

fn batch(numbers: std::ops::Range<u128>, size: usize) -> Vec<LoggedEvent> {
    let event = |number| LoggedEvent {
        body: vec![b'x'; size].into(),
        ..event(number % 5, number, EventType::Created)
    };
    numbers.map(event).collect()
}

#[tokio::test]
async fn following_crosses_the_borders_of_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let (_database, log) = open(directory.path(), &a_clock());
    let start = end(&log).await;
    let mut kept = Vec::new();
    for size in [1, 7, 300, 2, 500] {
        let from = kept.len() as u128;
        let batch = batch(from..from + size, 400);
        log.append(batch.clone()).await.unwrap();
        kept.extend(batch);
    }
    for limit in [1000, 100, 13] {
        assert_eq!(
            follow(&log, start.clone(), limit).await,
            kept,
            "{limit} at a time"
        );
    }
}

#[tokio::test]
async fn a_place_amid_a_block_is_good_when_its_beginning_is_pruned() {
    let directory = tempfile::tempdir().unwrap();
    let clock = a_clock();
    let (_database, log) = open(directory.path(), &clock);
    let start = end(&log).await;
    let events = batch(0..10, 8);
    log.append(events.clone()).await.unwrap();
    let place = log.follow(Some(&start), 5).await.unwrap().cursor;
    clock.advance(Duration::from_secs(10));
    assert_eq!(log.prune(clock.now(), 3).await.unwrap(), 3);
    assert_eq!(follow(&log, place.clone(), 100).await, events[5..]);
    assert_eq!(follow(&log, start, 100).await, events[3..]);
    assert_eq!(log.prune(clock.now(), 4).await.unwrap(), 4);
    assert_eq!(follow(&log, place, 100).await, events[7..]);
}

/// A data directory that was emptied does not leave its followers waiting for numbers that come in a year.
#[tokio::test]
async fn a_place_behind_the_end_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let (_database, log) = open(directory.path(), &a_clock());
    log.append(batch(0..3, 8)).await.unwrap();
    let end = end(&log).await;
    assert_eq!(follow(&log, end, 10).await, []);
    for text in ["f3.0", "f9000.1", "f9223372036854775807.0"] {
        let refused = log.follow(Some(&Cursor::new(text)), 10).await;
        assert!(
            matches!(&refused, Err(StoreError::Refused(why)) if why.contains("another log")),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn what_was_rolled_back_is_followed_when_it_is_appended_again() {
    let directory = tempfile::tempdir().unwrap();
    let (database, log) = open(directory.path(), &a_clock());
    log.append(batch(0..3, 8)).await.unwrap();
    let place = end(&log).await;
    let limit = |pages: i64| {
        let work = move |connection: &Connection| {
            let used: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
            connection.pragma_update_and_check(None, "max_page_count", used + pages, |_| Ok(()))?;
            Ok(())
        };
        database.core.write(Order::Arrival, 0, work)
    };
    limit(0).await.unwrap();
    let big = batch(3..6, 100_000);
    assert!(log.append(big.clone()).await.unwrap_err().is_transient());
    assert_eq!(follow(&log, place.clone(), 10).await, []);
    limit(10_000).await.unwrap();
    let small = batch(6..8, 8);
    log.append(small.clone()).await.unwrap();
    log.append(big.clone()).await.unwrap();
    assert_eq!(follow(&log, place, 2).await, [small, big].concat());
}
