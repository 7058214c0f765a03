//! Reads the whole event log once. Not every server finds the events of one job without going through all of them.

use std::collections::HashSet;

use uuid::Uuid;

use super::findings::{Breach, Findings};
use super::plan::Plan;
use crate::api::{ApiError, LogEvent, ReadModel};

/// More events than jobs of ours have on average; a list that goes round in circles must not keep us for ever.
const MOST_EVENTS_PER_JOB: usize = 50;
/// Room for what a short run has beside that.
const SOME_EVENTS: usize = 10_000;

/// The events, by job.
#[derive(Debug, Default)]
pub(super) struct Logged(Vec<LogEvent>);

impl Logged {
    /// Reads the log, in which `jobs` left their events.
    pub(super) async fn read(read_model: &mut ReadModel, jobs: u64) -> Result<Self, ApiError> {
        let most = usize::try_from(jobs).unwrap_or(usize::MAX);
        let most = most
            .saturating_mul(MOST_EVENTS_PER_JOB)
            .saturating_add(SOME_EVENTS);
        let mut events = Vec::new();
        let mut next = None;
        while events.len() < most {
            let (page, following) = read_model.events(next.as_deref()).await?;
            events.extend(page);
            if following.is_none() {
                break;
            }
            next = following;
        }
        Ok(Self::of(events))
    }

    fn of(mut events: Vec<LogEvent>) -> Self {
        events.sort_by_key(|event| event.job_id);
        Self(events)
    }

    /// The events of a job.
    pub(super) fn events(&self, job: Uuid) -> Vec<LogEvent> {
        let start = self.0.partition_point(|event| event.job_id < job);
        let events = self.0[start..].iter();
        events.take_while(|event| event.job_id == job).cloned().collect()
    }

    /// Names the jobs that left events and that neither a client nor a schedule made.
    pub(super) fn judge(&self, plan: &Plan, fired: &[Uuid]) -> Findings {
        let fired: HashSet<_> = fired.iter().collect();
        let mut findings = Findings::default();
        for jobs in self.0.chunk_by(|one, other| one.job_id == other.job_id) {
            let id = jobs[0].job_id;
            if plan.index(id).is_none() && !fired.contains(&id) {
                findings.add(
                    Breach::Unexpected,
                    id,
                    "in the event log, and nobody submitted it",
                );
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use contracts::EventType;

    use super::*;

    fn event(job_id: Uuid, number: u128) -> LogEvent {
        LogEvent {
            event_id: Uuid::from_u128(number),
            event_type: EventType::Created,
            job_id,
        }
    }

    #[test]
    fn the_events_of_a_job_are_found_among_all() {
        let [one, two, none] = [1, 2, 3].map(Uuid::from_u128);
        let logged = Logged::of(vec![event(two, 1), event(one, 2), event(two, 3)]);
        assert_eq!(logged.events(two), [event(two, 1), event(two, 3)]);
        assert_eq!(logged.events(one), [event(one, 2)]);
        assert_eq!(logged.events(none), []);
    }

    #[test]
    fn events_of_jobs_that_nobody_submitted_are_found_once_for_each() {
        let plan = Plan::new(1, 10);
        let [fired, foreign] = [7, 8].map(Uuid::from_u128);
        let events = vec![
            event(plan.id(3), 1),
            event(foreign, 2),
            event(fired, 3),
            event(foreign, 4),
        ];
        let findings = Logged::of(events).judge(&plan, &[fired]);
        let named: Vec<_> = findings
            .named()
            .iter()
            .map(|o| (o.breach, o.subject.clone()))
            .collect();
        assert_eq!(named, [(Breach::Unexpected, foreign.to_string())]);
    }
}
