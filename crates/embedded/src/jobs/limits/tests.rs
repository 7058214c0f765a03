use std::num::NonZeroU32;

use domain::limits::{Hold, Rate};

use super::super::fixtures::{Desk, at};
use super::*;

fn places(count: u32) -> Limits {
    Limits {
        concurrency: NonZeroU32::new(count),
        ..Limits::default()
    }
}

fn starts(limit: u32, per: &str) -> Limits {
    Limits {
        rate: Some(Rate::new(limit, per.parse().unwrap()).unwrap()),
        ..Limits::default()
    }
}

fn of(job_type: &str, limits: Limits) -> LimitChange {
    LimitChange::Of(job_type.to_owned(), limits)
}

fn set(desk: &Desk, change: &LimitChange) {
    desk.write(|table| {
        let connection = table.connection();
        table.limits()?.change(connection, change)
    });
}

/// A fresh job that nobody is before.
const FRESH: Ask = Ask {
    running: 0,
    others_wait: false,
    is_released: false,
};

const IDLE: Busy = Busy {
    running: 0,
    about_to_run: 0,
};

fn start(desk: &Desk, second: i64) -> Verdict {
    desk.write(|table| Ok(table.limits()?.gate("mail", FRESH, at(second))))
}

fn room(desk: &Desk, busy: Busy, second: i64) -> usize {
    desk.write(|table| Ok(table.limits()?.room("mail", busy, at(second), 100)))
}

#[test]
fn where_nothing_is_set_nothing_is_asked() {
    let desk = Desk::new();
    let is_open = |job_type| desk.write(|table| Ok(table.limits()?.is_open(job_type)));
    assert!(is_open("mail"));
    set(&desk, &of("mail", places(1)));
    assert!(!is_open("mail") && is_open("echo"));
    set(&desk, &of("mail", Limits::default()));
    assert!(is_open("mail"));
    assert_eq!(desk.count("limits"), 0, "open limits are not kept");
    set(&desk, &LimitChange::PauseAll(true));
    assert!(!is_open("echo"));
}

#[test]
fn limits_are_the_same_for_another_process() {
    let desk = Desk::new();
    set(&desk, &of("mail", starts(2, "10s")));
    set(&desk, &of("echo", places(7)));
    set(&desk, &LimitChange::PauseAll(true));
    let before = all(&desk.connection).unwrap();
    assert!(before.paused && before.types.len() == 2);
    let desk = desk.reopen();
    assert_eq!(all(&desk.connection).unwrap(), before);
    desk.write(|table| {
        assert!(table.limits()?.is_all_paused() && table.limits()?.has_places("echo"));
        Ok(())
    });
}

#[test]
fn tokens_that_were_taken_are_gone_for_another_process() {
    let desk = Desk::new();
    set(&desk, &of("mail", starts(2, "10s")));
    assert_eq!(room(&desk, IDLE, 0), 2);
    assert_eq!([start(&desk, 0), start(&desk, 0)], [Verdict::Open, Verdict::Open]);
    let desk = desk.reopen();
    assert_eq!(room(&desk, IDLE, 0), 0);
    let wait = Verdict::Hold {
        reason: Hold::Rate,
        look_again_at: Some(at(5)),
    };
    assert_eq!(start(&desk, 0), wait);
    assert_eq!(room(&desk, IDLE, 5), 1);
}

#[test]
fn a_start_that_was_rolled_back_costs_nothing() {
    let desk = Desk::new();
    set(&desk, &of("mail", starts(1, "10s")));
    let rolled_back = desk.roll_back(|table| Ok(table.limits()?.gate("mail", FRESH, at(0))));
    assert_eq!(rolled_back, Verdict::Open);
    assert_eq!(start(&desk, 0), Verdict::Open);
    assert_ne!(start(&desk, 0), Verdict::Open);
}

#[test]
fn a_change_keeps_the_tokens_and_a_rate_that_comes_back_is_full() {
    let desk = Desk::new();
    set(&desk, &of("mail", starts(1, "10s")));
    start(&desk, 0);
    let mut paused = starts(1, "10s");
    paused.paused = true;
    for limits in [paused, starts(2, "10s")] {
        set(&desk, &of("mail", limits));
        assert_eq!(room(&desk, IDLE, 0), 0);
    }
    set(&desk, &of("mail", places(9)));
    set(&desk, &of("mail", starts(3, "10s")));
    assert_eq!(room(&desk, IDLE, 0), 3);
}

#[test]
fn there_is_room_for_what_may_start_beside_what_runs_and_what_is_on_its_way() {
    let desk = Desk::new();
    let busy = |running, about_to_run| Busy {
        running,
        about_to_run,
    };
    assert_eq!(room(&desk, busy(5, 5), 0), 100, "without limits there always is");
    set(&desk, &of("mail", places(5)));
    assert_eq!(room(&desk, busy(1, 0), 0), 4);
    assert_eq!(room(&desk, busy(1, 3), 0), 1);
    assert_eq!(room(&desk, busy(9, 3), 0), 0);
    let both = Limits {
        concurrency: NonZeroU32::new(5),
        ..starts(3, "10s")
    };
    set(&desk, &of("mail", both));
    assert_eq!(room(&desk, busy(0, 0), 0), 3);
    assert_eq!(room(&desk, busy(0, 2), 0), 1);
    assert_eq!(room(&desk, busy(4, 0), 0), 1);
    assert_eq!(room(&desk, busy(0, 0), 0), 3, "looking takes nothing");
    set(&desk, &LimitChange::PauseAll(true));
    assert_eq!(room(&desk, busy(0, 0), 0), 0);
}

#[test]
fn the_number_of_limited_types_is_bounded() {
    let desk = Desk::new();
    let refused = desk.write(|table| {
        let connection = table.connection();
        let limiter = table.limits()?;
        for number in 0..MAX_LIMITED_TYPES {
            limiter.change(connection, &of(&format!("type-{number}"), places(1)))?;
        }
        limiter.change(connection, &of("type-0", places(2)))?;
        Ok(limiter.change(connection, &of("one-more", places(1))))
    });
    assert!(matches!(refused, Err(Failure::Refused(_))), "{refused:?}");
}
