//! What a run submits: every job is a function of the seed and its index.

use contracts::EventType;
use uuid::Uuid;

use crate::job_ids::JobIds;
use crate::seeded::{Stream, draw_below};

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
/// How many attempts a job that times out gets.
const TIMEOUT_ATTEMPTS: u32 = 2;

/// What is to become of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// COMPLETED at the first attempt that no worker died under.
    Completed,
    /// FAILED, with a reason, after so many failed attempts.
    Failed {
        /// How many attempts fail.
        failures: u32,
    },
}

/// The kinds of jobs in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Returns at once.
    Echo,
    /// Sleeps for so many milliseconds.
    Sleep(u64),
    /// Is of a type that nobody handles.
    Unknown,
    /// Sleeps longer than it may.
    Overlong,
}

/// One thing to submit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// One job, for the first time.
    Single(u64),
    /// Several jobs in one request.
    Batch(std::ops::Range<u64>),
    /// A job that was accepted before.
    Repeat(u64),
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
        match draw_below(self.seed, Stream::Kind, index, 100) {
            0..85 => Kind::Echo,
            85..96 => Kind::Sleep(1 + draw_below(self.seed, Stream::Sleep, index, 30)),
            96..98 => Kind::Unknown,
            _ => Kind::Overlong,
        }
    }

    /// What is to become of it.
    pub(super) fn expected(&self, index: u64) -> Expected {
        match self.kind(index) {
            Kind::Echo | Kind::Sleep(_) => Expected::Completed,
            Kind::Unknown => Expected::Failed { failures: 1 },
            Kind::Overlong => Expected::Failed {
                failures: TIMEOUT_ATTEMPTS,
            },
        }
    }

    /// The event identifier that its acceptance must name, however often it is accepted.
    pub(super) fn created_event(&self, index: u64) -> Uuid {
        domain::event_id(self.id(index), 0, EventType::Created)
    }

    /// The body of its submission.
    pub(super) fn body(&self, index: u64) -> String {
        let id = self.id(index);
        match self.kind(index) {
            Kind::Echo => format!(r#"{{"id":"{id}","type":"echo","payload":{{"n":{index}}}}}"#),
            Kind::Sleep(ms) => format!(r#"{{"id":"{id}","type":"sleep","payload":{{"ms":{ms}}}}}"#),
            Kind::Unknown => format!(r#"{{"id":"{id}","type":"prove.nobody-handles-this"}}"#),
            Kind::Overlong => format!(
                concat!(
                    r#"{{"id":"{}","type":"sleep","payload":{{"ms":5000}},"timeoutSeconds":0.05,"#,
                    r#""retry":{{"maxAttempts":{},"initialDelay":0.05}}}}"#
                ),
                id, TIMEOUT_ATTEMPTS
            ),
        }
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
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_plans_the_same_jobs_and_another_seed_others() {
        let bodies = |seed| (0..500).map(|i| Plan::new(seed, 500).body(i)).collect::<Vec<_>>();
        assert_eq!(bodies(1), bodies(1));
        assert!(bodies(1).iter().zip(bodies(2)).all(|(a, b)| *a != b));
    }

    #[test]
    fn every_kind_occurs_and_most_are_echo() {
        let plan = Plan::new(9, 10_000);
        let count = |test: fn(Kind) -> bool| (0..10_000).filter(|i| test(plan.kind(*i))).count();
        assert!(count(|kind| kind == Kind::Echo) > 8_000);
        assert!(count(|kind| matches!(kind, Kind::Sleep(1..=30))) > 800);
        assert!(count(|kind| kind == Kind::Unknown) > 100);
        assert!(count(|kind| kind == Kind::Overlong) > 100);
        let repeats = (0..10_000).filter(|i| plan.repeat_after(*i).is_some()).count();
        assert!((200..500).contains(&repeats), "{repeats}");
    }

    #[test]
    fn bodies_are_valid_submissions() {
        let plan = Plan::new(4, 1_000);
        for index in 0..1_000 {
            let body: serde_json::Value = serde_json::from_str(&plan.body(index)).unwrap();
            assert_eq!(body["id"], plan.id(index).to_string());
            assert!(body["type"].is_string());
        }
    }

    #[test]
    fn units_cover_every_job_once_and_some_are_batches() {
        let plan = Plan::new(5, 1_003);
        let (mut next, mut batches) = (0, 0);
        while next < plan.jobs() {
            next = match plan.unit_at(next) {
                Unit::Batch(range) => {
                    assert_eq!(range.start, next);
                    batches += 1;
                    range.end
                }
                Unit::Single(index) => {
                    assert_eq!(index, next);
                    index + 1
                }
                Unit::Repeat(_) => unreachable!(),
            };
        }
        assert_eq!(next, 1_003);
        assert!(batches > 2);
    }
}
