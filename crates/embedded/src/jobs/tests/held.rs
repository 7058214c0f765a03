//! Jobs that limits hold back, many of them.

use std::num::NonZeroU32;

use contracts::Priority;
use domain::limits::Limits;

use super::super::fixtures::job;
use super::super::record;
use super::*;

fn paused(is_paused: bool) -> LimitChange {
    let limits = Limits {
        paused: is_paused,
        ..Limits::default()
    };
    LimitChange::Of("echo".to_owned(), limits)
}

fn places(job_type: &str, count: u32) -> LimitChange {
    let limits = Limits {
        concurrency: NonZeroU32::new(count),
        ..Limits::default()
    };
    LimitChange::Of(job_type.to_owned(), limits)
}

fn of_type(job_type: &str, numbers: std::ops::Range<u128>) -> Vec<NewJob> {
    numbers
        .map(|number| NewJob {
            job_type: job_type.to_owned(),
            ..job(number)
        })
        .collect()
}

fn echoes(numbers: std::ops::Range<u128>) -> Vec<NewJob> {
    of_type("echo", numbers)
}

#[test]
fn the_backlog_of_a_pause_goes_in_batches_and_no_batch_touches_the_rest() {
    let desk = Desk::new();
    set(&desk, &paused(true));
    for first in (0..3_000).step_by(500) {
        assert_eq!(started(&announce(&desk, 1, echoes(first..first + 500))), 0);
    }
    set(&desk, &paused(false));
    assert_eq!(desk.count("job_holds"), 3_000, "resuming lets none go by itself");
    for first in (0..3_000).step_by(200) {
        let changes = desk.connection.total_changes();
        let taken = take(&desk, 2, 200);
        assert_eq!(numbers(&taken), (first..first + 200).collect::<Vec<_>>());
        // For each job its row and its place among those held back.
        assert!(desk.connection.total_changes() - changes <= 400);
    }
    assert_eq!((take(&desk, 2, 200).len(), desk.count("job_holds")), (0, 0));
}

#[test]
fn higher_priorities_go_first_and_arrivals_in_their_order() {
    let desk = Desk::new();
    set(&desk, &places("echo", 1));
    let priorities = [
        Priority::Low,
        Priority::Normal,
        Priority::High,
        Priority::Normal,
        Priority::High,
    ];
    let jobs = (0..).zip(priorities).map(|(number, priority)| NewJob {
        priority,
        ..job(number)
    });
    let first = job(100);
    announce(&desk, 1, [first].into_iter().chain(jobs).collect());
    let mut order = vec![100];
    for turn in 2..7 {
        let last = order[order.len() - 1];
        desk.write(|table| record::record(table, &[completed(last, 1, at(2))]));
        let taken = take(&desk, 3, 100);
        order.extend(numbers(&taken));
        assert_eq!(started(&arrive(&desk, turn, taken)), 1);
    }
    assert_eq!(order, [100, 2, 4, 1, 3, 0]);
}

#[test]
fn no_more_go_than_may_start_however_often_the_scheduler_looks() {
    let desk = Desk::new();
    set(&desk, &places("echo", 2));
    announce(&desk, 1, echoes(0..10));
    set(&desk, &places("echo", 5));
    let taken = take(&desk, 2, 100);
    assert_eq!(numbers(&taken), [2, 3, 4]);
    assert!(take(&desk, 2, 100).is_empty(), "they are on their way");
    assert!(take(&desk, 6, 100).is_empty(), "and still are");
    assert_eq!(
        numbers(&take(&desk, 7, 100)),
        [2, 3, 4],
        "they are lost: again they use up the room"
    );
    assert_eq!(started(&arrive(&desk, 2, taken)), 3);
    assert!(take(&desk, 8, 100).is_empty());
    desk.write(|table| record::record(table, &[completed(0, 1, at(8))]));
    assert_eq!(numbers(&take(&desk, 8, 100)), [5]);
}

#[test]
fn jobs_that_are_on_their_way_are_forgotten_by_another_process_and_held_back_by_their_claim() {
    let desk = Desk::new();
    set(&desk, &places("echo", 1));
    announce(&desk, 1, echoes(0..4));
    desk.write(|table| record::record(table, &[completed(0, 1, at(2))]));
    let mut taken = take(&desk, 2, 100);
    let desk = desk.reopen();
    taken.extend(take(&desk, 2, 100));
    assert_eq!(numbers(&taken), [1, 2]);
    assert_eq!(started(&arrive(&desk, 2, taken)), 1);
    assert_eq!(desk.count("job_holds"), 2);
}

#[test]
fn types_take_turns() {
    let desk = Desk::new();
    set(&desk, &LimitChange::PauseAll(true));
    for number in 0..5_u128 {
        let first = number * 100;
        announce(&desk, 1, of_type(&format!("type-{number}"), first..first + 50));
    }
    announce(&desk, 1, of_type("", 900..950));
    set(&desk, &LimitChange::PauseAll(false));
    // Each call fills up with the jobs of one type, and the next one begins behind it.
    let first: Vec<u128> = (0..7).map(|_| numbers(&take(&desk, 2, 10))[0]).collect();
    assert_eq!(first, [900, 0, 100, 200, 300, 400, 910]);
    // With more room than one type fills, several go at once.
    let mut lefts: Vec<u128> = numbers(&take(&desk, 2, 500));
    lefts.sort_unstable();
    assert_eq!(lefts.len(), 300 - 70);
    lefts.dedup();
    assert_eq!((lefts.len(), desk.count("job_holds")), (230, 0));
}

#[test]
fn a_paused_type_is_in_nobodys_way() {
    let desk = Desk::new();
    set(&desk, &LimitChange::PauseAll(true));
    announce(&desk, 1, [echoes(0..50), of_type("mail", 100..150)].concat());
    set(&desk, &paused(true));
    set(&desk, &LimitChange::PauseAll(false));
    let taken = take(&desk, 2, 20);
    assert_eq!(numbers(&taken), (100..120).collect::<Vec<_>>());
    assert_eq!(numbers(&take(&desk, 2, 100)), (120..150).collect::<Vec<_>>());
    assert!(take(&desk, 2, 100).is_empty());
}

#[test]
fn a_job_that_is_held_is_not_among_those_that_are_due() {
    let desk = Desk::new();
    set(&desk, &paused(true));
    desk.write(|table| super::super::admit::admit(table, &[Arc::new(job(1))], at(3)));
    announce(&desk, 1, echoes(1..2));
    let due = "jobs WHERE wake_at IS NOT NULL";
    assert_eq!((desk.count(due), desk.count("job_holds")), (0, 1));
    set(&desk, &paused(false));
    assert_eq!(numbers(&take(&desk, 2, 9)), [1]);
    assert_eq!((desk.count(due), desk.count("job_holds")), (1, 0));
}
