//! The rule of the claim: messages are hints, the row decides.

use contracts::JobStatus;
use jiff::Timestamp;

use crate::Row;

/// What a message asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Which attempt; 1 is the first.
    pub attempt: u32,
    /// The claim call that the message came with.
    pub claim: u64,
    /// Whether the scheduler sent it, because the job's time has come; otherwise it announces the job.
    pub dispatched: bool,
}

/// What a message that asks for an attempt may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Start the next attempt, if nothing holds the job back.
    Start,
    /// The job's time has not come: [`Row::schedule`].
    Schedule(Timestamp),
    /// The claim was already granted to this very call, whose answer was lost: run it.
    Resume,
    /// Another worker holds the job. The row must be marked for the relay before the message is acked,
    /// because the message that would have carried the row's events is gone then.
    Held,
    /// The row has moved past the message. Its events are published again (the same identifiers), then the
    /// message is acked.
    Passed,
}

/// Decides what a message may do at `now` to a job that is stored as `row` and should not run before `run_at`.
pub fn decide(row: &Row, ask: Ask, run_at: Option<Timestamp>, now: Timestamp) -> Decision {
    match row.status {
        JobStatus::Executing if row.claim == ask.claim => Decision::Resume,
        JobStatus::Executing => Decision::Held,
        JobStatus::Pending | JobStatus::Validated if ask.attempt == row.attempt + 1 => match run_at {
            Some(run_at) if run_at > now && !ask.dispatched => Decision::Schedule(run_at),
            // One that is held back is let go by the scheduler only.
            _ if row.held.is_some() && !ask.dispatched => Decision::Passed,
            _ => Decision::Start,
        },
        JobStatus::Scheduled | JobStatus::Retrying if ask.dispatched && ask.attempt == row.attempt + 1 => {
            Decision::Start
        }
        _ => Decision::Passed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Hold;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn row(status: JobStatus, attempt: u32) -> Row {
        Row {
            status,
            attempt,
            ..Row::pending(NOW)
        }
    }

    fn announced(attempt: u32) -> Ask {
        Ask {
            attempt,
            claim: 9,
            dispatched: false,
        }
    }

    fn dispatched(attempt: u32) -> Ask {
        Ask {
            dispatched: true,
            ..announced(attempt)
        }
    }

    fn decide_now(row: &Row, ask: Ask) -> Decision {
        decide(row, ask, None, NOW)
    }

    #[test]
    fn the_next_attempt_of_a_waiting_job_starts() {
        assert_eq!(
            decide_now(&row(JobStatus::Pending, 0), announced(1)),
            Decision::Start
        );
        assert_eq!(
            decide_now(&row(JobStatus::Retrying, 2), dispatched(3)),
            Decision::Start
        );
    }

    #[test]
    fn an_old_or_future_attempt_does_not() {
        assert_eq!(
            decide_now(&row(JobStatus::Retrying, 2), dispatched(2)),
            Decision::Passed
        );
        assert_eq!(
            decide_now(&row(JobStatus::Retrying, 2), dispatched(4)),
            Decision::Passed
        );
        assert_eq!(
            decide_now(&row(JobStatus::Pending, 0), announced(2)),
            Decision::Passed
        );
    }

    #[test]
    fn nothing_starts_a_terminal_job() {
        for status in JobStatus::ALL.into_iter().filter(|status| status.is_terminal()) {
            assert_eq!(decide_now(&row(status, 1), dispatched(2)), Decision::Passed);
        }
    }

    #[test]
    fn a_running_job_is_resumed_by_its_own_claim_only() {
        let running = Row {
            claim: 9,
            worker: Some("w".into()),
            ..row(JobStatus::Executing, 1)
        };
        assert_eq!(decide_now(&running, announced(1)), Decision::Resume);
        let other = Ask {
            claim: 6,
            ..announced(1)
        };
        assert_eq!(decide_now(&running, other), Decision::Held);
        assert_eq!(decide_now(&running, Ask { attempt: 2, ..other }), Decision::Held);
    }

    #[test]
    fn a_job_for_later_is_put_off_once_and_then_started_by_the_scheduler_only() {
        let later = NOW + std::time::Duration::from_secs(5);
        let decided = decide(&row(JobStatus::Pending, 0), announced(1), Some(later), NOW);
        assert_eq!(decided, Decision::Schedule(later));
        let scheduled = row(JobStatus::Scheduled, 0);
        assert_eq!(
            decide(&scheduled, announced(1), Some(later), NOW),
            Decision::Passed
        );
        // The scheduler's clock says that it is time; another clock may be behind.
        assert_eq!(
            decide(&scheduled, dispatched(1), Some(later), NOW),
            Decision::Start
        );
        assert_eq!(
            decide(&row(JobStatus::Pending, 0), announced(1), Some(NOW), NOW),
            Decision::Start
        );
    }

    #[test]
    fn a_job_that_is_held_back_is_not_started_by_its_announcement() {
        let held = Row {
            held: Some(Hold::Paused),
            ..row(JobStatus::Pending, 0)
        };
        assert_eq!(decide_now(&held, announced(1)), Decision::Passed);
        assert_eq!(decide_now(&held, dispatched(1)), Decision::Start);
    }
}
