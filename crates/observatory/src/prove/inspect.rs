//! Asks the public interface about every accepted job and judges each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use contracts::{EventType, JobStatus};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::findings::{Breach, Findings};
use super::judge::{self, Facts};
use super::recovery::{Killed, Traces};
use super::submit::Submission;
use crate::api::{ApiError, ReadModel};
use crate::http_client::Target;
use crate::progress::Progress;

/// How many jobs are asked about at once.
const CONNECTIONS: usize = 16;
/// How long one answer may take.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// How much longer derived data gets to settle before a job that looked wrong is judged for good.
const SECOND_LOOK: Duration = Duration::from_secs(2);

/// What the questions found out.
#[derive(Debug)]
pub(super) struct Inspection {
    /// How many accepted jobs are in a terminal state.
    pub(super) terminal: u64,
    /// How many of them are QUARANTINED.
    pub(super) quarantined: u64,
    /// How many attempts a worker died under.
    pub(super) crashes: u64,
    /// How many attempts were followed by another one.
    pub(super) retries: u64,
    /// What the histories tell of recovery.
    pub(super) traces: Traces,
    /// What is wrong.
    pub(super) findings: Findings,
    suspects: Vec<u64>,
}

/// What the asking tasks share.
#[derive(Debug)]
struct Shared {
    submission: Arc<Submission>,
    read_model: Target,
    next: AtomicU64,
    progress: Progress,
}

/// Asks about every accepted job. One that looks wrong is asked about again after a moment, since the event log
/// follows the job store.
pub(super) async fn inspect(
    submission: &Arc<Submission>,
    read_model: Target,
    killed: &[Killed],
    progress: Progress,
) -> Inspection {
    let mut all = Inspection::new(killed);
    let shared = Arc::new(Shared {
        submission: Arc::clone(submission),
        read_model: read_model.clone(),
        next: AtomicU64::new(0),
        progress,
    });
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        tasks.spawn(Arc::clone(&shared).work(all.empty_copy()));
    }
    while let Some(part) = tasks.join_next().await {
        match part {
            Ok(part) => all.merge(part),
            Err(error) => all
                .findings
                .add(Breach::Unexpected, "inspection", error.to_string()),
        }
    }
    all.second_look(submission, read_model).await;
    all
}

impl Shared {
    async fn work(self: Arc<Self>, mut part: Inspection) -> Inspection {
        let mut client = ReadModel::new(self.read_model.clone(), ANSWER_LIMIT);
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            if index >= self.submission.plan.jobs() {
                return part;
            }
            if self.submission.ledger.is_accepted(index) {
                self.progress.show(index, "");
                part.job(&self.submission, &mut client, index).await;
            }
        }
    }
}

impl Inspection {
    fn new(killed: &[Killed]) -> Self {
        Self {
            terminal: 0,
            quarantined: 0,
            crashes: 0,
            retries: 0,
            traces: Traces::of(killed),
            findings: Findings::default(),
            suspects: Vec::new(),
        }
    }

    fn empty_copy(&self) -> Self {
        Self {
            traces: self.traces.clone(),
            findings: Findings::default(),
            suspects: Vec::new(),
            ..*self
        }
    }

    fn merge(&mut self, other: Self) {
        self.terminal += other.terminal;
        self.quarantined += other.quarantined;
        self.crashes += other.crashes;
        self.retries += other.retries;
        self.traces.merge(&other.traces);
        self.findings.merge(other.findings);
        self.suspects.extend(other.suspects);
    }

    async fn job(&mut self, submission: &Submission, client: &mut ReadModel, index: u64) {
        match look(submission, client, index).await {
            Ok((findings, facts)) if findings.is_empty() => self.count(&facts),
            Ok(_) => self.suspects.push(index),
            Err(error) => self.unanswered(submission, index, &error),
        }
    }

    async fn second_look(&mut self, submission: &Submission, read_model: Target) {
        let suspects = std::mem::take(&mut self.suspects);
        if suspects.is_empty() {
            return;
        }
        sleep(SECOND_LOOK).await;
        let mut client = ReadModel::new(read_model, ANSWER_LIMIT);
        for index in suspects {
            match look(submission, &mut client, index).await {
                Ok((findings, facts)) => {
                    self.findings.merge(findings);
                    self.count(&facts);
                }
                Err(error) => self.unanswered(submission, index, &error),
            }
        }
    }

    fn unanswered(&mut self, submission: &Submission, index: u64, error: &ApiError) {
        let id = submission.plan.id(index);
        self.findings.add(Breach::Unexpected, id, error.to_string());
    }

    fn count(&mut self, facts: &Facts) {
        let Some(detail) = &facts.detail else { return };
        self.terminal += u64::from(detail.status.is_terminal());
        self.quarantined += u64::from(detail.status == JobStatus::Quarantined);
        self.crashes += u64::from(detail.crashes);
        self.traces.note(&facts.history);
        let retries = facts
            .history
            .iter()
            .filter(|event| event.event_type == EventType::Retrying);
        self.retries += retries.count() as u64;
    }
}

async fn look(
    submission: &Submission,
    client: &mut ReadModel,
    index: u64,
) -> Result<(Findings, Facts), ApiError> {
    let id = submission.plan.id(index);
    let facts = Facts {
        detail: client.job(id).await?,
        history: client.history(id).await?,
        log: client.log(id).await?,
    };
    let findings = judge::job(id, submission.plan.expected(index), &facts);
    Ok((findings, facts))
}
