//! How closed lists and moments are stored. The numbers are in databases already: append, never change.

use contracts::{JobStatus, Priority};
use domain::limits::Hold;
use jiff::Timestamp;

use crate::error::Failure;

/// The stored number of a job's state.
pub(crate) const fn status_code(status: JobStatus) -> i16 {
    match status {
        JobStatus::Pending => 1,
        JobStatus::Validated => 2,
        JobStatus::Scheduled => 3,
        JobStatus::Executing => 4,
        JobStatus::Completed => 5,
        JobStatus::Failed => 6,
        JobStatus::Cancelled => 7,
        JobStatus::Quarantined => 8,
        JobStatus::Retrying => 9,
    }
}

/// The state behind a stored number.
pub(crate) fn status(code: i16) -> Result<JobStatus, Failure> {
    let mut all = JobStatus::ALL.into_iter();
    let known = all.find(|status| status_code(*status) == code);
    known.ok_or_else(|| unknown("status", code))
}

/// The stored number of a priority; of two jobs the one with the lower rank goes first.
pub(crate) const fn rank(priority: Priority) -> i16 {
    match priority {
        Priority::High => 1,
        Priority::Normal => 2,
        Priority::Low => 3,
    }
}

/// The priority behind a stored number.
pub(crate) fn priority(code: i16) -> Result<Priority, Failure> {
    let mut all = Priority::ALL.into_iter();
    let known = all.find(|priority| rank(*priority) == code);
    known.ok_or_else(|| unknown("priority", code))
}

/// The stored number of a reason to hold a job back. Those below that of [`Hold::Unique`] are the limits of its type.
pub(crate) const fn hold_code(hold: Hold) -> i16 {
    match hold {
        Hold::Paused => 1,
        Hold::Concurrency => 2,
        Hold::Rate => 3,
        Hold::Unique => 4,
    }
}

/// The reason behind a stored number.
pub(crate) fn hold(code: i16) -> Result<Hold, Failure> {
    let mut all = Hold::ALL.into_iter();
    let known = all.find(|hold| hold_code(*hold) == code);
    known.ok_or_else(|| unknown("reason to hold a job back", code))
}

fn unknown(what: &str, code: i16) -> Failure {
    Failure::Corrupt(format!("{code} is no {what}"))
}

/// The moment behind a stored number of microseconds.
pub(crate) fn moment(micros: i64) -> Result<Timestamp, Failure> {
    // Not `from_microsecond`, which refuses the last microseconds before the maximum.
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1000).unwrap_or_default();
    Timestamp::new(micros.div_euclid(1_000_000), nanos).map_err(|error| Failure::Corrupt(error.to_string()))
}

/// The store keeps no finer time.
pub(crate) fn to_the_microsecond(at: Timestamp) -> Timestamp {
    moment(at.as_microsecond()).unwrap_or(at)
}

/// A number of things that are asked for.
pub(crate) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_back() {
        for known in JobStatus::ALL {
            assert_eq!(status(status_code(known)), Ok(known));
        }
        for known in Priority::ALL {
            assert_eq!(priority(rank(known)), Ok(known));
        }
        for known in Hold::ALL {
            assert_eq!(hold(hold_code(known)), Ok(known));
        }
        assert!(status(0).is_err() && priority(4).is_err() && hold(5).is_err());
    }

    #[test]
    fn every_moment_leads_back_up_to_the_last_one() {
        for micros in [-377_705_023_201_000_000, -1, 0, 1, 253_402_207_200_999_999] {
            assert_eq!(moment(micros).map(Timestamp::as_microsecond), Ok(micros));
        }
        assert!(moment(i64::MAX).is_err() && moment(i64::MIN).is_err());
    }

    #[test]
    fn ranks_are_in_the_order_of_going() {
        assert!(Priority::ALL.map(rank).is_sorted());
    }

    #[test]
    fn the_limits_of_a_type_are_below_the_unique_key() {
        let limits = [Hold::Paused, Hold::Concurrency, Hold::Rate].map(hold_code);
        assert!(limits.iter().all(|code| *code < hold_code(Hold::Unique)));
    }
}
