//! A job's attempts, read from its history.

use contracts::{EventType, JobStatus};
use domain::{JobEvent, LogLine};
use jiff::Timestamp;
use ports::AttemptLog;

/// One attempt of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// Its number; 1 is the first.
    pub(crate) number: u32,
    /// Which worker ran it.
    pub(crate) worker: Option<String>,
    /// When it started.
    pub(crate) started_at: Timestamp,
    /// When it ended.
    pub(crate) ended_at: Option<Timestamp>,
    /// The state that the job was in after it; EXECUTING while it runs.
    pub(crate) outcome: JobStatus,
    /// Why it did not go well.
    pub(crate) error: Option<String>,
    /// How long the handler ran, in microseconds, where its worker lived to say so.
    pub(crate) run_micros: Option<u64>,
    /// What its handler wrote down.
    pub(crate) log: Vec<LogLine>,
}

/// The attempts of a history that begins with the oldest event, each with its log. The last one may still run.
pub(crate) fn attempts(history: &[JobEvent], logs: Vec<AttemptLog>) -> Vec<Attempt> {
    let mut attempts = without_logs(history);
    for log in logs {
        let written = attempts.iter_mut().find(|attempt| attempt.number == log.attempt);
        if let Some(attempt) = written {
            attempt.log = log.lines;
        }
    }
    attempts
}

fn without_logs(history: &[JobEvent]) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = Vec::new();
    for event in history {
        match outcome(event.event_type) {
            Some(JobStatus::Executing) => attempts.push(started(event)),
            Some(outcome) => end(&mut attempts, event, outcome),
            None => {}
        }
    }
    attempts
}

/// The state of an attempt after an event, for the events that concern one.
fn outcome(event_type: EventType) -> Option<JobStatus> {
    match event_type {
        EventType::Executed => Some(JobStatus::Executing),
        EventType::Retrying => Some(JobStatus::Retrying),
        EventType::Completed => Some(JobStatus::Completed),
        EventType::Failed => Some(JobStatus::Failed),
        EventType::Cancelled => Some(JobStatus::Cancelled),
        EventType::Quarantined => Some(JobStatus::Quarantined),
        EventType::Created | EventType::Validated | EventType::Scheduled => None,
    }
}

fn started(event: &JobEvent) -> Attempt {
    Attempt {
        number: event.attempt,
        worker: event.worker.clone(),
        started_at: event.at,
        ended_at: None,
        outcome: JobStatus::Executing,
        error: None,
        run_micros: None,
        log: Vec::new(),
    }
}

/// An attempt ends once; what happens to the job while none runs is no attempt.
fn end(attempts: &mut [Attempt], event: &JobEvent, outcome: JobStatus) {
    let running = attempts
        .iter_mut()
        .rev()
        .find(|attempt| attempt.number == event.attempt);
    if let Some(attempt) = running.filter(|attempt| attempt.ended_at.is_none()) {
        attempt.ended_at = Some(event.at);
        attempt.outcome = outcome;
        attempt.error.clone_from(&event.error);
        attempt.run_micros = event.run_micros;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn event(event_type: EventType, attempt: u32, second: i64) -> JobEvent {
        JobEvent {
            job_id: Uuid::nil(),
            job_type: "echo".into(),
            created_at: Timestamp::UNIX_EPOCH,
            correlation_id: Uuid::nil(),
            event_type,
            attempt,
            at: Timestamp::from_second(second).unwrap(),
            worker: Some("w".into()),
            error: (event_type != EventType::Completed).then(|| format!("error {second}")),
            run_micros: (event_type == EventType::Completed).then_some(9),
            run_at: None,
            round: 0,
        }
    }

    #[test]
    fn every_start_is_an_attempt_and_its_end_says_how_it_went() {
        let history = [
            event(EventType::Created, 0, 0),
            event(EventType::Executed, 1, 1),
            event(EventType::Retrying, 1, 2),
            event(EventType::Executed, 2, 3),
            event(EventType::Completed, 2, 4),
        ];
        let attempts = attempts(&history, Vec::new());
        let told: Vec<_> = attempts
            .iter()
            .map(|a| (a.number, a.outcome, a.error.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (1, JobStatus::Retrying, Some("error 2")),
                (2, JobStatus::Completed, None)
            ]
        );
        assert_eq!(attempts[1].ended_at, Some(Timestamp::from_second(4).unwrap()));
        assert_eq!((attempts[0].run_micros, attempts[1].run_micros), (None, Some(9)));
    }

    #[test]
    fn a_running_attempt_has_no_end() {
        let history = [event(EventType::Created, 0, 0), event(EventType::Executed, 1, 1)];
        let attempts = attempts(&history, Vec::new());
        assert_eq!(
            (attempts[0].outcome, attempts[0].ended_at),
            (JobStatus::Executing, None)
        );
    }

    #[test]
    fn what_happens_between_attempts_changes_none() {
        let history = [
            event(EventType::Executed, 1, 1),
            event(EventType::Retrying, 1, 2),
            event(EventType::Cancelled, 1, 3),
        ];
        assert_eq!(attempts(&history, Vec::new())[0].outcome, JobStatus::Retrying);
        assert!(attempts(&[event(EventType::Cancelled, 0, 1)], Vec::new()).is_empty());
    }
    #[test]
    fn a_revived_job_keeps_the_attempts_of_its_earlier_rounds() {
        let history = [
            event(EventType::Executed, 1, 1),
            event(EventType::Failed, 1, 2),
            event(EventType::Retrying, 1, 3),
            event(EventType::Executed, 2, 4),
        ];
        let told: Vec<_> = attempts(&history, Vec::new())
            .iter()
            .map(|attempt| (attempt.number, attempt.outcome))
            .collect();
        assert_eq!(told, [(1, JobStatus::Failed), (2, JobStatus::Executing)]);
    }

    #[test]
    fn each_log_goes_to_its_attempt_and_one_without_an_attempt_to_none() {
        let history = [
            event(EventType::Executed, 1, 1),
            event(EventType::Retrying, 1, 2),
            event(EventType::Executed, 2, 3),
        ];
        let log = |attempt, text: &str| AttemptLog {
            attempt,
            lines: vec![LogLine {
                at: Timestamp::UNIX_EPOCH,
                text: text.into(),
            }],
        };
        let attempts = attempts(&history, vec![log(2, "two"), log(9, "nobody's")]);
        assert!(attempts[0].log.is_empty());
        assert_eq!(attempts[1].log[0].text, "two");
    }
}
