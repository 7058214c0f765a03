//! Submits a plan as a careful client would: what was not answered is asked again under the same identifier, and a
//! job whose unique key is another job's comes again once that may have ended.

mod answers;
mod withdraw;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, SystemClock};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::ledger::Ledger;
use super::notes::{Notes, Withdrawal};
use super::plan::{Expected, Plan, Unit};
use super::source::Source;
use crate::api::{Accepted, ReadModel};
use crate::http_client::{Session, Target};

/// How many submissions are under way at once.
const CONNECTIONS: usize = 32;
/// The longest time that the gateway may take to answer. It promises less.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// The pause before a submission is repeated: short, so that it is seen how soon the observatory is back.
const PAUSE: Duration = Duration::from_millis(10);
/// The pause where it has been away for longer than [`SHORT`].
const LONG_PAUSE: Duration = Duration::from_millis(100);
/// For so long pauses are short.
const SHORT: Duration = Duration::from_secs(2);
/// How long one submission is repeated at least before it is given up.
const PATIENCE: Duration = Duration::from_mins(1);
/// The pause before a job comes again whose unique key is another job's.
const REFUSED_PAUSE: Duration = Duration::from_millis(20);
/// How long it comes again before it is given up: all its rivals may have to run first, some of them interrupted.
const REFUSED_PATIENCE: Duration = Duration::from_mins(3);

/// Everything that the submitting tasks share.
#[derive(Debug)]
pub(super) struct Submission {
    /// What is submitted.
    pub(super) plan: Plan,
    /// In which order, and how far.
    pub(super) source: Source,
    /// What came of it.
    pub(super) ledger: Ledger,
    /// And of single jobs.
    pub(super) notes: Notes,
    /// How long one submission is repeated before it is given up.
    pub(super) patience: Duration,
    gateway: Target,
    read_model: Target,
}

/// What an answer means for a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It is dealt with.
    Done,
    /// There was no answer that counts.
    Again,
    /// Its unique key is another job's.
    Refused,
}

impl Submission {
    /// A submission of `plan` to `gateway`, of which nothing has happened yet.
    pub(super) fn new(plan: Plan, gateway: Target, read_model: Target) -> Self {
        Self {
            plan,
            source: Source::new(plan),
            ledger: Ledger::new(plan.jobs()),
            notes: Notes::default(),
            patience: PATIENCE,
            gateway,
            read_model,
        }
    }

    /// The same, which goes on asking for so long, or longer.
    pub(super) fn patient(self, patience: Duration) -> Self {
        let patience = patience.max(PATIENCE);
        Self { patience, ..self }
    }

    /// What is to become of a job, as far as its plan and the answers to its withdrawal say.
    pub(super) fn expected(&self, index: u64) -> Expected {
        match self.notes.withdrawal(index) {
            Some(Withdrawal::Done) => Expected::Cancelled,
            _ => self.plan.kind(index).expected(),
        }
    }

    /// Starts the submitting tasks. They end when the plan is done.
    pub(super) fn start(self: &Arc<Self>) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        for _ in 0..CONNECTIONS {
            tasks.spawn(Arc::clone(self).work());
        }
        tasks
    }

    async fn work(self: Arc<Self>) {
        let mut session = Session::new(self.gateway.clone(), ANSWER_LIMIT);
        let mut read_model = ReadModel::new(self.read_model.clone(), ANSWER_LIMIT);
        while let Some(unit) = self.source.next().await {
            match unit {
                Unit::Single(index) | Unit::Refused(index) => self.single(&mut session, index).await,
                Unit::Batch(range) => self.batch(&mut session, range).await,
                Unit::Withdraw(index) => self.withdraw(&mut session, &mut read_model, index).await,
                Unit::Repeat(index) => {
                    self.ledger.repeat();
                    self.single(&mut session, index).await;
                }
            }
        }
    }

    async fn single(&self, session: &mut Session, index: u64) {
        let body = self.plan.body(index);
        let since = Instant::now();
        loop {
            let answer = session.post("/jobs", "application/json", body.as_bytes()).await;
            match self.judge_single(index, answer) {
                Verdict::Done => return,
                Verdict::Refused => return self.come_again(&[index]).await,
                Verdict::Again if since.elapsed() > self.patience => {
                    return self.give_up(index..index + 1, "was never answered 202");
                }
                Verdict::Again => sleep(pause(since)).await,
            }
        }
    }

    async fn batch(&self, session: &mut Session, range: Range<u64>) {
        let bodies: Vec<_> = range.clone().map(|index| self.plan.body(index)).collect();
        // Both forms of a batch are used, in turns.
        let (content_type, body) = if (range.start / 25).is_multiple_of(2) {
            ("application/json", format!("[{}]", bodies.join(",")))
        } else {
            ("application/x-ndjson", bodies.join("\n"))
        };
        let since = Instant::now();
        loop {
            let answer = session.post("/jobs/batch", content_type, body.as_bytes()).await;
            let mut refused = Vec::new();
            if self.judge_batch(&range, answer, &mut refused) == Verdict::Done {
                return self.come_again(&refused).await;
            }
            if since.elapsed() > self.patience {
                return self.give_up(range, "was never answered 202 in a batch");
            }
            sleep(pause(since)).await;
        }
    }

    /// Has jobs submitted again whose unique keys are other jobs'.
    async fn come_again(&self, refused: &[u64]) {
        if refused.is_empty() {
            return;
        }
        sleep(REFUSED_PAUSE).await;
        for index in refused {
            if self.notes.refused(*index).elapsed() > REFUSED_PATIENCE.max(2 * self.patience) {
                self.give_up(*index..index + 1, "its unique key was never free");
            } else {
                self.source.refused(*index);
            }
        }
    }

    /// Notes that the unique key of a job is another job's, which must be one that wants it, too. Says whether the job
    /// is to come again; a repetition of one that was accepted is not.
    fn refused(&self, index: u64, holder: Uuid) -> bool {
        if !self
            .plan
            .index(holder)
            .is_some_and(|holder| self.plan.are_rivals(index, holder))
        {
            let reason = format!("refused because of {holder}, which does not want its unique key");
            self.ledger.unexpected(self.plan.id(index), reason);
        }
        self.ledger.refuse(index);
        !self.ledger.is_accepted(index)
    }

    fn accepted(&self, index: u64, accepted: &Accepted) {
        let (id, event) = (self.plan.id(index), self.plan.created_event(index));
        if accepted.job_id != id {
            self.ledger
                .unexpected(id, format!("accepted as {}", accepted.job_id));
        }
        if accepted.event_id != event {
            let reason = format!("accepted with event {}, expected {event}", accepted.event_id);
            self.ledger.unexpected(id, reason);
        }
        if self.plan.key(index).is_some() {
            self.notes.answered(index, SystemClock.now());
        }
        if self.ledger.accept(index) {
            self.source.accepted(index);
        }
    }

    fn give_up(&self, jobs: Range<u64>, reason: &str) {
        for index in jobs {
            self.ledger.give_up(self.plan.id(index), reason);
        }
    }
}

/// The pause before something is repeated that was first asked then.
fn pause(since: Instant) -> Duration {
    if since.elapsed() < SHORT {
        PAUSE
    } else {
        LONG_PAUSE
    }
}

#[cfg(test)]
mod tests;
