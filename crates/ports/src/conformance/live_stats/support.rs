//! Events that are told apart by a number.

use std::sync::Arc;

use contracts::EventType;
use domain::fingerprint::Fingerprint;
use domain::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::super::wait::within;
use crate::{ErrorGroup, Failure, LiveStats, StatEvent, StatsBucket, StatsSnapshot, TypeStats};

/// What the cases of this suite are given.
pub(super) type StatsHarness = dyn super::super::Harness<dyn LiveStats>;

/// The first second of a minute.
pub(super) const MINUTE: i64 = 1_760_000_040;

/// A moment by its second.
pub(super) fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}

/// An hour before or after now, by the machine's clock, which adapters keep time by.
pub(super) fn hours_from_now(hours: i64) -> Timestamp {
    SystemClock
        .now()
        .saturating_add(SignedDuration::from_hours(hours))
        .unwrap_or(Timestamp::MAX)
}

/// Event `number` of `event_type`, for a job of type `echo`, at the first second of a minute.
pub(super) fn event(number: u64, event_type: EventType) -> StatEvent {
    StatEvent {
        event_id: Uuid::new_v5(&Uuid::NAMESPACE_DNS, &number.to_be_bytes()),
        job_id: Uuid::from_u128(u128::from(number)),
        job_type: "echo".to_owned(),
        event_type,
        at: second(MINUTE),
        attempt_ended: event_type == EventType::Completed,
        failure: None,
    }
}

/// Events `numbers`, all of `job.created`.
pub(super) fn created(numbers: std::ops::Range<u64>) -> Vec<StatEvent> {
    numbers.map(|number| event(number, EventType::Created)).collect()
}

/// `count` events of all types and four job types over ten minutes, those that did not go well for one of five causes.
pub(super) fn mixed(count: u64) -> Vec<StatEvent> {
    let types = EventType::ALL.iter().cycle();
    (0..count)
        .zip(types)
        .map(|(number, event_type)| StatEvent {
            job_type: ["echo", "sleep", "http", "exec"]
                [usize::try_from(number * number % 7 % 4).unwrap_or(0)]
            .to_owned(),
            at: second(MINUTE + (number * 37 % 600).cast_signed()),
            attempt_ended: number % 3 == 0,
            failure: failure_of(*event_type, number % 5),
            ..event(number, *event_type)
        })
        .collect()
}

/// Cause number `cause`, for the types that have one.
pub(super) fn failure_of(event_type: EventType, cause: u64) -> Option<Failure> {
    let failed = matches!(
        event_type,
        EventType::Failed | EventType::Retrying | EventType::Quarantined
    );
    failed.then(|| Failure {
        fingerprint: Fingerprint(cause << 60 | cause),
        title: format!("cause {cause}"),
    })
}

/// What a correct adapter answers once exactly `events`, all different, are applied.
pub(super) fn expected(events: &[StatEvent]) -> StatsSnapshot {
    let counts = |fits: &dyn Fn(&StatEvent) -> bool| {
        let all = EventType::ALL.into_iter();
        let counts = all.map(|kind| {
            (
                kind,
                count(events, |event| event.event_type == kind && fits(event)),
            )
        });
        counts.filter(|(_, count)| *count > 0).collect()
    };
    let mut types: Vec<TypeStats> = Vec::new();
    for event in events {
        if !types.iter().any(|known| known.job_type == event.job_type) {
            types.push(type_stats(events, &event.job_type));
        }
    }
    types.sort_by(|a, b| a.job_type.cmp(&b.job_type));
    StatsSnapshot {
        events: counts(&|_| true),
        ended: counts(&|event| event.attempt_ended),
        types,
        last_event: events.iter().map(|event| event.at).max(),
    }
}

fn type_stats(events: &[StatEvent], job_type: &str) -> TypeStats {
    let of = |kinds: &[EventType]| {
        count(events, |event| {
            event.job_type == job_type && kinds.contains(&event.event_type)
        })
    };
    TypeStats {
        job_type: job_type.to_owned(),
        created: of(&[EventType::Created]),
        completed: of(&[EventType::Completed]),
        failed: of(&[EventType::Failed, EventType::Quarantined]),
    }
}

/// The minutes of a correct adapter's history.
pub(super) fn expected_history(events: &[StatEvent]) -> Vec<StatsBucket> {
    let mut minutes: Vec<i64> = events.iter().map(minute_of).collect();
    minutes.sort_unstable();
    minutes.dedup();
    let bucket = |minute| {
        let of = |kinds: &[EventType]| {
            count(events, |event| {
                minute_of(event) == minute && kinds.contains(&event.event_type)
            })
        };
        StatsBucket {
            minute,
            created: of(&[EventType::Created]),
            completed: of(&[EventType::Completed]),
            failed: of(&[EventType::Failed, EventType::Quarantined]),
        }
    };
    minutes.into_iter().map(bucket).collect()
}

fn minute_of(event: &StatEvent) -> i64 {
    event.at.as_microsecond().div_euclid(60_000_000) * 60
}

fn count(events: &[StatEvent], fits: impl Fn(&StatEvent) -> bool) -> u64 {
    events.iter().filter(|event| fits(event)).count() as u64
}

/// The groups of a correct adapter once exactly `events`, all different, are applied, by fingerprint.
pub(super) fn expected_errors(events: &[StatEvent]) -> Vec<ErrorGroup> {
    let mut groups: Vec<ErrorGroup> = Vec::new();
    for (failure, event) in events
        .iter()
        .filter_map(|event| event.failure.as_ref().zip(Some(event)))
    {
        match groups.iter_mut().find(|group| group.failure == *failure) {
            Some(group) => add(group, event),
            None => groups.push(ErrorGroup {
                failure: failure.clone(),
                count: 1,
                first_at: event.at,
                last_at: event.at,
                last_job: event.job_id,
            }),
        }
    }
    sorted_errors(groups)
}

fn add(group: &mut ErrorGroup, event: &StatEvent) {
    group.count += 1;
    group.first_at = group.first_at.min(event.at);
    let latest = (group.last_at, group.last_job).max((event.at, event.job_id));
    (group.last_at, group.last_job) = latest;
}

/// Groups by fingerprint.
pub(super) fn sorted_errors(mut groups: Vec<ErrorGroup>) -> Vec<ErrorGroup> {
    groups.sort_by_key(|group| group.failure.fingerprint);
    groups
}

/// The snapshot with its lists in an order that does not depend on the adapter, and without types of which
/// nothing is counted.
pub(super) fn sorted(mut snapshot: StatsSnapshot) -> StatsSnapshot {
    snapshot.events.sort_unstable();
    snapshot.ended.sort_unstable();
    snapshot
        .types
        .retain(|kind| kind.created + kind.completed + kind.failed > 0);
    snapshot.types.sort_by(|a, b| a.job_type.cmp(&b.job_type));
    snapshot
}

/// Stats whose calls succeed within the limit, or fail the case.
#[derive(Clone)]
pub(super) struct Stats(pub(super) Arc<dyn LiveStats>);

impl Stats {
    pub(super) async fn fresh(harness: &StatsHarness) -> Self {
        Self(harness.fresh().await)
    }

    /// Crashes and comes back.
    pub(super) async fn reopen(self, harness: &StatsHarness) -> Self {
        drop(self);
        Self(harness.reopen().await)
    }

    pub(super) async fn apply(&self, events: Vec<StatEvent>) -> usize {
        within("applying", self.0.apply(events)).await
    }

    pub(super) async fn snapshot(&self) -> StatsSnapshot {
        within("the snapshot", self.0.snapshot()).await
    }

    pub(super) async fn history(&self, since: Timestamp) -> Vec<StatsBucket> {
        within("the history", self.0.history(since)).await
    }

    pub(super) async fn errors(&self, limit: usize) -> Vec<ErrorGroup> {
        within("the errors", self.0.errors(limit)).await
    }

    pub(super) async fn is_complete(&self) -> bool {
        within("asking for completeness", self.0.is_complete()).await
    }

    pub(super) async fn set_complete(&self) {
        within("saying that they are complete", self.0.set_complete()).await;
    }

    pub(super) async fn clear(&self) {
        within("clearing", self.0.clear()).await;
    }

    /// Prunes until nothing is left to prune.
    pub(super) async fn prune(&self, before: Timestamp) {
        for _ in 0..1000 {
            if within("pruning", self.0.prune(before, 50)).await == 0 {
                return;
            }
        }
        panic!("pruning does not end");
    }
}
