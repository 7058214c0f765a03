//! What a new process finds.

use super::*;

#[tokio::test]
async fn after_a_crash_exactly_what_was_not_settled_comes_again() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    publish(&bus, CREATED, 0..10).await;
    let work = bus.subscribe(Queue::Work, 6).await.unwrap();
    let held = take(&work, 6).await;
    assert!(held.iter().all(|delivery| !delivery.redelivered));
    ack(&work, &[held[0].clone(), held[2].clone(), held[5].clone()]).await;
    saved(&bus, Queue::Work, 3).await;
    drop((work, bus, database));

    let (_database, bus) = open(directory.path());
    assert_eq!(depth(&bus, Queue::Work).await.ready, 7);
    let work = bus.subscribe(Queue::Work, 20).await.unwrap();
    let again = take(&work, 7).await;
    assert_eq!(numbers(&again), [1, 3, 4, 6, 7, 8, 9]);
    assert!(again[..3].iter().all(|delivery| delivery.redelivered));
}

#[tokio::test]
async fn after_a_crash_whatever_may_have_been_delivered_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    publish(&bus, CREATED, 0..3).await;
    let work = bus.subscribe(Queue::Work, 2).await.unwrap();
    take(&work, 2).await;
    drop((work, bus, database));

    let (_database, bus) = open(directory.path());
    publish(&bus, CREATED, 3..4).await;
    let again = drain(&bus, Queue::Work, 4).await;
    assert_eq!(numbers(&again), [0, 1, 2, 3]);
    assert!(again[0].redelivered && again[1].redelivered && !again[3].redelivered);
}

#[tokio::test]
async fn after_a_close_in_order_a_first_delivery_is_a_first_delivery() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    publish(&bus, CREATED, 0..3).await;
    let work = bus.subscribe(Queue::Work, 2).await.unwrap();
    let held = take(&work, 2).await;
    ack(&work, &held[..1]).await;
    database.close();
    assert!(matches!(work.next(1).await, Err(BusError::Closed(_))));
    drop((work, bus, database));

    let (_database, bus) = open(directory.path());
    let again = drain(&bus, Queue::Work, 2).await;
    assert_eq!(numbers(&again), [1, 2]);
    assert!(again[0].redelivered && !again[1].redelivered);
}

#[tokio::test]
async fn a_consumer_that_waits_is_told_when_the_database_closes() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    let work = bus.subscribe(Queue::Work, 2).await.unwrap();
    let (ended, ()) = tokio::join!(work.next(1), async {
        tokio::task::yield_now().await;
        database.close();
    });
    assert!(matches!(ended, Err(BusError::Closed(_))));
}

#[tokio::test]
async fn numbers_go_on_after_the_log_was_empty() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    publish(&bus, CREATED, 0..5).await;
    for queue in [Queue::Work, Queue::Ledger, Queue::Events] {
        drain(&bus, queue, 5).await;
    }
    until("an idle log is empty", || blocks(directory.path()) == 0).await;
    drop((bus, database));

    let (_database, bus) = open(directory.path());
    publish(&bus, CREATED, 5..7).await;
    assert_eq!(numbers(&drain(&bus, Queue::Ledger, 2).await), [5, 6]);
}

#[tokio::test]
async fn returns_are_counted_across_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let (mut database, mut bus) = open(directory.path());
    publish(&bus, CREATED, 0..1).await;
    for _ in 0..3 {
        for _ in 0..7 {
            let work = bus.subscribe(Queue::Work, 1).await.unwrap();
            let held = take(&work, 1).await;
            work.settle(vec![(held[0].tag, Settle::Requeue)]).await.unwrap();
        }
        database.close();
        drop((bus, database));
        (database, bus) = open(directory.path());
    }
    assert_eq!(
        numbers(&drain(&bus, Queue::Events, 1).await),
        [0],
        "other queues keep their copy"
    );
    let letters = bus.subscribe(Queue::DeadLetters, 1).await.unwrap();
    let letter = take(&letters, 1).await;
    assert_eq!(letter[0].message.routing_key, routing::DEAD_LETTER);
    let text = String::from_utf8_lossy(&letter[0].message.body).into_owned();
    assert!(text.contains("delivery limit reached"), "{text}");
    assert_eq!(depth(&bus, Queue::Work).await.ready, 0);
}
