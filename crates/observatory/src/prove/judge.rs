//! The judgement on one job and on the totals: pure functions of what the public interface tells.

mod delay;
mod firings;
mod history;
mod unique;

use std::collections::HashMap;
use std::time::Duration;

use contracts::{EventType, JobStatus};
use domain::CRASH_LIMIT;
use uuid::Uuid;

use super::findings::{Breach, Findings};
use super::plan::Expected;
use crate::api::{HistoryEvent, JobDetail, LogEvent, Stats, TypeStats};
pub(super) use firings::{Fired, firings};
pub(super) use unique::{Life, unique};

/// Everything that the public interface tells of a job.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// The job, if it is known.
    pub(super) detail: Option<JobDetail>,
    /// Its history in the job store.
    pub(super) history: Vec<HistoryEvent>,
    /// Its events in the event log.
    pub(super) log: Vec<LogEvent>,
}

/// How many jobs are in each state, by the job list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// All jobs.
    pub(super) total: u64,
    /// COMPLETED.
    pub(super) completed: u64,
    /// FAILED.
    pub(super) failed: u64,
    /// QUARANTINED.
    pub(super) quarantined: u64,
    /// CANCELLED.
    pub(super) cancelled: u64,
    /// How many attempts were followed by another one, by the jobs' histories.
    pub(super) retries: u64,
}

impl Tally {
    /// Counts one more job.
    pub(super) fn count(&mut self, status: JobStatus) {
        self.total += 1;
        match status {
            JobStatus::Completed => self.completed += 1,
            JobStatus::Failed => self.failed += 1,
            JobStatus::Quarantined => self.quarantined += 1,
            JobStatus::Cancelled => self.cancelled += 1,
            _ => {}
        }
    }
}

/// Judges an accepted job, which must not start within `delay` of its acceptance.
pub(super) fn job(id: Uuid, expected: Expected, delay: Option<Duration>, facts: &Facts) -> Findings {
    let mut findings = Findings::default();
    let Some(detail) = &facts.detail else {
        findings.add(Breach::Lost, id, "accepted, and unknown to the read model");
        return findings;
    };
    if !detail.status.is_terminal() {
        let due = detail.next_run_at.map(|at| format!(", due at {at}"));
        let reason = format!("still {} in attempt {}", detail.status, detail.attempt);
        let reason = reason + &due.unwrap_or_default();
        findings.add(Breach::Lost, id, reason);
        return findings;
    }
    outcome(id, expected, detail, &mut findings);
    history::judge(id, detail, &facts.history, &mut findings);
    delay::judge(id, delay, &facts.history, &mut findings);
    log(id, facts, &mut findings);
    findings
}

/// Judges the counters against the job list and the number of accepted jobs.
pub(super) fn counters(accepted: u64, tally: &Tally, stats: &Stats) -> Findings {
    let mut findings = Findings::default();
    let by_type = |counter: fn(&TypeStats) -> u64| stats.by_type.iter().map(counter).sum();
    for (name, counted, expected) in [
        ("totalJobs", stats.total_jobs, accepted),
        ("completedJobs", stats.completed_jobs, tally.completed),
        ("failedJobs", stats.failed_jobs, tally.failed),
        ("quarantinedJobs", stats.quarantined_jobs, tally.quarantined),
        ("cancelledJobs", stats.cancelled_jobs, tally.cancelled),
        ("retries", stats.retries, tally.retries),
        ("byType total", by_type(|types| types.total), accepted),
        (
            "byType completed",
            by_type(|types| types.completed),
            tally.completed,
        ),
        (
            "byType failed",
            by_type(|types| types.failed),
            tally.failed + tally.quarantined,
        ),
    ] {
        if counted != expected {
            let reason = format!("says {counted}, there are {expected}");
            findings.add(Breach::Counter, name, reason);
        }
    }
    findings
}

fn outcome(id: Uuid, expected: Expected, detail: &JobDetail, findings: &mut Findings) {
    let fault = match (detail.status, expected) {
        (JobStatus::Quarantined, _) if detail.crashes >= CRASH_LIMIT => None,
        (JobStatus::Completed, Expected::Completed | Expected::CancelledOrCompleted)
        | (JobStatus::Cancelled, Expected::Cancelled | Expected::CancelledOrCompleted)
            if detail.failures == 0 =>
        {
            None
        }
        (JobStatus::Failed, Expected::Failed { failures }) if detail.failures == failures => {
            let silent = detail.error.as_deref().is_none_or(str::is_empty);
            silent.then(|| "FAILED without a reason".to_owned())
        }
        (status, expected) => Some(format!(
            "{status} after {} failures and {} crashes, expected {expected:?}; error: {}",
            detail.failures,
            detail.crashes,
            detail.error.as_deref().unwrap_or("none"),
        )),
    };
    if let Some(reason) = fault {
        findings.add(Breach::Unexpected, id, reason);
    }
}

/// The event log must hold precisely the job's history.
fn log(id: Uuid, facts: &Facts, findings: &mut Findings) {
    let mut unseen: HashMap<Uuid, EventType> = facts
        .history
        .iter()
        .map(|event| (event.event_id, event.event_type))
        .collect();
    let mut seen: HashMap<Uuid, EventType> = HashMap::new();
    for event in &facts.log {
        let kind = event.event_type;
        if seen.insert(event.event_id, kind).is_some() {
            let reason = format!("{kind} is in the event log more than once");
            findings.add(Breach::Event, id, reason);
        } else if unseen.remove(&event.event_id) != Some(kind) {
            let reason = format!("{kind} is in the event log and not in the history");
            findings.add(Breach::Event, id, reason);
        }
    }
    for kind in unseen.values() {
        let reason = format!("{kind} is not in the event log");
        findings.add(Breach::Missing, id, reason);
    }
}

/// Whether nothing of a job may follow an event of this type.
pub(super) fn ends(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::Completed | EventType::Failed | EventType::Cancelled | EventType::Quarantined
    )
}

#[cfg(test)]
mod tests;
