//! What has to be true at any time.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{EventType, JobStatus};
use domain::JobEvent;
use uuid::Uuid;

use super::World;
use super::model::{Kind, Model, kind};
use crate::JobDetail;

impl World {
    /// Every job is as the rules say, every event was given to a caller or is in the outbox, and lists agree.
    pub(super) async fn check(&self) {
        let mut outbox = BTreeMap::<Uuid, Vec<JobEvent>>::new();
        for event in self.store.transitions().await {
            outbox.entry(event.job_id).or_default().push(event);
        }
        for (job_id, model) in &self.models {
            let detail = self.store.find_id(*job_id).await;
            let detail = detail.unwrap_or_else(|| panic!("{:?} is not there", model.row));
            check_row(model, &detail);
            check_life(&detail);
            check_events(model, &detail, outbox.get(job_id).map_or(&[], Vec::as_slice));
        }
        for job_id in &self.gone {
            assert_eq!(self.store.find_id(*job_id).await, None);
        }
        let listed: BTreeSet<_> = self.store.found("").await.into_iter().collect();
        assert_eq!(listed, self.models.keys().copied().collect());
        assert_eq!(self.store.limits().await, self.limits);
    }
}

fn check_row(model: &Model, detail: &JobDetail) {
    let (row, summary) = (&model.row, &detail.summary);
    let what = format!("{detail:?} is not {row:?}");
    assert_eq!(
        (summary.status, summary.attempt),
        (row.status, row.attempt),
        "{what}"
    );
    assert_eq!(
        (detail.failures, detail.crashes),
        (row.failures, row.crashes),
        "{what}"
    );
    assert_eq!(
        (detail.cancelling, detail.round),
        (row.cancelling, row.round),
        "{what}"
    );
    assert_eq!(summary.held, row.held, "{what}");
    if !(model.waits() && model.is_loose()) {
        assert_eq!(summary.wake_at, row.wake_at, "{what}");
    }
    assert_eq!(detail.logs, model.logs, "{what}");
}

/// Tokens grow, each round has one end at most, and the last event says what the job is.
fn check_life(detail: &JobDetail) {
    let what = format!("{detail:?}");
    let starts = detail
        .history
        .iter()
        .filter(|event| event.event_type == EventType::Executed);
    let tokens: Vec<_> = starts.map(|event| event.attempt).collect();
    assert!(tokens.is_sorted_by(|a, b| a < b), "a token is used twice: {what}");
    let mut ends = BTreeMap::<u32, u32>::new();
    for event in detail.history.iter().filter(|event| is_end(event.event_type)) {
        *ends.entry(event.round).or_default() += 1;
    }
    let ended = detail.round + u32::from(detail.summary.status.is_terminal());
    assert!((0..ended).all(|round| ends.get(&round) == Some(&1)), "{what}");
    assert_eq!(u32::try_from(ends.len()), Ok(ended), "{what}");
    let last = detail.history.last().map(|event| event.job().status);
    assert_eq!(last, Some(detail.summary.status), "{what}");
}

fn is_end(event_type: EventType) -> bool {
    use EventType::{Cancelled, Completed, Failed, Quarantined};
    matches!(event_type, Completed | Failed | Cancelled | Quarantined)
}

/// No event is lost, and none is made up.
fn check_events(model: &Model, detail: &JobDetail, outbox: &[JobEvent]) {
    let what = format!("{detail:?}, in the outbox {outbox:?}");
    let history: Vec<Kind> = detail.history.iter().map(kind).collect();
    assert_eq!(history, model.history, "{what}");
    assert!(
        outbox.iter().all(|event| detail.history.contains(event)),
        "{what}"
    );
    let relayed: BTreeSet<Kind> = outbox.iter().map(kind).collect();
    assert!(
        model.relayed.is_subset(&relayed),
        "{:?} is to be relayed: {what}",
        model.relayed
    );
    let safe = |kind: &&Kind| model.told.contains(kind) || relayed.contains(kind);
    let lost: Vec<_> = history[1..].iter().filter(|kind| !safe(kind)).collect();
    assert!(
        lost.is_empty(),
        "{lost:?} is in no message and not in the outbox: {what}"
    );
    let ids: BTreeSet<Uuid> = detail.history.iter().map(JobEvent::id).collect();
    assert_eq!(ids.len(), detail.history.len(), "{what}");
    assert!(detail.summary.status != JobStatus::Validated);
}
