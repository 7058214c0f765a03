//! Asks the public interface about every accepted job and judges each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use contracts::{EventType, JobStatus};
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use super::findings::{Breach, Findings};
use super::gaps::Gaps;
use super::judge::{self, Facts, Life};
use super::logged::Logged;
use super::plan::Expected;
use super::recovery::{Killed, Traces};
use super::submit::Submission;
use crate::api::{ApiError, HistoryEvent, ReadModel};
use crate::http_client::Target;
use crate::progress::Progress;

/// How many jobs are asked about at once.
const CONNECTIONS: usize = 16;
/// How long one answer may take.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// How much longer derived data gets to settle before it is looked at again.
pub(super) const ANOTHER_LOOK: Duration = Duration::from_secs(2);
/// After so many more looks that change nothing, what looks wrong is judged for good.
pub(super) const VAIN_LOOKS: u32 = 3;

/// What the questions found out.
#[derive(Debug)]
pub(super) struct Inspection {
    /// How many accepted jobs are in a terminal state.
    pub(super) terminal: u64,
    /// How many of them are QUARANTINED.
    pub(super) quarantined: u64,
    /// How many of them are CANCELLED.
    pub(super) cancelled: u64,
    /// How many attempts a worker died under.
    pub(super) crashes: u64,
    /// How many attempts were followed by another one.
    pub(super) retries: u64,
    /// What the histories tell of recovery.
    pub(super) traces: Traces,
    /// And of times in which nothing ended.
    pub(super) gaps: Gaps,
    /// What is wrong.
    pub(super) findings: Findings,
    /// When those with unique keys were alive.
    lives: Vec<Life>,
    suspects: Vec<Subject>,
}

/// One job to ask about.
#[derive(Clone, Copy, Debug)]
enum Subject {
    /// One of the plan.
    Planned(u64),
    /// One that a schedule made.
    Fired(Uuid),
}

/// What the asking tasks share.
#[derive(Debug)]
struct Shared {
    submission: Arc<Submission>,
    fired: Vec<Uuid>,
    read_model: Target,
    /// The event log, where it could be read.
    logged: Option<Arc<Logged>>,
    next: AtomicU64,
    progress: Progress,
}

/// Asks about every accepted job and those that schedules made. One that looks wrong is asked about again after a
/// moment, since the event log follows the job store.
pub(super) async fn inspect(
    submission: &Arc<Submission>,
    fired: &[Uuid],
    read_model: Target,
    killed: &[Killed],
    progress: Progress,
) -> Inspection {
    let mut all = Inspection::new(killed);
    let asked = submission.plan.jobs() + fired.len() as u64;
    let mut client = ReadModel::new(read_model.clone(), ANSWER_LIMIT).patient(submission.patience);
    let logged = all.read_log(&mut client, asked).await;
    let shared = Arc::new(Shared {
        submission: Arc::clone(submission),
        fired: fired.to_vec(),
        read_model,
        logged: logged.clone(),
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
    if let Some(logged) = all.look_again(submission, &mut client, asked, logged).await {
        all.findings.merge(logged.judge(&submission.plan, fired));
    }
    all.findings.merge(judge::unique(std::mem::take(&mut all.lives)));
    all
}

impl Shared {
    async fn work(self: Arc<Self>, mut part: Inspection) -> Inspection {
        let client = ReadModel::new(self.read_model.clone(), ANSWER_LIMIT);
        let mut client = client.patient(self.submission.patience);
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(subject) = self.subject(place) else {
                return part;
            };
            if subject.is_expected(&self.submission) {
                self.progress.show(place, "");
                part.job(&self, &mut client, subject).await;
            }
        }
    }

    /// The jobs of the plan, then the fired ones.
    fn subject(&self, place: u64) -> Option<Subject> {
        let planned = self.submission.plan.jobs();
        let Some(beyond) = place.checked_sub(planned) else {
            return Some(Subject::Planned(place));
        };
        let fired = self.fired.get(usize::try_from(beyond).ok()?)?;
        Some(Subject::Fired(*fired))
    }
}

impl Subject {
    /// Whether it must be there: what was not accepted need not.
    fn is_expected(self, submission: &Submission) -> bool {
        match self {
            Self::Planned(index) => submission.ledger.is_accepted(index),
            Self::Fired(_) => true,
        }
    }

    fn id(self, submission: &Submission) -> Uuid {
        match self {
            Self::Planned(index) => submission.plan.id(index),
            Self::Fired(id) => id,
        }
    }

    /// What is to become of it, and how long it may not start.
    fn promise(self, submission: &Submission) -> (Expected, Option<Duration>) {
        match self {
            Self::Planned(index) => (submission.expected(index), submission.plan.delay(index)),
            Self::Fired(_) => (Expected::Completed, None),
        }
    }
}

impl Inspection {
    fn new(killed: &[Killed]) -> Self {
        Self {
            terminal: 0,
            quarantined: 0,
            cancelled: 0,
            crashes: 0,
            retries: 0,
            traces: Traces::of(killed),
            gaps: Gaps::default(),
            findings: Findings::default(),
            lives: Vec::new(),
            suspects: Vec::new(),
        }
    }

    fn empty_copy(&self) -> Self {
        Self {
            traces: self.traces.clone(),
            gaps: Gaps::default(),
            findings: Findings::default(),
            lives: Vec::new(),
            suspects: Vec::new(),
            ..*self
        }
    }

    fn merge(&mut self, other: Self) {
        self.terminal += other.terminal;
        self.quarantined += other.quarantined;
        self.cancelled += other.cancelled;
        self.crashes += other.crashes;
        self.retries += other.retries;
        self.traces.merge(&other.traces);
        self.gaps.merge(other.gaps);
        self.findings.merge(other.findings);
        self.lives.extend(other.lives);
        self.suspects.extend(other.suspects);
    }

    /// Reads the event log, in which so many jobs left their events.
    async fn read_log(&mut self, client: &mut ReadModel, jobs: u64) -> Option<Arc<Logged>> {
        match Logged::read(client, jobs).await {
            Ok(logged) => Some(Arc::new(logged)),
            Err(error) => {
                self.findings
                    .add(Breach::Unexpected, "event log", error.to_string());
                None
            }
        }
    }

    async fn job(&mut self, shared: &Shared, client: &mut ReadModel, subject: Subject) {
        let submission = &shared.submission;
        match look(submission, client, subject, shared.logged.as_deref()).await {
            Ok((findings, facts)) if findings.is_empty() => self.count(submission, subject, &facts),
            Ok(_) => self.suspects.push(subject),
            Err(error) => self.unanswered(submission, subject, &error),
        }
    }

    /// Asks about the suspects again, and again as long as that clears some of them: what is derived by other processes
    /// may lie behind. The log is read anew as a whole each time, since there may be thousands of them. Returns the log as
    /// it was read last.
    async fn look_again(
        &mut self,
        submission: &Submission,
        client: &mut ReadModel,
        jobs: u64,
        mut logged: Option<Arc<Logged>>,
    ) -> Option<Arc<Logged>> {
        let mut vain = 0;
        while !self.suspects.is_empty() {
            sleep(ANOTHER_LOOK).await;
            logged = self.read_log(client, jobs).await;
            let suspects = std::mem::take(&mut self.suspects);
            let number = suspects.len();
            let last = vain + 1 >= VAIN_LOOKS;
            for subject in suspects {
                self.once_more(submission, client, subject, logged.as_deref(), last)
                    .await;
            }
            vain = if self.suspects.len() < number { 0 } else { vain + 1 };
        }
        logged
    }

    async fn once_more(
        &mut self,
        submission: &Submission,
        client: &mut ReadModel,
        subject: Subject,
        logged: Option<&Logged>,
        last: bool,
    ) {
        match look(submission, client, subject, logged).await {
            Ok((findings, _)) if !findings.is_empty() && !last => self.suspects.push(subject),
            Ok((findings, facts)) => {
                self.findings.merge(findings);
                self.count(submission, subject, &facts);
            }
            Err(error) => self.unanswered(submission, subject, &error),
        }
    }

    fn unanswered(&mut self, submission: &Submission, subject: Subject, error: &ApiError) {
        let id = subject.id(submission);
        self.findings.add(Breach::Unexpected, id, error.to_string());
    }

    fn count(&mut self, submission: &Submission, subject: Subject, facts: &Facts) {
        let Some(detail) = &facts.detail else { return };
        if let Subject::Planned(index) = subject {
            self.terminal += u64::from(detail.status.is_terminal());
            self.cancelled += u64::from(detail.status == JobStatus::Cancelled);
            self.lives.extend(life(submission, index, &facts.history));
        }
        self.quarantined += u64::from(detail.status == JobStatus::Quarantined);
        self.crashes += u64::from(detail.crashes);
        self.traces.note(&facts.history);
        self.gaps.note(subject.promise(submission).1, &facts.history);
        let retries = facts
            .history
            .iter()
            .filter(|event| event.event_type == EventType::Retrying);
        self.retries += retries.count() as u64;
    }
}

/// When a job was alive, if it is one with a unique key.
fn life(submission: &Submission, index: u64, history: &[HistoryEvent]) -> Option<Life> {
    let key = submission.plan.key(index)?;
    let answered = submission.notes.answered_at(index)?;
    Life::of(key, submission.plan.id(index), answered, history)
}

/// Asks about a job; about its events too, where they were not read before.
async fn look(
    submission: &Submission,
    client: &mut ReadModel,
    subject: Subject,
    logged: Option<&Logged>,
) -> Result<(Findings, Facts), ApiError> {
    let id = subject.id(submission);
    let facts = Facts {
        detail: client.job(id).await?,
        history: client.history(id).await?,
        log: match logged {
            Some(logged) => logged.events(id),
            None => client.log(id).await?,
        },
    };
    let (expected, delay) = subject.promise(submission);
    let findings = judge::job(id, expected, delay, &facts);
    Ok((findings, facts))
}
