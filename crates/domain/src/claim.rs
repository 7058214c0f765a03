//! The rule of the claim: messages are hints, the row decides.

use contracts::JobStatus;

use crate::Row;

/// What a message that asks for an attempt may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Start the next attempt.
    Start,
    /// The claim was already granted to this very call, whose answer was lost: run it.
    Resume,
    /// Another worker holds the job. The row must be marked for the relay before the message is acked,
    /// because the message that would have carried the row's events is gone then.
    Held,
    /// The row has moved past the message. Its events are published again (the same identifiers), then the
    /// message is acked.
    Passed,
}

/// Decides what a message asking for attempt number `attempt` (1 is the first) may do to a job that is
/// stored as `row`.
pub fn decide(row: &Row, attempt: u32, claim: u64) -> Decision {
    match row.status {
        JobStatus::Executing if row.claim == claim => Decision::Resume,
        JobStatus::Executing => Decision::Held,
        JobStatus::Pending | JobStatus::Validated | JobStatus::Scheduled | JobStatus::Retrying
            if attempt == row.attempt + 1 =>
        {
            Decision::Start
        }
        _ => Decision::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn row(status: JobStatus, attempt: u32) -> Row {
        Row {
            status,
            attempt,
            ..Row::pending(Timestamp::UNIX_EPOCH)
        }
    }

    #[test]
    fn the_next_attempt_of_a_waiting_job_starts() {
        assert_eq!(decide(&row(JobStatus::Pending, 0), 1, 9), Decision::Start);
        assert_eq!(decide(&row(JobStatus::Retrying, 2), 3, 9), Decision::Start);
    }

    #[test]
    fn an_old_or_future_attempt_does_not() {
        assert_eq!(decide(&row(JobStatus::Retrying, 2), 2, 9), Decision::Passed);
        assert_eq!(decide(&row(JobStatus::Retrying, 2), 4, 9), Decision::Passed);
        assert_eq!(decide(&row(JobStatus::Pending, 0), 2, 9), Decision::Passed);
    }

    #[test]
    fn nothing_starts_a_terminal_job() {
        for status in JobStatus::ALL.into_iter().filter(|status| status.is_terminal()) {
            assert_eq!(decide(&row(status, 1), 2, 9), Decision::Passed);
        }
    }

    #[test]
    fn a_running_job_is_resumed_by_its_own_claim_only() {
        let running = Row {
            claim: 5,
            worker: Some("w".into()),
            ..row(JobStatus::Executing, 1)
        };
        assert_eq!(decide(&running, 1, 5), Decision::Resume);
        assert_eq!(decide(&running, 1, 6), Decision::Held);
        assert_eq!(decide(&running, 2, 6), Decision::Held);
    }
}
