//! What the writer remembers and what the tables have.

use std::num::NonZeroU32;

use domain::limits::{Hold, Limits};
use ports::{Command, CommandOutcome, Reservation, Reserved};

use super::super::fixtures::job;
use super::super::table::Table;
use super::super::{admit, command, leases, prune, record, unique};
use super::*;
use crate::error::Failure;
use crate::writer::Attendant;

fn one_at_a_time() -> LimitChange {
    let limits = Limits {
        concurrency: NonZeroU32::new(1),
        ..Limits::default()
    };
    LimitChange::Of("echo".to_owned(), limits)
}

fn keyed(number: u128) -> NewJob {
    NewJob {
        unique_key: Some("k".to_owned()),
        ..job(number)
    }
}

fn held(desk: &Desk, number: u128) -> Option<Hold> {
    desk.write(|table| {
        let stored = table.find(Uuid::from_u128(number))?.unwrap();
        let held = stored.row.held;
        table.keep(stored);
        Ok(held)
    })
}

fn request(job: NewJob) -> Vec<ClaimRequest> {
    vec![ClaimRequest {
        job: Arc::new(job),
        attempt: 1,
        dispatched: false,
    }]
}

#[test]
fn a_start_that_was_rolled_back_takes_no_place() {
    let desk = Desk::new();
    set(&desk, &one_at_a_time());
    let requests = request(job(1));
    let claims = desk.roll_back(|table| claim::claim(table, &ticket(1), &requests));
    assert_eq!(started(&claims), 1);
    assert_eq!(started(&announce(&desk, 2, vec![job(2)])), 1);
    assert_eq!(started(&announce(&desk, 3, vec![job(1)])), 0);
    assert_eq!(held(&desk, 1), Some(Hold::Concurrency));
}

#[test]
fn an_end_that_was_rolled_back_leaves_no_place() {
    let desk = Desk::new();
    set(&desk, &one_at_a_time());
    announce(&desk, 1, vec![job(1), job(2)]);
    desk.roll_back(|table| record::record(table, &[completed(1, 1, at(2))]));
    assert!(take(&desk, 2, 9).is_empty());
    let desk = desk.reopen();
    assert!(take(&desk, 2, 9).is_empty(), "and for another process");
    desk.write(|table| record::record(table, &[completed(1, 1, at(2))]));
    assert_eq!(numbers(&take(&desk, 2, 9)), [2]);
}

#[test]
fn a_key_that_was_let_go_and_rolled_back_is_still_its_owners() {
    let desk = Desk::new();
    announce(&desk, 1, vec![keyed(1), keyed(2)]);
    let requests = [completed(1, 1, at(2))];
    desk.roll_back(|table| record::record(table, &requests));
    assert_eq!(held(&desk, 2), Some(Hold::Unique));
    assert_eq!((desk.count("unique_keys"), desk.count("job_waits")), (1, 1));
    desk.write(|table| record::record(table, &requests));
    assert_eq!(held(&desk, 2), None);
    assert_eq!((desk.count("unique_keys"), desk.count("job_waits")), (1, 0));
}

type Work<'w> = &'w dyn Fn(&mut Table<'_>) -> Result<(), Failure>;

/// Runs operations as the writer does once their group has failed as a whole.
fn one_by_one<const N: usize>(desk: &Desk, works: [Work<'_>; N]) -> [bool; N] {
    desk.recent.rolled_back();
    desk.connection.execute_batch("BEGIN").unwrap();
    let outcomes = works.map(|work| {
        desk.connection.execute_batch("SAVEPOINT operation").unwrap();
        let mut table = Table::new(&desk.connection, &desk.recent).unwrap();
        let outcome = work(&mut table).and_then(|()| table.settle());
        drop(table);
        if outcome.is_err() {
            desk.connection.execute_batch("ROLLBACK TO operation").unwrap();
            desk.recent.rolled_back();
        }
        desk.connection.execute_batch("RELEASE operation").unwrap();
        outcome.is_ok()
    });
    desk.recent.write(&desk.connection).unwrap();
    desk.connection.execute_batch("COMMIT").unwrap();
    desk.recent.committed();
    outcomes
}

#[test]
fn an_operation_that_fails_takes_nothing_from_the_others_of_its_group() {
    let desk = Desk::new();
    announce(&desk, 1, vec![job(1)]);
    let refused = || Err(Failure::Refused("no".to_owned()));
    let outcomes = one_by_one(
        &desk,
        [
            &|table| {
                record::record(table, &[completed(1, 1, at(2))])?;
                claim::claim(table, &ticket(2), &request(job(2))).map(|_| ())
            },
            &|table| {
                claim::claim(table, &ticket(3), &request(job(3)))?;
                refused()
            },
            &|table| claim::claim(table, &ticket(4), &request(job(4))).map(|_| ()),
            &|_| refused(),
        ],
    );
    assert_eq!(outcomes, [true, false, true, false]);
    let running = |desk: &Desk| desk.write(|table| Ok(table.running()?.orphans(9, |_| false).len()));
    assert_eq!(running(&desk), 2);
    let desk = desk.reopen();
    assert_eq!(running(&desk), 2);
    let reaped = desk.write(|table| leases::reap(table, at(3), 9));
    assert_eq!(reaped, 2, "both are found when their worker dies");
}

#[test]
fn cancellations_are_known_to_another_process_and_not_after_a_rollback() {
    let desk = Desk::new();
    announce(&desk, 1, vec![job(1), job(2)]);
    let wanted = |desk: &Desk| desk.write(|table| Ok(table.running()?.cancelling("w")));
    let cancel = |number| {
        move |table: &mut Table<'_>| {
            command::command(table, &[Uuid::from_u128(number)], Command::Cancel, at(2))
        }
    };
    assert_eq!(desk.roll_back(cancel(1)), [CommandOutcome::Requested]);
    assert_eq!(wanted(&desk), []);
    desk.write(cancel(2));
    assert_eq!(wanted(&desk), [(Uuid::from_u128(2), 1)]);
    let desk = desk.reopen();
    assert_eq!(wanted(&desk), [(Uuid::from_u128(2), 1)]);
    desk.write(|table| record::record(table, &[completed(2, 1, at(3))]));
    assert_eq!(wanted(&desk), []);
}

#[test]
fn reservations_that_have_ended_are_swept() {
    let desk = Desk::new();
    let reserve = |number: u128, until: i64, now: i64| {
        let wish = Reservation {
            key: format!("key-{number}"),
            job_id: Uuid::from_u128(number),
            until: at(until),
        };
        unique::reserve(&desk.connection, &[wish], at(now)).unwrap()
    };
    for number in 0..150 {
        assert_eq!(reserve(number, 10, 1), [Reserved::Yours]);
    }
    announce(&desk, 1, vec![keyed(500)]);
    reserve(600, 90, 20);
    assert_eq!(desk.count("unique_keys"), 150 - 100 + 2, "a hundred at a time");
    reserve(601, 90, 20);
    assert_eq!(desk.count("unique_keys"), 3, "what is owned stays");
}

#[test]
fn nothing_is_left_of_a_job_that_is_forgotten() {
    let desk = Desk::new();
    set(&desk, &one_at_a_time());
    announce(&desk, 1, vec![keyed(1), keyed(2), job(3)]);
    let mut result = completed(1, 1, at(2));
    result.log.push(domain::LogLine {
        at: at(2),
        text: "hello".to_owned(),
    });
    desk.write(|table| record::record(table, &[result]));
    let each = |command| {
        let ids = [1, 2, 3].map(Uuid::from_u128);
        desk.write(|table| command::command(table, &ids, command, at(3)))
    };
    assert_eq!(desk.count("job_logs"), 1);
    each(Command::Cancel);
    assert_eq!(each(Command::Delete), [CommandOutcome::Done; 3]);
    for table in [
        "jobs",
        "job_bodies",
        "job_logs",
        "job_holds",
        "job_waits",
        "unique_keys",
    ] {
        assert_eq!(desk.count(table), 0, "{table}");
    }
}

#[test]
fn no_message_brings_a_forgotten_job_back() {
    let desk = Desk::new();
    let admit = |desk: &Desk| {
        let jobs = [1, 2].map(|number| Arc::new(job(number)));
        desk.write(|table| admit::admit(table, &jobs, at(1)));
    };
    admit(&desk);
    let taken = take(&desk, 1, 9);
    assert_eq!(numbers(&taken), [1, 2]);
    for command in [Command::Cancel, Command::Delete] {
        let ids = [1, 2].map(Uuid::from_u128);
        let outcomes = desk.write(|table| command::command(table, &ids, command, at(3)));
        assert_eq!(outcomes, [CommandOutcome::Done; 2]);
    }
    let nothing = [Claim::Passed(Vec::new()), Claim::Passed(Vec::new())];
    assert_eq!(arrive(&desk, 1, taken), nothing);
    let desk = desk.reopen();
    admit(&desk);
    assert_eq!(announce(&desk, 2, vec![job(1), keyed(2)]), nothing);
    assert_eq!(desk.count("jobs"), 0);
    assert_eq!(
        started(&announce(&desk, 3, vec![job(3)])),
        1,
        "others come as ever"
    );
}

#[test]
fn what_was_forgotten_is_remembered_for_as_long_as_jobs_are() {
    let desk = Desk::new();
    desk.write(|table| admit::admit(table, &[Arc::new(job(1))], at(1)));
    for command in [Command::Cancel, Command::Delete] {
        desk.write(|table| command::command(table, &[Uuid::from_u128(1)], command, at(3)));
    }
    let nothing = [Claim::Passed(Vec::new())];
    for (before, left) in [(at(3), 1), (at(4), 0)] {
        desk.write(|table| prune::remove(table, &[], before));
        assert_eq!(desk.count("forgotten_jobs"), left);
        assert_eq!(announce(&desk, 1, vec![job(1)]) == nothing, left == 1);
    }
}
