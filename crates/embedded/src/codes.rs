//! How closed lists and moments are stored. The numbers are in databases already: append, never change.

use contracts::{EventType, JobStatus};
use jiff::Timestamp;
use ports::{LetterState, Queue};
use uuid::Uuid;

use crate::codec::Malformed;

/// The stored number of a job's state.
pub(crate) const fn status_code(status: JobStatus) -> u8 {
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
pub(crate) fn status(code: u8) -> Result<JobStatus, Malformed> {
    let known = JobStatus::ALL
        .into_iter()
        .find(|status| status_code(*status) == code);
    known.ok_or(Malformed::Bad("job status"))
}

/// The stored number of an event's type.
pub(crate) const fn event_code(event_type: EventType) -> u8 {
    match event_type {
        EventType::Created => 1,
        EventType::Validated => 2,
        EventType::Scheduled => 3,
        EventType::Executed => 4,
        EventType::Retrying => 5,
        EventType::Completed => 6,
        EventType::Failed => 7,
        EventType::Cancelled => 8,
        EventType::Quarantined => 9,
    }
}

/// The event type behind a stored number.
pub(crate) fn event_type(code: u8) -> Result<EventType, Malformed> {
    let known = EventType::ALL
        .into_iter()
        .find(|event_type| event_code(*event_type) == code);
    known.ok_or(Malformed::Bad("event type"))
}

/// Every queue at the place of its stored number.
pub(crate) const QUEUES: [Queue; Queue::ALL.len()] = [
    Queue::Work,
    Queue::Ledger,
    Queue::Events,
    Queue::DeadLetters,
    Queue::WorkHigh,
    Queue::WorkLow,
];

/// The stored number of a queue, from 0, without gaps.
pub(crate) const fn queue_code(queue: Queue) -> u8 {
    match queue {
        Queue::Work => 0,
        Queue::Ledger => 1,
        Queue::Events => 2,
        Queue::DeadLetters => 3,
        Queue::WorkHigh => 4,
        Queue::WorkLow => 5,
    }
}

/// The stored number of what has become of a dead letter.
pub(crate) const fn letter_code(state: LetterState) -> u8 {
    match state {
        LetterState::Open => 0,
        LetterState::Replayed => 1,
        LetterState::Discarded => 2,
    }
}

/// What has become of a dead letter, by its stored number.
pub(crate) fn letter_state(code: u8) -> Result<LetterState, Malformed> {
    match code {
        0 => Ok(LetterState::Open),
        1 => Ok(LetterState::Replayed),
        2 => Ok(LetterState::Discarded),
        _ => Err(Malformed::Bad("state of a dead letter")),
    }
}

/// Microseconds since 1970.
pub(crate) fn moment(micros: i64) -> Result<Timestamp, Malformed> {
    // Not `from_microsecond`, which refuses the last microseconds before the maximum.
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1000).unwrap_or_default();
    Timestamp::new(micros.div_euclid(1_000_000), nanos).map_err(|_| Malformed::Bad("time"))
}

/// An identifier out of a column of bytes.
pub(crate) fn uuid(row: &rusqlite::Row<'_>, column: usize) -> Result<Uuid, Malformed> {
    let bytes = row.get_ref(column).ok().and_then(|value| value.as_blob().ok());
    let uuid = bytes.and_then(|bytes| Uuid::from_slice(bytes).ok());
    uuid.ok_or(Malformed::Bad("identifier"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_back() {
        for known in JobStatus::ALL {
            assert_eq!(status(status_code(known)), Ok(known));
        }
        for known in EventType::ALL {
            assert_eq!(event_type(event_code(known)), Ok(known));
        }
        assert_eq!(QUEUES.map(queue_code), [0, 1, 2, 3, 4, 5]);
        for code in 0..3 {
            assert_eq!(letter_state(code).map(letter_code), Ok(code));
        }
        assert!(status(0).is_err() && event_type(77).is_err() && letter_state(3).is_err());
    }

    #[test]
    fn every_moment_comes_back_to_the_microsecond() {
        for at in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
            let micros = at.as_microsecond();
            assert_eq!(moment(micros).map(Timestamp::as_microsecond), Ok(micros));
        }
        assert_eq!(moment(-1).map(Timestamp::as_nanosecond), Ok(-1000));
        assert!(moment(i64::MAX).is_err() && moment(i64::MIN).is_err());
    }
}
