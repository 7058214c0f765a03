//! Of the jobs that want one unique key, at most one may be alive.

use jiff::Timestamp;
use uuid::Uuid;

use super::{Breach, Findings};
use contracts::EventType;

use crate::api::HistoryEvent;

/// When a job with a unique key was alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    /// The key.
    key: u64,
    /// The job.
    id: Uuid,
    /// When the gateway accepted it, by the job's own history.
    created: Timestamp,
    /// When its client had the 202.
    answered: Timestamp,
    /// When its first attempt started, if one did.
    started: Option<Timestamp>,
    /// When it ended.
    ended: Timestamp,
}

impl Life {
    /// A job's life by its history; none where it has no beginning or end, which is found elsewhere.
    pub(crate) fn of(key: u64, id: Uuid, answered: Timestamp, history: &[HistoryEvent]) -> Option<Self> {
        let at = |event: &HistoryEvent| event.occurred_at;
        let started = history
            .iter()
            .find(|event| event.event_type == EventType::Executed);
        let ended = history.iter().rev().find(|event| super::ends(event.event_type));
        Some(Self {
            key,
            id,
            created: at(history.first()?),
            answered,
            started: started.map(at),
            ended: at(ended?),
        })
    }

    /// Whether an attempt of the other one started while this one ran.
    fn ran_over(&self, other: &Self) -> bool {
        let (Some(mine), Some(theirs)) = (self.started, other.started) else {
            return false;
        };
        mine <= theirs && theirs < self.ended
    }

    /// Whether the other one was accepted while this one was promised and alive: made after the client had this one's
    /// 202, and answered 202 before this one ended.
    fn was_ignored_by(&self, other: &Self) -> bool {
        self.answered < other.created && other.answered < self.ended
    }
}

/// Judges the lives of all jobs with unique keys.
pub(crate) fn unique(mut lives: Vec<Life>) -> Findings {
    let mut findings = Findings::default();
    lives.sort_unstable_by_key(|life| (life.key, life.created));
    for rivals in lives.chunk_by(|one, other| one.key == other.key) {
        judge_rivals(rivals, &mut findings);
    }
    findings
}

fn judge_rivals(rivals: &[Life], findings: &mut Findings) {
    for one in rivals {
        for other in rivals.iter().filter(|other| other.id != one.id) {
            if one.ran_over(other) {
                let reason = format!("ran at the same time as {}, under the same unique key", other.id);
                findings.add(Breach::Unexpected, one.id, reason);
            }
            if one.was_ignored_by(other) {
                let reason = format!(
                    "{} was accepted under its unique key before it had ended",
                    other.id
                );
                findings.add(Breach::Unexpected, one.id, reason);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(id: u128, key: u64, [created, answered, started, ended]: [i64; 4]) -> Life {
        let at = |millis| Timestamp::from_millisecond(millis).unwrap();
        Life {
            key,
            id: Uuid::from_u128(id),
            created: at(created),
            answered: at(answered),
            started: Some(at(started)),
            ended: at(ended),
        }
    }

    fn reasons(lives: Vec<Life>) -> Vec<String> {
        unique(lives)
            .named()
            .iter()
            .map(|offence| offence.reason.clone())
            .collect()
    }

    #[test]
    fn one_after_the_other_passes_in_any_order_of_the_list() {
        let lives = vec![life(2, 1, [30, 31, 32, 40]), life(1, 1, [10, 11, 12, 20])];
        assert_eq!(reasons(lives), [""; 0]);
    }

    #[test]
    fn jobs_of_other_keys_may_run_at_the_same_time() {
        assert_eq!(
            reasons(vec![life(1, 1, [10, 11, 12, 20]), life(2, 2, [10, 11, 12, 20])]),
            [""; 0]
        );
    }

    #[test]
    fn two_that_run_at_once_are_found() {
        let found = reasons(vec![life(1, 1, [10, 35, 12, 20]), life(2, 1, [11, 36, 19, 30])]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("ran at the same time as 00000000-0000-0000-0000-000000000002"));
    }

    #[test]
    fn one_that_is_accepted_while_another_is_alive_is_found() {
        let found = reasons(vec![life(1, 1, [10, 11, 12, 20]), life(2, 1, [13, 14, 21, 30])]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].ends_with("was accepted under its unique key before it had ended"));
    }

    #[test]
    fn a_late_answer_to_a_job_that_was_made_before_is_no_offence() {
        // The first answer to job 1 was lost; it ran and ended, job 2 came, and job 1 was answered again meanwhile.
        let lives = vec![life(1, 1, [10, 25, 12, 20]), life(2, 1, [21, 22, 23, 30])];
        assert_eq!(reasons(lives), [""; 0]);
    }

    #[test]
    fn a_job_that_never_ran_or_never_ended_has_no_running_time() {
        let history = |kinds: &[EventType]| -> Vec<HistoryEvent> {
            let event = |event_type: &EventType| HistoryEvent {
                event_id: Uuid::nil(),
                event_type: *event_type,
                occurred_at: Timestamp::UNIX_EPOCH,
                payload: crate::api::HistoryPayload::default(),
            };
            kinds.iter().map(event).collect()
        };
        let of = |kinds: &[EventType]| Life::of(1, Uuid::nil(), Timestamp::UNIX_EPOCH, &history(kinds));
        assert_eq!(
            of(&[EventType::Created, EventType::Cancelled]).unwrap().started,
            None
        );
        assert_eq!(of(&[EventType::Created, EventType::Executed]), None);
    }
}
