//! Unique keys and jobs for later.

use contracts::JobStatus;
use domain::limits::Hold;
use ports::{Reservation, Reserved};

use super::super::fixtures::job;
use super::super::{admit, record, unique};
use super::*;

fn later(number: u128, second: i64) -> NewJob {
    NewJob {
        run_at: Some(at(second)),
        ..keyed(number)
    }
}

fn keyed(number: u128) -> NewJob {
    NewJob {
        unique_key: Some("k".to_owned()),
        ..job(number)
    }
}

fn state(desk: &Desk, number: u128) -> (JobStatus, Option<Hold>, Option<Timestamp>) {
    desk.write(|table| {
        let stored = table.find(Uuid::from_u128(number))?.unwrap();
        let row = stored.row.clone();
        table.keep(stored);
        Ok((row.status, row.held, row.wake_at))
    })
}

fn reserve(desk: &Desk, number: u128, until: i64, now: i64) -> Reserved {
    let wish = Reservation {
        key: "k".to_owned(),
        job_id: Uuid::from_u128(number),
        until: at(until),
    };
    desk.write(|table| Ok(unique::reserve(table.connection(), &[wish], at(now))?[0]))
}

#[test]
fn a_job_for_later_waits_for_its_key_and_then_for_its_time() {
    for is_admitted in [false, true] {
        let desk = Desk::new();
        announce(&desk, 1, vec![keyed(1)]);
        if is_admitted {
            desk.write(|table| admit::admit(table, &[Arc::new(later(2, 50))], at(9)));
            assert_eq!(state(&desk, 2), (JobStatus::Pending, Some(Hold::Unique), None));
        }
        let answer = announce(&desk, 2, vec![later(2, 50)]);
        assert!(matches!(&*answer, [Claim::Waits(events)] if events.len() == 1));
        assert_eq!(state(&desk, 2), (JobStatus::Scheduled, Some(Hold::Unique), None));
        desk.write(|table| record::record(table, &[completed(1, 1, at(20))]));
        assert_eq!(state(&desk, 2), (JobStatus::Scheduled, None, Some(at(50))));
        assert!(take(&desk, 49, 9).is_empty());
        assert_eq!(numbers(&take(&desk, 50, 9)), [2]);
    }
}

#[test]
fn a_job_that_is_let_go_before_its_message_comes_does_not_start_before_its_time() {
    let desk = Desk::new();
    announce(&desk, 1, vec![keyed(1)]);
    desk.write(|table| admit::admit(table, &[Arc::new(later(2, 50))], at(9)));
    desk.write(|table| record::record(table, &[completed(1, 1, at(20))]));
    assert_eq!(state(&desk, 2), (JobStatus::Pending, None, Some(at(50))));
    assert!(take(&desk, 49, 9).is_empty());
}

#[test]
fn a_job_for_later_that_waited_for_a_reservation_waits_for_its_time() {
    let desk = Desk::new();
    assert_eq!(reserve(&desk, 9, 30, 0), Reserved::Yours);
    announce(&desk, 1, vec![later(2, 50)]);
    assert_eq!(
        state(&desk, 2),
        (JobStatus::Scheduled, Some(Hold::Unique), Some(at(30)))
    );
    assert!(take(&desk, 30, 9).is_empty());
    assert_eq!(state(&desk, 2), (JobStatus::Scheduled, None, Some(at(50))));
    assert_eq!(reserve(&desk, 9, 60, 31), Reserved::HeldBy(Uuid::from_u128(2)));
    assert_eq!(numbers(&take(&desk, 50, 9)), [2]);
}

#[test]
fn a_job_that_waits_for_a_reservation_waits_on_for_the_next_holder() {
    let desk = Desk::new();
    reserve(&desk, 9, 30, 0);
    announce(&desk, 1, vec![keyed(2)]);
    assert_eq!(reserve(&desk, 8, 40, 30), Reserved::Yours);
    assert!(take(&desk, 35, 9).is_empty());
    assert_eq!(
        state(&desk, 2),
        (JobStatus::Pending, Some(Hold::Unique), Some(at(40)))
    );
    assert_eq!(desk.count("job_waits"), 1);
    assert_eq!(numbers(&take(&desk, 40, 9)), [2]);
    assert_eq!(desk.count("job_waits"), 0);
}
