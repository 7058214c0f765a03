//! A job's own history must be one life: created once, attempts one after the other, ended once.

use std::collections::HashSet;

use contracts::{EventType, JobStatus};
use domain::Outcome;
use uuid::Uuid;

use super::{Breach, Findings, ends};
use crate::api::{HistoryEvent, JobDetail};

/// Judges a history against itself and against what the job store says of the job.
pub(super) fn judge(id: Uuid, detail: &JobDetail, history: &[HistoryEvent], findings: &mut Findings) {
    repetitions(id, history, findings);
    if let Some(reason) = disorder(history).or_else(|| contradiction(detail, history)) {
        findings.add(Breach::Unexpected, id, reason);
    }
}

fn repetitions(id: Uuid, history: &[HistoryEvent], findings: &mut Findings) {
    let mut seen = HashSet::new();
    for event in history {
        if !seen.insert(event.event_id) {
            let reason = format!(
                "{} of attempt {} twice in the history",
                event.event_type, event.payload.attempt
            );
            findings.add(Breach::State, id, reason);
        }
    }
    let endings = count(history, ends);
    if endings > 1 {
        findings.add(Breach::State, id, format!("ended {endings} times"));
    }
}

/// What is wrong with the order of events, if anything. An event of a kind that no rule names is passed over.
fn disorder(history: &[HistoryEvent]) -> Option<String> {
    let mut life = Life::default();
    for (place, event) in history.iter().enumerate() {
        if !life.allows(place, event) {
            let shown: Vec<_> = history.iter().map(shorthand).collect();
            let kind = event.event_type;
            return Some(format!("history out of order at {kind}: {}", shown.join(" ")));
        }
    }
    None
}

/// A job's life while its history is read.
#[derive(Debug, Default)]
struct Life {
    attempt: u32,
    running: bool,
    ended: bool,
}

impl Life {
    /// Whether the event at this place of the history may follow what came before.
    fn allows(&mut self, place: usize, event: &HistoryEvent) -> bool {
        let kind = event.event_type;
        let is_first = (place == 0) == (kind == EventType::Created);
        if !is_first || std::mem::replace(&mut self.ended, ends(kind)) {
            return false;
        }
        let of_this_attempt = event.payload.attempt == self.attempt;
        match kind {
            EventType::Created | EventType::Validated => true,
            EventType::Scheduled => place == 1,
            EventType::Executed => {
                self.attempt += 1;
                !std::mem::replace(&mut self.running, true) && event.payload.attempt == self.attempt
            }
            EventType::Retrying | EventType::Completed | EventType::Failed | EventType::Quarantined => {
                std::mem::take(&mut self.running) && of_this_attempt
            }
            // Whether it runs or waits.
            EventType::Cancelled => of_this_attempt,
        }
    }
}

fn shorthand(event: &HistoryEvent) -> String {
    let kind = event.event_type.as_str();
    format!(
        "{}#{}",
        kind.strip_prefix("job.").unwrap_or(kind),
        event.payload.attempt
    )
}

/// Where the job store's history and its row disagree, if they do.
fn contradiction(detail: &JobDetail, history: &[HistoryEvent]) -> Option<String> {
    let last = history.last().map(|event| event.event_type);
    if last != Some(last_event_of(detail.status)) {
        let last = last.map_or("nothing", EventType::as_str);
        return Some(format!("{}, and its history ends with {last}", detail.status));
    }
    let started = count(history, |kind| kind == EventType::Executed);
    if started != detail.attempt as usize {
        return Some(format!(
            "attempt {}, and its history has {started}",
            detail.attempt
        ));
    }
    let success = u32::from(detail.status == JobStatus::Completed);
    // One attempt may have been running when the job was cancelled.
    let cancelled = u32::from(detail.status == JobStatus::Cancelled);
    let handed_back = history.iter().filter(|event| is_handed_back(event)).count();
    let handed_back = u32::try_from(handed_back).unwrap_or(u32::MAX);
    let accounted = (detail.failures + detail.crashes + success).saturating_add(handed_back);
    (!(accounted..=accounted.saturating_add(cancelled)).contains(&detail.attempt)).then(|| {
        format!(
            "{} attempts, of which {} failed, {} crashed, {handed_back} were handed back and {success} succeeded",
            detail.attempt, detail.failures, detail.crashes
        )
    })
}

/// Whether an attempt ended with the event because its worker stopped: that counts neither as failure nor as crash.
fn is_handed_back(event: &HistoryEvent) -> bool {
    let stopped = Outcome::HandedBack {
        run_at: event.occurred_at,
    };
    event.event_type == EventType::Retrying && event.payload.error.as_deref() == stopped.error()
}

fn last_event_of(status: JobStatus) -> EventType {
    match status {
        JobStatus::Pending => EventType::Created,
        JobStatus::Validated => EventType::Validated,
        JobStatus::Scheduled => EventType::Scheduled,
        JobStatus::Executing => EventType::Executed,
        JobStatus::Retrying => EventType::Retrying,
        JobStatus::Completed => EventType::Completed,
        JobStatus::Failed => EventType::Failed,
        JobStatus::Cancelled => EventType::Cancelled,
        JobStatus::Quarantined => EventType::Quarantined,
    }
}

fn count(history: &[HistoryEvent], test: impl Fn(EventType) -> bool) -> usize {
    history.iter().filter(|event| test(event.event_type)).count()
}
