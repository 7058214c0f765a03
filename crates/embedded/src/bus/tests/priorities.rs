//! The queues of high and low priority, which came later than the others.

use super::*;
use crate::codes::queue_code;

const HIGH: &str = "job.created.high";
const LOW: &str = "job.created.low";

/// Takes out of the file what a program without priorities would not have written.
fn make_old(directory: &Path) {
    let file = file(directory);
    file.execute("DELETE FROM bus_queue WHERE queue >= 4", [])
        .unwrap();
    let changed = file.execute("UPDATE bus_log SET counts = substr(counts, 1, 4)", []);
    assert!(changed.unwrap() > 0, "there are blocks to change");
    let longest: i64 = file
        .query_row("SELECT max(length(counts)) FROM bus_log", [], |row| row.get(0))
        .unwrap();
    assert_eq!(longest, 4, "small counts take a byte each");
}

#[tokio::test]
async fn a_log_that_was_written_before_there_were_priorities_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let (database, bus) = open(directory.path());
    for start in [0, 10, 20] {
        publish(&bus, CREATED, start..start + 10).await;
    }
    drain(&bus, Queue::Work, 13).await;
    saved(&bus, Queue::Work, 0).await;
    database.close();
    drop((bus, database));
    make_old(directory.path());

    let (_database, bus) = open(directory.path());
    for (queue, ready) in [(Queue::Work, 17), (Queue::WorkHigh, 0), (Queue::WorkLow, 0)] {
        assert_eq!(depth(&bus, queue).await.ready, ready, "{}", queue.name());
    }
    publish(&bus, LOW, 30..32).await;
    publish(&bus, HIGH, 32..33).await;
    assert_eq!(numbers(&drain(&bus, Queue::WorkHigh, 1).await), [32]);
    assert_eq!(numbers(&drain(&bus, Queue::WorkLow, 2).await), [30, 31]);
    assert_eq!(
        numbers(&drain(&bus, Queue::Work, 17).await),
        (13..30).collect::<Vec<_>>()
    );
    assert_eq!(
        numbers(&drain(&bus, Queue::Ledger, 33).await),
        (0..33).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn work_of_any_priority_is_refused_when_the_bus_is_full() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path(), options().max_backlog_bytes(10_000)).unwrap();
    let bus = database.bus();
    for key in [CREATED, HIGH, LOW] {
        let refused = bus.publish(ports::parcels([message(key, 1, 11_000)])).await;
        assert!(matches!(refused, Err(BusError::Full(_))), "{key}: {refused:?}");
    }
    bus.publish(ports::parcels([message(DONE, 1, 11_000)]))
        .await
        .unwrap();
}

/// Otherwise every commit would write a row for each queue that nothing comes to.
#[tokio::test]
async fn a_queue_that_only_skips_is_not_saved() {
    let directory = tempfile::tempdir().unwrap();
    let (_database, bus) = open(directory.path());
    for number in 0..20 {
        publish(&bus, CREATED, number..number + 1).await;
    }
    for queue in [Queue::Work, Queue::Ledger, Queue::Events] {
        drain(&bus, queue, 20).await;
        saved(&bus, queue, 0).await;
    }
    let of = |queue: Queue| {
        let sql = "SELECT count(*) FROM bus_queue WHERE queue = ?1";
        file(directory.path())
            .query_row(sql, [queue_code(queue)], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(
        Queue::ALL.map(of),
        [1, 0, 0, 1, 1, 0],
        "those that something was taken from"
    );
}
