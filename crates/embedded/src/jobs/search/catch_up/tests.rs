use std::sync::Arc;

use domain::SystemClock;
use domain::query::Query;
use ports::NewJob;
use tokio::time::timeout;

use super::*;
use crate::jobs::admit;
use crate::jobs::fixtures::{Desk, at, job};
use crate::jobs::search::{Window, chunks_with, parts};
use crate::{Database, OpenOptions};

fn admit(desk: &Desk, numbers: Range<u128>, tag: &str) {
    let jobs: Vec<_> = numbers
        .map(|number| {
            Arc::new(NewJob {
                tags: vec![tag.to_owned()],
                ..job(number)
            })
        })
        .collect();
    desk.write(|table| admit::admit(table, &jobs, at(60)));
}

fn indexed_to(desk: &Desk) -> i64 {
    Watermark::read(&desk.connection).unwrap().chunk
}

/// The chunks that the index says a tag to be in, as far as it goes.
fn chunks_of(desk: &Desk, tag: &str) -> u64 {
    let terms: Vec<u64> = parts(tag).collect();
    let sets = chunks_with(&desk.connection, Window::of(0), &terms).unwrap();
    let known = !Window::of(0).from(indexed_to(desk));
    sets.into_iter().fold(known, |all, set| all & set)
}

fn remove_latest(desk: &Desk, count: i64) {
    for table in ["jobs", "job_bodies"] {
        let sql = format!("DELETE FROM {table} WHERE seq > (SELECT max(seq) FROM {table}) - ?1");
        desk.connection.execute(&sql, [count]).unwrap();
    }
}

#[test]
fn a_chunk_is_indexed_once_the_next_one_has_begun() {
    let desk = Desk::new();
    index(&desk.connection);
    assert_eq!(indexed_to(&desk), 0);
    // Numbers begin with 1.
    admit(&desk, 0..1023, "first");
    index(&desk.connection);
    assert_eq!(indexed_to(&desk), 0);
    admit(&desk, 1023..1024, "second");
    index(&desk.connection);
    assert_eq!((indexed_to(&desk), chunks_of(&desk, "first")), (1, 0b1));
    admit(&desk, 1024..9000, "second");
    index(&desk.connection);
    assert_eq!((indexed_to(&desk), chunks_of(&desk, "second")), (8, 0b1111_1110));
    assert_eq!(chunks_of(&desk, "neither"), 0);
}

#[test]
fn numbers_that_are_given_again_are_indexed_again() {
    let desk = Desk::new();
    admit(&desk, 0..3100, "before");
    index(&desk.connection);
    assert_eq!((indexed_to(&desk), chunks_of(&desk, "before")), (3, 0b111));
    remove_latest(&desk, 2000);
    admit(&desk, 5000..5001, "after");
    assert_eq!(
        indexed_to(&desk),
        1,
        "the chunk of the job that came is not indexed"
    );
    admit(&desk, 5001..7000, "after");
    index(&desk.connection);
    assert_eq!((indexed_to(&desk), chunks_of(&desk, "after")), (3, 0b110));
}

#[test]
fn the_first_job_after_a_start_may_have_a_number_that_was_given_before() {
    let desk = Desk::new();
    admit(&desk, 0..2100, "before");
    index(&desk.connection);
    remove_latest(&desk, 2100);
    let desk = desk.reopen();
    admit(&desk, 5000..5001, "after");
    assert_eq!(indexed_to(&desk), 0);
}

#[test]
fn what_was_read_of_numbers_that_are_given_again_is_not_stored() {
    let desk = Desk::new();
    admit(&desk, 0..1030, "before");
    let stretch = Stretch::next(&desk.connection).unwrap().unwrap();
    let digests = stretch.digests(&desk.connection);
    remove_latest(&desk, 20);
    admit(&desk, 5000..5100, "after");
    stretch.store(&desk.connection, &digests).unwrap();
    assert_eq!(indexed_to(&desk), 0);
    index(&desk.connection);
    assert_eq!((indexed_to(&desk), chunks_of(&desk, "after")), (1, 0b1));
}

#[test]
fn the_same_read_twice_is_stored_once() {
    let desk = Desk::new();
    admit(&desk, 0..1030, "tag");
    let stretches = [(); 2].map(|()| Stretch::next(&desk.connection).unwrap().unwrap());
    for stretch in stretches {
        stretch
            .store(&desk.connection, &stretch.digests(&desk.connection))
            .unwrap();
    }
    assert_eq!((indexed_to(&desk), desk.count("job_chunks")), (1, 1));
}

#[test]
fn chunks_whose_jobs_are_gone_are_passed_over() {
    let desk = Desk::new();
    admit(&desk, 0..1, "gone");
    desk.connection
        .execute("UPDATE jobs SET seq = 1024 * 1024 * 1024", [])
        .unwrap();
    desk.connection
        .execute("UPDATE job_bodies SET seq = 1024 * 1024 * 1024", [])
        .unwrap();
    admit(&desk, 1..1025, "here");
    index(&desk.connection);
    assert_eq!(
        (indexed_to(&desk), desk.count("job_chunks")),
        (1024 * 1024 + 1, 1)
    );
}

#[test]
fn whoever_is_busy_pauses() {
    let mut arrivals = Arrivals::default();
    let worked = Duration::from_millis(10);
    assert_eq!(arrivals.pause(0, worked), worked * PAUSE, "nothing is known yet");
    assert_eq!(arrivals.pause(1_000_000, worked), worked * PAUSE);
    assert_eq!(arrivals.pause(1_000_000, worked), Duration::ZERO);
    assert_eq!(arrivals.pause(5, worked), worked * PAUSE, "numbers begin anew");
}

#[tokio::test]
async fn a_search_starts_the_indexing_and_closing_ends_it() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path(), OpenOptions::new(Arc::new(SystemClock))).unwrap();
    let catch_up = database.catch_up.clone();
    let store = database.job_store();
    let jobs: Vec<_> = (0..3_000).map(|number| Arc::new(job(number))).collect();
    store.admit(jobs, at(60)).await.unwrap();
    let connection = Connection::open(directory.path().join("observatory.sqlite")).unwrap();
    let indexed = async {
        while Watermark::read(&connection).unwrap().chunk < 2 {
            store.list(&Query::default(), at(0), None, 1).await.unwrap();
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_mins(1), indexed).await.unwrap();
    database.close();
    assert!(store.list(&Query::default(), at(0), None, 1).await.is_err());
    let ended = async {
        while matches!(*catch_up.0.lock().unwrap(), State::Running) {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_mins(1), ended).await.unwrap();
}
