//! The lines of a stream that says what became of each.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Verb;
use crate::client::remote::Problem;
use crate::client::style::{Paint, Style, brief};

/// How much of an error a line shows, in characters.
const ERROR: usize = 200;

/// What became of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// It will be: the job runs, and its worker was told.
    Requested,
    /// Its state does not allow for it.
    Conflict,
    /// There is no such thing.
    Unknown,
    /// It is not what it has to be: the event of a letter is still bad.
    Invalid,
}

impl Outcome {
    /// Whether what was asked for did not and will not happen.
    pub(crate) fn is_refusal(self) -> bool {
        matches!(self, Self::Conflict | Self::Unknown | Self::Invalid)
    }
}

/// A line about one thing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    /// The job or the letter.
    #[serde(alias = "letterId")]
    pub(crate) job_id: Uuid,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// The state that it is in.
    #[serde(default, alias = "state", skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<String>,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

impl Step {
    /// The line for people.
    pub(crate) fn line(&self, verb: &Verb, style: Style) -> String {
        let Self { job_id, status, .. } = self;
        let state = status
            .as_deref()
            .map(|status| style.state(status))
            .unwrap_or_default();
        let error = self
            .error
            .as_deref()
            .map(|error| brief(error, ERROR))
            .unwrap_or_default();
        match self.outcome {
            Outcome::Done => format!("{job_id}  {}", style.paint(verb.past, Paint::Good)),
            Outcome::Requested => format!("{job_id}  runs; its worker was told to end it"),
            Outcome::Conflict if state.is_empty() && !error.is_empty() => format!("{job_id}  {error}"),
            Outcome::Conflict if state.is_empty() => format!("{job_id}  cannot be {}", verb.past),
            Outcome::Conflict => format!("{job_id}  is {state} and cannot be {}", verb.past),
            Outcome::Unknown => format!("{job_id}  {}", style.paint("unknown", Paint::Dim)),
            Outcome::Invalid => format!(
                "{job_id}  cannot be {}: {}",
                verb.past,
                style.paint(&error, Paint::Bad)
            ),
        }
    }
}

/// How many there were of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Counts {
    /// All.
    pub(crate) seen: u64,
    /// Done.
    pub(crate) done: u64,
    /// Will be done.
    pub(crate) requested: u64,
    /// Refused because of their state.
    pub(crate) conflict: u64,
    /// Not there.
    pub(crate) unknown: u64,
    /// Not what they have to be.
    pub(crate) invalid: u64,
}

impl Counts {
    /// Counts one more.
    pub(crate) fn count(&mut self, outcome: Outcome) {
        self.seen += 1;
        match outcome {
            Outcome::Done => self.done += 1,
            Outcome::Requested => self.requested += 1,
            Outcome::Conflict => self.conflict += 1,
            Outcome::Unknown => self.unknown += 1,
            Outcome::Invalid => self.invalid += 1,
        }
    }

    /// How many were refused.
    pub(crate) fn refused(&self) -> u64 {
        self.conflict + self.unknown + self.invalid
    }

    /// What stands beside the progress bar.
    pub(super) fn note(&self) -> String {
        match self.refused() {
            0 => String::new(),
            refused => format!("{refused} refused"),
        }
    }

    /// One line about all.
    pub(crate) fn summary(&self, verb: &Verb) -> String {
        let mut words = vec![format!("{} {}", self.done, verb.past)];
        for (count, name) in [
            (self.requested, "running and told to end"),
            (self.conflict, "in a state that does not allow it"),
            (self.unknown, "unknown"),
            (self.invalid, "still invalid"),
        ] {
            if count > 0 {
                words.push(format!("{count} {name}"));
            }
        }
        words.join(", ")
    }
}

/// A line of the stream.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    /// What became of one.
    Step(Step),
    /// How far it is.
    Progress {
        /// So far.
        progress: Counts,
    },
    /// The last line: it is all done.
    Summary {
        /// All of it.
        summary: Counts,
    },
    /// The last line: it is not.
    Error {
        /// Why.
        error: Problem,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANCEL: Verb = Verb {
        name: "cancel",
        past: "cancelled",
        doing: "cancelling",
        what: "job",
    };

    fn step(text: &str) -> Step {
        match serde_json::from_str(text).unwrap() {
            Line::Step(step) => step,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_line_about_one_says_what_became_of_it() {
        let id = "00000000-0000-0000-0000-000000000001";
        let line = |rest: &str| {
            step(&format!(r#"{{"jobId":"{id}",{rest}}}"#))
                .line(&CANCEL, Style::PLAIN)
                .replace(id, "ID")
        };
        assert_eq!(line(r#""outcome":"done""#), "ID  cancelled");
        assert_eq!(
            line(r#""outcome":"requested","status":"EXECUTING""#),
            "ID  runs; its worker was told to end it"
        );
        assert_eq!(
            line(r#""outcome":"conflict","status":"FAILED""#),
            "ID  is failed and cannot be cancelled"
        );
        assert_eq!(line(r#""outcome":"unknown""#), "ID  unknown");
        assert_eq!(
            line(r#""outcome":"invalid","error":"no type""#),
            "ID  cannot be cancelled: no type"
        );
        assert_eq!(
            step(&format!(r#"{{"letterId":"{id}","outcome":"done"}}"#))
                .job_id
                .to_string(),
            id
        );
    }

    #[test]
    fn the_other_lines_tell_progress_the_end_and_what_went_wrong() {
        let read = |text: &str| serde_json::from_str::<Line>(text).unwrap();
        let counts = r#"{"seen":3,"done":1,"requested":1,"conflict":1,"unknown":0}"#;
        assert!(
            matches!(read(&format!(r#"{{"progress":{counts}}}"#)), Line::Progress { progress } if progress.seen == 3)
        );
        let summary =
            r#"{"summary":{"seen":3,"done":1,"requested":1,"conflict":1,"unknown":0,"complete":true}}"#;
        let Line::Summary { summary } = read(summary) else {
            panic!()
        };
        assert_eq!(
            summary.summary(&CANCEL),
            "1 cancelled, 1 running and told to end, 1 in a state that does not allow it"
        );
        assert!(matches!(
            read(r#"{"error":{"title":"Gone","status":503}}"#),
            Line::Error { .. }
        ));
    }

    #[test]
    fn what_was_refused_is_counted_apart() {
        let mut counts = Counts::default();
        for outcome in [
            Outcome::Done,
            Outcome::Conflict,
            Outcome::Unknown,
            Outcome::Requested,
        ] {
            counts.count(outcome);
        }
        assert_eq!(
            (counts.seen, counts.refused(), counts.note().as_str()),
            (4, 2, "2 refused")
        );
    }
}
