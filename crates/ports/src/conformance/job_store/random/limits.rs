//! What may start, and what may wait.

use domain::limits::{Hold, Limits};
use jiff::Timestamp;
use uuid::Uuid;

use super::super::support::{at, at_most, paused, rate};
use super::World;
use super::model::{FEW, Model, RATED};
use crate::{ClaimRequest, NewJob};

/// The rate of the rated type, starts and seconds.
const RATE: (u32, u64) = (2, 10);

impl World {
    pub(super) async fn change_limits(&mut self) {
        match self.dice.below(8) {
            0 => self.pause_all(true).await,
            1 | 2 => self.pause_all(false).await,
            3 => self.set_limits(FEW, paused()).await,
            4 => self.set_limits(FEW, Limits::default()).await,
            5 => self.set_limits(RATED, Limits::default()).await,
            6 => self.set_limits(RATED, rate(RATE.0, RATE.1)).await,
            _ => {
                let most = u32::try_from(1 + self.dice.below(3)).unwrap_or(1);
                self.set_limits(FEW, at_most(most)).await;
            }
        }
    }

    pub(super) async fn pause_all(&mut self, paused: bool) {
        self.limits.paused = paused;
        self.store.pause_all(paused).await;
        self.follow_all(Model::is_loose).await;
    }

    pub(super) async fn set_limits(&mut self, job_type: &str, limits: Limits) {
        self.store.set_limits(job_type, limits).await;
        self.limits.types.insert(job_type.to_owned(), limits);
        if limits.is_open() {
            self.limits.types.remove(job_type);
        }
        // Starts of before count under the rule of before.
        self.starts.remove(job_type);
        self.follow_all(Model::is_loose).await;
    }

    fn limits_of(&self, job_type: &str) -> Limits {
        self.limits.types.get(job_type).copied().unwrap_or_default()
    }

    fn is_paused(&self, job_type: &str) -> bool {
        self.limits.paused || self.limits_of(job_type).paused
    }

    fn running(&self, job_type: &str) -> usize {
        let runs = |model: &&Model| model.runs() && model.job.job_type == job_type;
        self.models.values().filter(runs).count()
    }

    /// How many more may run at once, where that is limited.
    pub(super) fn room(&self, job_type: &str) -> Option<usize> {
        let most = self.limits_of(job_type).concurrency?;
        let most = usize::try_from(most.get()).unwrap_or(usize::MAX);
        Some(most.saturating_sub(self.running(job_type)))
    }

    /// Whether others of the type wait for a limit.
    fn others_wait(&self, job: &NewJob) -> bool {
        let waits =
            |model: &&Model| model.waits() && model.job.job_type == job.job_type && model.job.id != job.id;
        let queued = |model: &Model| matches!(model.row.held, Some(Hold::Concurrency | Hold::Rate));
        self.models.values().filter(waits).any(queued)
    }

    /// The store has started the job: nothing may have held it back.
    pub(super) fn assert_may_start(&self, wish: &ClaimRequest) {
        let job_type = &*wish.job.job_type;
        assert!(!self.is_paused(job_type), "{wish:?} starts in a pause");
        assert_ne!(self.room(job_type), Some(0), "{wish:?} starts without room");
        let limits = self.limits_of(job_type);
        let queues = limits.concurrency.is_some() || limits.rate.is_some();
        let overtakes = queues && !wish.dispatched && self.others_wait(&wish.job);
        assert!(!overtakes, "{wish:?} overtakes jobs that wait");
        assert!(
            !self.key_is_taken(&wish.job),
            "{wish:?} starts under another job's key"
        );
    }

    /// The store holds the job back: something may do so. What exactly it was is followed after the call.
    pub(super) fn holds_back(&mut self, job: &NewJob) {
        self.assert_may_wait(job);
        let reason = match job {
            job if self.is_paused(&job.job_type) => Hold::Paused,
            job if self.key_may_be_taken(job) => Hold::Unique,
            _ => Hold::Concurrency,
        };
        if let Some(model) = self.models.get_mut(&job.id) {
            model.row.hold(reason, None);
        }
    }

    fn assert_may_wait(&self, job: &NewJob) {
        let job_type = &*job.job_type;
        let full = self
            .room(job_type)
            .is_some_and(|room| room == 0 || self.others_wait(job));
        let rated = self.limits_of(job_type).rate.is_some();
        let reason = self.is_paused(job_type) || full || rated || self.key_may_be_taken(job);
        assert!(reason, "nothing holds {job:?} back");
    }

    /// A job of the type was started: in no span are there more starts than a burst and what came back since.
    pub(super) fn count_start(&mut self, job_type: &str, now: Timestamp) {
        let second = now.duration_since(at(0)).as_secs();
        let is_rated = self.limits_of(job_type).rate.is_some();
        let starts = self.starts.entry(job_type.to_owned()).or_default();
        starts.push(second);
        if !is_rated {
            return;
        }
        let (limit, per) = (i64::from(RATE.0), RATE.1.cast_signed());
        for (first, from) in starts.iter().enumerate() {
            let since = i64::try_from(starts.len() - first).unwrap_or(i64::MAX);
            let latest = starts[first..].iter().max().map_or(0, |last| last - from);
            let most = limit + (latest.max(0) * limit + per - 1) / per;
            assert!(since <= most, "{since} starts of {job_type} in {latest} s");
        }
    }

    /// The job has left its place: whatever waited for it goes on, and `makes_room` says whether anything may.
    pub(super) async fn left(&mut self, id: Uuid, makes_room: Option<bool>) {
        let Some(model) = self.models.get(&id) else { return };
        let (job_type, key) = (model.job.job_type.clone(), model.job.unique_key.clone());
        if model.row.status.is_terminal() {
            self.reserved.retain(|_, (holder, _)| *holder != id);
        }
        let waiting = self.models.values().any(|model| model.row.held.is_some());
        let before = self.waiting_for(key.as_deref());
        self.follow_all(|model| key.is_some() && model.job.unique_key == key && model.waits())
            .await;
        let let_go = before.saturating_sub(self.waiting_for(key.as_deref()));
        assert!(let_go <= 1, "{let_go} jobs are let go by one end");
        let queued = |model: &Model| {
            model.job.job_type == job_type && model.waits() && model.row.held == Some(Hold::Concurrency)
        };
        let room = !self.is_paused(&job_type) && self.room(&job_type).is_some_and(|room| room > 0);
        let may_start = let_go > 0 || room && self.models.values().any(queued);
        match makes_room {
            Some(false) => assert!(!may_start, "a job may start now, and nobody is told"),
            Some(true) => assert!(waiting, "nobody waits for anything"),
            None => {}
        }
    }
}
