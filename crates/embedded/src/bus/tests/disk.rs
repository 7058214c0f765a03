//! A disk that is full or lies.

use super::*;

/// Lets the database grow by at most `pages` pages.
async fn limit(database: &Database, pages: i64) {
    let work = move |connection: &Connection| {
        let used: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
        connection.pragma_update_and_check(None, "max_page_count", used + pages, |_| Ok(()))?;
        Ok(())
    };
    let order = crate::writer::Order::Arrival;
    database.core.write(order, 0, work).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_unavailable_until_there_is_room() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    publish(&bus, CREATED, 0..1).await;
    limit(&database, 2).await;
    let refused = bus
        .publish(ports::parcels(vec![message(CREATED, 1, 200_000)]))
        .await;
    assert!(matches!(refused, Err(BusError::Unavailable(_))), "{refused:?}");
    limit(&database, 100_000).await;
    bus.publish(ports::parcels(vec![message(CREATED, 2, 200_000)]))
        .await
        .unwrap();
    let delivered = drain(&bus, Queue::Work, 2).await;
    assert_eq!(numbers(&delivered), [0, 2]);
}

#[tokio::test]
async fn acknowledgements_survive_a_commit_that_failed() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    publish(&bus, CREATED, 0..4).await;
    let work = bus.subscribe(Queue::Work, 4).await.unwrap();
    let held = take(&work, 4).await;
    limit(&database, 0).await;
    ack(&work, &held[..3]).await;
    assert!(
        bus.publish(ports::parcels(vec![message(CREATED, 9, 200_000)]))
            .await
            .is_err()
    );
    limit(&database, 100_000).await;
    ack(&work, &held[3..]).await;
    saved(&bus, Queue::Work, 0).await;
    drop((work, bus, database));
    let (_database, bus) = open(directory.path());
    let QueueDepth {
        ready,
        unacknowledged,
        ..
    } = depth(&bus, Queue::Work).await;
    assert_eq!((ready, unacknowledged), (0, 0));
}

#[tokio::test]
async fn a_block_that_was_damaged_is_named_and_not_skipped() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    publish(&bus, CREATED, 0..4).await;
    drop((bus, database));
    file(directory.path())
        .execute("UPDATE bus_log SET body = x'01ff00ff'", [])
        .unwrap();
    let (_database, bus) = open(directory.path());
    let work = bus.subscribe(Queue::Work, 4).await.unwrap();
    let refused = work.next(4).await.unwrap_err().to_string();
    assert!(refused.contains("bus_log 1"), "{refused}");
    assert_eq!(depth(&bus, Queue::Work).await.ready, 4);
}

#[tokio::test]
async fn a_cursor_that_was_damaged_keeps_the_database_from_opening() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    publish(&bus, CREATED, 0..4).await;
    drain(&bus, Queue::Work, 4).await;
    database.close();
    drop((bus, database));
    file(directory.path())
        .execute("UPDATE bus_queue SET outstanding = x'77'", [])
        .unwrap();
    let error = Database::open(directory.path(), options())
        .unwrap_err()
        .to_string();
    assert!(error.contains("bus_queue jobs.created"), "{error}");
}
