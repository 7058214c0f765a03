//! A job as it has to be.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{EventType, JobStatus, Priority};
use domain::{AttemptResult, JobEvent, Row};
use jiff::Timestamp;

use super::super::support::{at, job};
use crate::{AttemptLog, NewJob};

/// What tells the events of a job apart: type, attempt, round.
pub(super) type Kind = (EventType, u32, u32);

pub(super) fn kind(event: &JobEvent) -> Kind {
    (event.event_type, event.attempt, event.round)
}

/// Types with limits that change.
pub(super) const FEW: &str = "few";
pub(super) const RATED: &str = "rated";

/// Job `number`: its number says whether it is for later, limited, or unique.
pub(super) fn job_of(number: u64) -> NewJob {
    let plain = job(number);
    let of = |job_type: &str| NewJob {
        job_type: job_type.to_owned(),
        ..job(number)
    };
    let keyed = |job: NewJob, key: &str| NewJob {
        unique_key: Some(key.to_owned()),
        ..job
    };
    match number % 8 {
        1 => NewJob {
            run_at: Some(at((40 * number).cast_signed() - 200)),
            ..plain
        },
        2 | 3 => of(FEW),
        4 => of(RATED),
        5 => keyed(plain, "a"),
        6 => keyed(of(FEW), "b"),
        7 => NewJob {
            priority: Priority::High,
            ..of(FEW)
        },
        _ => keyed(plain, if number.is_multiple_of(16) { "a" } else { "b" }),
    }
}

/// A job as it has to be.
pub(super) struct Model {
    pub(super) job: NewJob,
    pub(super) row: Row,
    pub(super) history: Vec<Kind>,
    /// Results that stand, by attempt, with the event that each of them was.
    pub(super) results: BTreeMap<u32, (AttemptResult, Kind)>,
    pub(super) logs: Vec<AttemptLog>,
    /// Events that a caller was given.
    pub(super) told: BTreeSet<Kind>,
    /// Events that have to be in the outbox.
    pub(super) relayed: BTreeSet<Kind>,
}

impl Model {
    pub(super) fn new(job: NewJob, wake_at: Timestamp) -> Self {
        Self {
            job,
            row: Row::pending(wake_at),
            history: vec![(EventType::Created, 0, 0)],
            results: BTreeMap::new(),
            logs: Vec::new(),
            told: BTreeSet::new(),
            relayed: BTreeSet::new(),
        }
    }

    /// Something has happened to the job in its present attempt.
    pub(super) fn note(&mut self, event_type: EventType) -> Kind {
        let kind = (event_type, self.row.attempt, self.row.round);
        self.history.push(kind);
        kind
    }

    /// Something has happened to the job that no message tells.
    pub(super) fn note_without_message(&mut self, event_type: EventType) {
        let kind = self.note(event_type);
        self.relayed.insert(kind);
    }

    /// The message that would tell of the job is acknowledged for its holder.
    pub(super) fn passed_by(&mut self) {
        self.row.relay = true;
        self.relayed.extend(&self.history[1..]);
    }

    /// Somebody was given these events, which have to have happened.
    pub(super) fn tell(&mut self, events: &[JobEvent]) {
        for event in events {
            assert_eq!(event.job_id, self.job.id);
            let kind = kind(event);
            assert!(
                self.history[1..].contains(&kind),
                "{kind:?} has not happened to {:?}",
                self.row
            );
            self.told.insert(kind);
        }
    }

    /// Whether the store may look at the job again when it likes.
    pub(super) fn is_loose(&self) -> bool {
        self.row.held.is_some() || self.row.status == JobStatus::Pending && self.job.run_at.is_some()
    }

    /// Whether the job waits: it has not ended and does not run.
    pub(super) fn waits(&self) -> bool {
        !self.row.status.is_terminal() && !self.runs()
    }

    pub(super) fn runs(&self) -> bool {
        self.row.status == JobStatus::Executing
    }
}
