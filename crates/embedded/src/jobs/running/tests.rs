use domain::Row;
use jiff::Timestamp;

use super::super::fixtures::job;
use super::*;

fn waiting(seq: i64) -> Stored {
    let mut job = job(seq.cast_unsigned().into());
    job.job_type = if seq % 2 == 0 { "even" } else { "odd" }.to_owned();
    Stored {
        seq,
        ..Stored::arriving(&job, Row::pending(Timestamp::UNIX_EPOCH))
    }
}

fn held(seq: i64, worker: &str) -> Stored {
    let mut stored = waiting(seq);
    stored.row.start(worker, 1);
    stored
}

fn some_running() -> Running {
    let mut running = Running::default();
    for (seq, worker) in [(3, "a"), (5, "b"), (900, "a")] {
        running.note(&held(seq, worker));
    }
    running
}

#[test]
fn running_jobs_are_known_until_they_end() {
    let mut running = some_running();
    assert_eq!(running.orphans(9, |_| false), [3, 5, 900]);
    assert_eq!(running.orphans(9, |worker| worker == "b"), [3, 900]);
    assert_eq!(running.orphans(1, |worker| worker == "b"), [3]);
    running.note(&waiting(3));
    assert_eq!(running.orphans(9, |_| false), [5, 900]);
    assert_eq!(decode(&running.encode()), Ok(vec![5, 900]));
}

#[test]
fn they_are_counted_by_type_whenever_the_counting_begins() {
    let mut running = some_running();
    let mut later = some_running();
    assert_eq!((running.of_type("odd"), running.of_type("even")), (2, 1));
    for list in [&mut running, &mut later] {
        list.note(&waiting(3));
        list.note(&waiting(3));
        list.note(&waiting(900));
        list.note(&held(7, "b"));
        list.note(&held(7, "b"));
    }
    for list in [&mut running, &mut later] {
        assert_eq!((list.of_type("odd"), list.of_type("even")), (2, 0));
    }
    assert_eq!(
        running.of_types.map(|counts| counts.len()),
        Some(1),
        "no count of nothing is kept"
    );
}

#[test]
fn attempts_to_end_are_told_to_their_worker_until_they_have_ended() {
    let mut running = some_running();
    assert_eq!(running.cancelling("a"), []);
    for seq in [3, 5] {
        let mut stored = held(seq, if seq == 3 { "a" } else { "b" });
        stored.row.cancel();
        running.note(&stored);
    }
    assert_eq!(running.cancelling("a"), [(Uuid::from_u128(3), 1)]);
    assert_eq!(running.cancelling("b"), [(Uuid::from_u128(5), 1)]);
    running.note(&waiting(3));
    assert_eq!(running.cancelling("a"), []);
}

#[test]
fn bad_lists_are_refused() {
    assert_eq!(decode(&[]), Err(Malformed::Short));
    assert_eq!(decode(&[2]), Err(Malformed::Bad("version")));
    assert_eq!(decode(&[1, 0x80]), Err(Malformed::Short));
}
