//! What a run submits: every job is a function of the seed and its index.

mod kind;

use std::time::Duration;

use contracts::{EventType, Priority};
use uuid::Uuid;

use crate::job_ids::JobIds;
use crate::seeded::{Stream, draw_below};
pub(super) use kind::{Expected, Kind};

/// Identifiers pretend to be made from here on, so that the same seed gives the same identifiers.
const IDS_SINCE_MILLIS: u64 = 1_700_000_000_000;
/// Jobs of one group are submitted alike: one by one, or as one batch.
const GROUP: u64 = 25;
/// One group in so many is a batch.
const BATCH_ONE_IN: u64 = 5;
/// One job in so many is submitted again after its acceptance.
const REPEAT_ONE_IN: u64 = 30;
/// At most so many jobs later.
const REPEAT_WITHIN: u64 = 2_000;
/// So many jobs in a row race for one unique key, those of them that want one.
const RIVALS_WITHIN: u64 = 200;

/// One thing to submit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// One job, for the first time.
    Single(u64),
    /// Several jobs in one request.
    Batch(std::ops::Range<u64>),
    /// A job that was accepted before.
    Repeat(u64),
    /// A job whose unique key was another job's when it came.
    Refused(u64),
    /// A job that was accepted and is to be withdrawn.
    Withdraw(u64),
}

/// A run's jobs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    seed: u64,
    jobs: u64,
    ids: JobIds,
}

impl Plan {
    /// The plan of `jobs` jobs that `seed` makes.
    pub(super) fn new(seed: u64, jobs: u64) -> Self {
        let ids = JobIds::new(seed, IDS_SINCE_MILLIS);
        Self { seed, jobs, ids }
    }

    /// How many jobs there are.
    pub(super) fn jobs(&self) -> u64 {
        self.jobs
    }

    /// The identifier of a job.
    pub(super) fn id(&self, index: u64) -> Uuid {
        self.ids.id(index)
    }

    /// Which job of the plan has this identifier.
    pub(super) fn index(&self, id: Uuid) -> Option<u64> {
        self.ids.index(id).filter(|index| *index < self.jobs)
    }

    /// What sort of job it is.
    pub(super) fn kind(&self, index: u64) -> Kind {
        let draw = |stream, bound| draw_below(self.seed, stream, index, bound);
        match draw(Stream::Kind, 100) {
            0..70 => Kind::Echo,
            70..81 => Kind::Sleep(1 + draw(Stream::Sleep, 30)),
            81..83 => Kind::Unknown,
            83..85 => Kind::Overlong,
            85..91 => Kind::Delayed(draw(Stream::Delay, 2_000)),
            91..96 => Kind::Unique(1 + draw(Stream::Sleep, 30)),
            96..99 => Kind::Withdrawn(draw(Stream::Delay, 3) * 500),
            _ => Kind::Interrupted,
        }
    }

    /// Which of the waiting jobs it goes before.
    fn priority(&self, index: u64) -> Option<Priority> {
        match draw_below(self.seed, Stream::Priority, index, 10) {
            0 => Some(Priority::High),
            1 => Some(Priority::Low),
            2 => Some(Priority::Normal),
            _ => None,
        }
    }

    /// The unique key that it wants, if it wants one. So do others around it.
    pub(super) fn key(&self, index: u64) -> Option<u64> {
        matches!(self.kind(index), Kind::Unique(_)).then_some(index / RIVALS_WITHIN)
    }

    /// Whether two jobs want the same unique key.
    pub(super) fn are_rivals(&self, one: u64, other: u64) -> bool {
        one != other && self.key(one).is_some() && self.key(one) == self.key(other)
    }

    /// How long it may not start.
    pub(super) fn delay(&self, index: u64) -> Option<Duration> {
        self.kind(index).delay()
    }

    /// The event identifier that its acceptance must name, however often it is accepted.
    pub(super) fn created_event(&self, index: u64) -> Uuid {
        domain::event_id(self.id(index), 0, EventType::Created)
    }

    /// The body of its submission.
    pub(super) fn body(&self, index: u64) -> String {
        let kind = self.kind(index).members(index);
        let key = self
            .key(index)
            .map(|key| format!(r#","uniqueKey":"{}""#, self.key_text(key)));
        let priority = self
            .priority(index)
            .map(|priority| format!(r#","priority":"{priority}""#));
        format!(
            r#"{{"id":"{}",{kind}{}{}}}"#,
            self.id(index),
            key.unwrap_or_default(),
            priority.unwrap_or_default()
        )
    }

    /// A unique key as it is written.
    pub(super) fn key_text(&self, key: u64) -> String {
        format!("prove-{}-{key}", self.seed)
    }

    /// How many jobs later it is submitted again, if it is one of those.
    pub(super) fn repeat_after(&self, index: u64) -> Option<u64> {
        let repeated = draw_below(self.seed, Stream::Repeat, index, REPEAT_ONE_IN) == 0;
        let at_once = index.is_multiple_of(2);
        let within = if at_once { 0 } else { REPEAT_WITHIN };
        repeated.then(|| draw_below(self.seed, Stream::RepeatDelay, index, within))
    }

    /// The unit that job `index` begins when everything before it was handed out.
    pub(super) fn unit_at(&self, index: u64) -> Unit {
        let group = index / GROUP;
        let first = index.is_multiple_of(GROUP);
        if first && draw_below(self.seed, Stream::Batch, group, BATCH_ONE_IN) == 0 {
            Unit::Batch(index..(index + GROUP).min(self.jobs))
        } else {
            Unit::Single(index)
        }
    }
}

#[cfg(test)]
mod tests;
