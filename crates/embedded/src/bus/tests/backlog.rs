//! Queues that fall behind, and what is kept for them.

use super::*;
use crate::bus::tail;

const KIB: usize = 1024;

async fn publish_large(bus: &Arc<dyn EventBus>, key: &'static str, count: u64, size: usize) {
    for number in 0..count {
        bus.publish(ports::parcels(vec![message(key, number, size)]))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_backlog_beyond_memory_is_read_from_the_file_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let (_database, bus) = open(directory.path());
    let count = u64::try_from(tail::CAPACITY / (100 * KIB)).unwrap() * 3 / 2;
    publish_large(&bus, CREATED, count, 100 * KIB).await;
    assert_eq!(depth(&bus, Queue::Work).await.ready, count);
    let read = drain(&bus, Queue::Work, usize::try_from(count).unwrap()).await;
    assert_eq!(numbers(&read), (0..count).collect::<Vec<_>>());
}

#[tokio::test]
async fn competing_consumers_of_a_backlog_in_the_file_share_it() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    for start in (0..2000).step_by(100) {
        publish(&bus, CREATED, start..start + 100).await;
    }
    drop((bus, database));
    let (_database, bus) = open(directory.path());
    let consume = || async {
        let work = bus.subscribe(Queue::Work, 50).await.unwrap();
        let mut mine = Vec::new();
        while let Ok(next) = tokio::time::timeout(Duration::from_millis(500), work.next(7)).await {
            let deliveries = next.unwrap();
            ack(&work, &deliveries).await;
            mine.extend(numbers(&deliveries));
        }
        mine
    };
    let (a, b, c) = tokio::join!(consume(), consume(), consume());
    let mut all = [a, b, c].concat();
    all.sort_unstable();
    assert_eq!(all, (0..2000).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_full_bus_refuses_new_work_but_not_the_events_of_old() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path(), options().max_backlog_bytes(100_000)).unwrap();
    let bus = database.bus();
    publish_large(&bus, CREATED, 9, 10 * KIB).await;
    let refused = bus
        .publish(ports::parcels(vec![message(CREATED, 9, 20 * KIB)]))
        .await;
    assert!(matches!(refused, Err(BusError::Full(_))), "{refused:?}");
    bus.publish(ports::parcels(vec![message(DONE, 10, 20 * KIB)]))
        .await
        .unwrap();
    assert!(matches!(
        bus.ping(Duration::from_secs(5)).await,
        Err(BusError::Full(_))
    ));
    let refused = bus
        .publish(ports::parcels(vec![message(DONE, 11, 20 * KIB)]))
        .await;
    assert!(matches!(refused, Err(BusError::Full(_))), "{refused:?}");
    drain(&bus, Queue::Work, 9).await;
    drain(&bus, Queue::Ledger, 9).await;
    drain(&bus, Queue::Events, 10).await;
    until("the log is empty", || blocks(directory.path()) == 0).await;
    bus.publish(ports::parcels(vec![message(CREATED, 12, 20 * KIB)]))
        .await
        .unwrap();
}

#[tokio::test]
async fn one_message_that_is_held_for_long_does_not_keep_the_rest() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    publish(&bus, CREATED, 0..20).await;
    let work = bus.subscribe(Queue::Work, 20).await.unwrap();
    let held = take(&work, 20).await;
    ack(&work, &[&held[..7], &held[8..]].concat()).await;
    drain(&bus, Queue::Ledger, 20).await;
    drain(&bus, Queue::Events, 20).await;
    let events = bus.subscribe(Queue::Events, 10).await.unwrap();
    for number in 0..800 {
        bus.publish(ports::parcels(vec![message(DONE, number, 100 * KIB)]))
            .await
            .unwrap();
        let deliveries = take(&events, 1).await;
        ack(&events, &deliveries).await;
    }
    until("the log is thinned out", || {
        log_bytes(directory.path()) < 40 << 20
    })
    .await;
    saved(&bus, Queue::Work, 1).await;
    saved(&bus, Queue::Events, 0).await;
    drop((work, events, bus, database));

    let (_database, bus) = open(directory.path());
    let again = drain(&bus, Queue::Work, 1).await;
    assert_eq!((number(&again[0]), again[0].redelivered), (7, true));
    assert_eq!(depth(&bus, Queue::Work).await.ready, 0);
    assert_eq!(depth(&bus, Queue::Ledger).await.ready, 0);
    until("the log is empty", || blocks(directory.path()) == 0).await;
}

#[tokio::test]
async fn a_queue_without_consumers_keeps_only_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    bus.publish(ports::parcels(vec![message(routing::DEAD_LETTER, 1, 8)]))
        .await
        .unwrap();
    let events = bus.subscribe(Queue::Events, 10).await.unwrap();
    for number in 0..800 {
        bus.publish(ports::parcels(vec![message(DONE, number, 100 * KIB)]))
            .await
            .unwrap();
        let deliveries = take(&events, 1).await;
        ack(&events, &deliveries).await;
    }
    until("the log is thinned out", || {
        log_bytes(directory.path()) < 40 << 20
    })
    .await;
    drop((events, bus, database));
    let (_database, bus) = open(directory.path());
    assert_eq!(depth(&bus, Queue::DeadLetters).await.ready, 1);
    assert_eq!(numbers(&drain(&bus, Queue::DeadLetters, 1).await), [1]);
}

#[tokio::test]
async fn a_consumer_that_reads_nothing_holds_no_memory() {
    let directory = tempfile::tempdir().unwrap();
    let (_database, bus) = open(directory.path());
    publish_large(&bus, DONE, 5, 8).await;
    for queue in [Queue::Work, Queue::Ledger, Queue::DeadLetters] {
        let QueueDepth {
            ready,
            unacknowledged,
            ..
        } = depth(&bus, queue).await;
        assert_eq!((ready, unacknowledged), (0, 0), "{}", queue.name());
    }
    drain(&bus, Queue::Events, 5).await;
    until("others hold nothing back", || blocks(directory.path()) == 0).await;
}
