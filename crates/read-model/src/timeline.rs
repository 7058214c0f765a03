//! A job's life, moment by moment: its events and what its handlers wrote down.

use contracts::EventType;
use domain::JobEvent;
use jiff::Timestamp;
use ports::AttemptLog;

/// Something that happened to a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// When.
    pub(crate) at: Timestamp,
    /// What.
    pub(crate) kind: MomentKind,
    /// The attempt that it happened to; 0 before the first.
    pub(crate) attempt: u32,
    /// Which worker was at it.
    pub(crate) worker: Option<String>,
    /// What was written down, or why an event did not go well.
    pub(crate) text: Option<String>,
    /// How long the attempt that ended ran, in microseconds.
    pub(crate) run_micros: Option<u64>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MomentKind {
    /// A transition.
    Event(EventType),
    /// A handler wrote a line.
    Log,
}

impl MomentKind {
    /// The name that answers use.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Event(event_type) => event_type.as_str(),
            Self::Log => "log",
        }
    }
}

/// Everything that happened to a job, by time. Of what happened at the same moment the cause comes first: lines stand
/// after the start of their attempt and before its end.
pub(crate) fn timeline(history: &[JobEvent], logs: &[AttemptLog]) -> Vec<Moment> {
    let mut moments = Vec::new();
    for event in history {
        moments.push(of_event(event));
        if event.event_type == EventType::Executed {
            moments.extend(lines(event, logs));
        }
    }
    moments.sort_by_key(|moment| moment.at);
    moments
}

fn of_event(event: &JobEvent) -> Moment {
    Moment {
        at: event.at,
        kind: MomentKind::Event(event.event_type),
        attempt: event.attempt,
        worker: event.worker.clone(),
        text: event.error.clone(),
        run_micros: event.run_micros,
    }
}

/// What the attempt that `started` wrote down.
fn lines<'a>(started: &'a JobEvent, logs: &'a [AttemptLog]) -> impl Iterator<Item = Moment> + 'a {
    let of_attempt = logs.iter().filter(|log| log.attempt == started.attempt);
    of_attempt.flat_map(|log| &log.lines).map(|line| Moment {
        at: line.at,
        kind: MomentKind::Log,
        attempt: started.attempt,
        worker: started.worker.clone(),
        text: Some(line.text.clone()),
        run_micros: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::LogLine;
    use uuid::Uuid;

    fn event(event_type: EventType, attempt: u32, second: i64) -> JobEvent {
        JobEvent {
            job_id: Uuid::nil(),
            job_type: "echo".into(),
            created_at: Timestamp::UNIX_EPOCH,
            correlation_id: Uuid::nil(),
            event_type,
            attempt,
            at: moment(second),
            worker: (attempt > 0).then(|| "w".into()),
            error: None,
            run_micros: None,
            run_at: None,
            round: 0,
        }
    }

    fn moment(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn log(attempt: u32, lines: &[(i64, &str)]) -> AttemptLog {
        let lines = lines.iter().map(|(second, text)| LogLine {
            at: moment(*second),
            text: (*text).into(),
        });
        AttemptLog {
            attempt,
            lines: lines.collect(),
        }
    }

    fn told(moments: &[Moment]) -> Vec<(&str, u32)> {
        let word = |moment: &Moment| (moment.kind, moment.attempt);
        let named = moments.iter().map(word);
        let text = |at: usize| moments[at].text.as_deref().unwrap_or_default();
        named
            .enumerate()
            .map(|(at, (kind, attempt))| match kind {
                MomentKind::Log => (text(at), attempt),
                MomentKind::Event(_) => (kind.name(), attempt),
            })
            .collect()
    }

    #[test]
    fn lines_stand_between_the_events_of_their_time() {
        let history = [
            event(EventType::Created, 0, 1),
            event(EventType::Executed, 1, 2),
            event(EventType::Retrying, 1, 5),
            event(EventType::Executed, 2, 6),
            event(EventType::Completed, 2, 8),
        ];
        let logs = [log(1, &[(3, "a"), (4, "b")]), log(2, &[(7, "c")])];
        assert_eq!(
            told(&timeline(&history, &logs)),
            [
                ("job.created", 0),
                ("job.executed", 1),
                ("a", 1),
                ("b", 1),
                ("job.retrying", 1),
                ("job.executed", 2),
                ("c", 2),
                ("job.completed", 2),
            ]
        );
    }

    #[test]
    fn at_one_moment_the_cause_comes_first() {
        let history = [
            event(EventType::Created, 0, 1),
            event(EventType::Executed, 1, 1),
            event(EventType::Completed, 1, 1),
        ];
        let logs = [log(1, &[(1, "first"), (1, "second")])];
        assert_eq!(
            told(&timeline(&history, &logs)),
            [
                ("job.created", 0),
                ("job.executed", 1),
                ("first", 1),
                ("second", 1),
                ("job.completed", 1),
            ]
        );
    }

    #[test]
    fn a_job_without_a_life_has_no_moments() {
        assert!(timeline(&[], &[log(1, &[(1, "nobody's")])]).is_empty());
    }
}
