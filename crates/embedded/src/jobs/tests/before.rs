//! Rows that the programs before have written.

use contracts::{JobStatus, Priority};
use ports::{Command, CommandOutcome};

use super::super::fixtures::job;
use super::super::{command, detail, leases};
use super::*;

/// Makes a stored job's state and body what they were before jobs had wishes.
fn write_as_before(desk: &Desk, number: u128) {
    let id = Uuid::from_u128(number);
    let sql = "SELECT seq, state FROM jobs WHERE id = ?1";
    let (seq, mut state): (i64, Vec<u8>) = desk
        .connection
        .query_row(sql, [id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!((state[0], state[1] & !3), (2, 0));
    state[0] = 1;
    let update = "UPDATE jobs SET state = ?2 WHERE seq = ?1";
    desk.connection.execute(update, (seq, state)).unwrap();
}

#[test]
fn jobs_of_the_version_before_go_on() {
    let desk = Desk::new();
    desk.write(|table| super::super::admit::admit(table, &[Arc::new(job(1))], at(9)));
    announce(&desk, 1, vec![job(2), job(3)]);
    for number in 1..=3 {
        write_as_before(&desk, number);
    }
    let desk = desk.reopen();
    let read = |number| {
        detail::job(&desk.connection, Uuid::from_u128(number))
            .unwrap()
            .unwrap()
    };
    let running = read(2);
    assert_eq!(
        (running.summary.status, running.summary.priority, running.round),
        (JobStatus::Executing, Priority::Normal, 0)
    );
    assert_eq!((running.accepted_at, running.logs.len()), (at(0), 0));
    assert_eq!(numbers(&take(&desk, 9, 9)), [1]);
    let ids = [2, 3].map(Uuid::from_u128);
    let cancelled = desk.write(|table| command::command(table, &ids[..1], Command::Cancel, at(10)));
    assert_eq!(cancelled, [CommandOutcome::Requested]);
    assert_eq!(desk.write(|table| leases::reap(table, at(10), 9)), 2);
    assert_eq!(read(2).summary.status, JobStatus::Cancelled);
    assert_eq!(read(3).summary.status, JobStatus::Retrying);
}
