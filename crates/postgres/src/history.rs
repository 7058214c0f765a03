//! A job's life as it is stored in its row: a line of JSON for each event, without what all of them share.

use std::borrow::Cow;

use contracts::EventType;
use domain::JobEvent;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::moment;
use crate::error::Failure;
use crate::facts::Facts;

/// A line. Moments are microseconds since 1970.
#[derive(Debug, Serialize, Deserialize)]
struct Line<'l> {
    event: EventType,
    #[serde(default, skip_serializing_if = "is_zero")]
    attempt: u32,
    at: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    worker: Option<Cow<'l, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    error: Option<Cow<'l, str>>,
    /// How long the attempt ran, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ran: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    run_at: Option<i64>,
    #[serde(default, skip_serializing_if = "is_zero")]
    round: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// How the latest attempt ended, of those that have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) error: Option<String>,
    pub(crate) run_micros: Option<u64>,
}

impl Ending {
    /// The ending that an event is, if an attempt ended with it: it ran for some time, or its worker died. What clients
    /// do to a job that does not run has neither.
    pub(crate) fn of(event: &JobEvent) -> Option<Self> {
        let ends = event.run_micros.is_some() || event.error.is_some();
        ends.then(|| Self {
            error: event.error.clone(),
            run_micros: event.run_micros,
        })
    }
}

/// Appends an event.
pub(crate) fn append(history: &mut String, event: &JobEvent) -> Result<(), Failure> {
    let line = Line {
        event: event.event_type,
        attempt: event.attempt,
        at: event.at.as_microsecond(),
        worker: event.worker.as_deref().map(Cow::Borrowed),
        error: event.error.as_deref().map(Cow::Borrowed),
        ran: event.run_micros,
        run_at: event.run_at.map(Timestamp::as_microsecond),
        round: event.round,
    };
    let text = serde_json::to_string(&line).map_err(|error| Failure::Refused(error.to_string()))?;
    history.push_str(&text);
    history.push('\n');
    Ok(())
}

/// Reads a history.
pub(crate) fn decode(facts: &Facts, history: &str) -> Result<Vec<JobEvent>, Failure> {
    history.lines().map(|line| event(facts, line)).collect()
}

/// The ending of the latest attempt that has one.
pub(crate) fn last_ending(history: &str) -> Result<Option<Ending>, Failure> {
    for text in history.lines().rev() {
        let line = line(text)?;
        if line.ran.is_some() || line.error.is_some() {
            return Ok(Some(Ending {
                error: line.error.map(Cow::into_owned),
                run_micros: line.ran,
            }));
        }
    }
    Ok(None)
}

fn line(text: &str) -> Result<Line<'_>, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::corrupt("history", error))
}

fn event(facts: &Facts, text: &str) -> Result<JobEvent, Failure> {
    let line = line(text)?;
    Ok(JobEvent {
        worker: line.worker.map(Cow::into_owned),
        error: line.error.map(Cow::into_owned),
        run_micros: line.ran,
        run_at: line.run_at.map(moment).transpose()?,
        round: line.round,
        ..facts.event(line.event, line.attempt, moment(line.at)?)
    })
}

#[cfg(test)]
mod tests {
    use contracts::Priority;
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_760_000_000 + second).unwrap()
    }

    fn facts() -> Facts {
        Facts {
            id: Uuid::from_u128(7),
            job_type: "echo".to_owned(),
            created_at: at(0),
            accepted_at: at(0),
            correlation_id: Uuid::from_u128(8),
            priority: Priority::Normal,
            run_at: None,
            unique_key: None,
        }
    }

    fn life() -> Vec<JobEvent> {
        let facts = facts();
        vec![
            facts.event(EventType::Created, 0, at(0)),
            JobEvent {
                worker: Some("w\n\0\"".to_owned()),
                error: Some("\u{1f980}\r\nno luck".to_owned()),
                run_micros: Some(u64::MAX),
                run_at: Some(at(9)),
                round: 2,
                ..facts.event(EventType::Retrying, u32::MAX, at(5))
            },
            facts.event(EventType::Cancelled, 1, at(6)),
        ]
    }

    #[test]
    fn a_life_comes_back_as_it_was() {
        let mut history = String::new();
        for event in life() {
            append(&mut history, &event).unwrap();
        }
        assert!(!history.contains('\0') && history.lines().count() == 3);
        assert_eq!(decode(&facts(), &history), Ok(life()));
    }

    #[test]
    fn the_ending_is_that_of_the_latest_attempt() {
        let mut history = String::new();
        for event in life() {
            append(&mut history, &event).unwrap();
        }
        let ending = Ending::of(&life()[1]);
        assert!(ending.is_some() && Ending::of(&life()[2]).is_none());
        assert_eq!(last_ending(&history), Ok(ending));
        assert_eq!(last_ending(""), Ok(None));
    }

    #[test]
    fn what_is_no_event_is_refused() {
        for text in [
            "{}",
            "x",
            "{\"event\":\"job.created\",\"at\":9223372036854775807}",
        ] {
            assert!(
                matches!(decode(&facts(), text), Err(Failure::Corrupt(_))),
                "{text}"
            );
        }
    }
}
