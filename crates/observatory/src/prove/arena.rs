//! Kills the observatory by the schedule while jobs are submitted.

use std::process::ExitStatus;
use std::time::Duration;

use domain::{Clock, SystemClock};
use tokio::time::{Instant, sleep};

use super::attacked::Attacked;
use super::blows::Blow;
use super::kills::{Kill, Moment};
use super::recovery::Killed;
use super::submit::Submission;
use crate::child::NotReady;
use crate::progress::Progress;

/// How much longer than a submission is repeated there may be no progress before the run goes on without it.
const STALLED: Duration = Duration::from_secs(10);
/// How often progress is looked at.
const LOOK: Duration = Duration::from_millis(1);

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Halt {
    /// The observatory does not come back.
    #[error("after kill {kills}: {source}")]
    NotReady {
        /// How many kills there were.
        kills: usize,
        /// What is wrong.
        source: NotReady,
    },
    /// The observatory went away without having been killed.
    #[error("after kill {kills}: the observatory ended by itself ({status})")]
    Ended {
        /// How many kills there were.
        kills: usize,
        /// How it ended.
        status: ExitStatus,
    },
    /// The machine does not do as told.
    #[error(transparent)]
    Machine(#[from] anyhow::Error),
}

/// One run's kills.
#[derive(Debug)]
pub(super) struct Arena<'a> {
    /// Whom to kill; ready when the run begins.
    pub(super) attacked: &'a mut Attacked,
    /// What goes on meanwhile.
    pub(super) submission: &'a Submission,
    /// Where to show how far it is.
    pub(super) progress: &'a Progress,
    /// The kills so far.
    pub(super) killed: Vec<Killed>,
}

impl Arena<'_> {
    /// Carries out the schedule, then lets the rest of the jobs in and returns when all are submitted.
    pub(super) async fn run(&mut self, schedule: &[(Kill, Blow)]) -> Result<(), Halt> {
        for (place, (kill, blow)) in schedule.iter().enumerate() {
            self.submission.source.open_to(kill.jobs_before);
            self.wait_for(kill.moment, kill.jobs_before).await?;
            self.undisturbed(sleep(kill.delay)).await?;
            self.kill(blow).await?;
            self.attacked.start()?;
            let next = schedule.get(place + 1).map(|(kill, _)| kill.moment);
            if next != Some(Moment::Starting) {
                self.wait_ready().await?;
            }
        }
        let jobs = self.submission.plan.jobs();
        self.submission.source.open_to(jobs);
        self.wait_for(Moment::Running, jobs).await
    }

    /// Notes who ended without having been hit.
    pub(super) fn count_deserters(&mut self) {
        for (who, what) in self.attacked.deserters() {
            self.submission.ledger.unexpected(who, what);
        }
    }

    async fn wait_for(&mut self, moment: Moment, jobs_before: u64) -> Result<(), Halt> {
        let wanted = match moment {
            Moment::Starting => return Ok(()),
            Moment::Running => jobs_before,
            Moment::Submitting { accepted } => accepted,
        };
        let note = format!("killed {} times", self.killed.len());
        let (submission, progress) = (self.submission, self.progress);
        self.undisturbed(settled(submission, wanted, progress, &note))
            .await
    }

    /// Does something while the observatory runs, which it must not stop to do.
    pub(super) async fn undisturbed(&mut self, work: impl Future<Output = ()>) -> Result<(), Halt> {
        tokio::select! {
            () = work => Ok(()),
            status = self.attacked.wait_end() => Err(Halt::Ended {
                kills: self.killed.len(),
                status: status.map_err(anyhow::Error::from)?,
            }),
        }
    }

    async fn kill(&mut self, blow: &Blow) -> Result<(), Halt> {
        self.count_deserters();
        let at = SystemClock.now();
        for (who, what) in self.attacked.hit(blow).await? {
            self.submission.ledger.unexpected(who, what);
        }
        self.killed.push(Killed {
            at,
            gone: SystemClock.now(),
            ready: None,
        });
        Ok(())
    }

    async fn wait_ready(&mut self) -> Result<(), Halt> {
        let kills = self.killed.len();
        let ready = self.attacked.wait_ready().await;
        ready.map_err(|source| Halt::NotReady { kills, source })?;
        if let Some(last) = self.killed.last_mut() {
            last.ready = Some(SystemClock.now());
        }
        Ok(())
    }
}

/// Returns when so many jobs are settled, or when nothing moves any more.
async fn settled(submission: &Submission, wanted: u64, progress: &Progress, note: &str) {
    let ledger = &submission.ledger;
    let patience = submission.patience + STALLED;
    let mut last = (ledger.settled(), Instant::now());
    while ledger.settled() < wanted {
        sleep(LOOK).await;
        progress.show(ledger.accepted(), note);
        let settled = ledger.settled();
        if settled != last.0 {
            last = (settled, Instant::now());
        } else if last.1.elapsed() > patience {
            let reason = format!("stalled at {settled} jobs of {wanted}");
            ledger.unexpected("submission", reason);
            return;
        }
    }
}
