//! A job store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use contracts::{JobStatus, Priority};
use domain::AttemptResult;
use domain::query::Query;
use domain::schedule::Schedule;
use jiff::Timestamp;
use ports::{
    AllLimits, Claim, ClaimRequest, ClaimTicket, Command, CommandOutcome, Cursor, Dispatch, JobDetail,
    JobJournal, JobStore, JobSummary, LimitChange, NewJob, OutboxEntry, Page, Precondition, Recorded,
    Reservation, Reserved, StoreError,
};
use uuid::Uuid;

use super::Desk;

/// A job as far as a gateway can see.
#[derive(Clone, Debug)]
pub(crate) struct StubJob {
    pub(crate) id: Uuid,
    pub(crate) status: JobStatus,
    pub(crate) result: Option<String>,
    pub(crate) error: Option<String>,
}

impl StubJob {
    pub(crate) fn new(id: Uuid, status: JobStatus) -> Self {
        Self {
            id,
            status,
            result: None,
            error: None,
        }
    }

    fn summary(&self) -> JobSummary {
        JobSummary {
            id: self.id,
            job_type: "echo".to_owned(),
            status: self.status,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            attempt: 1,
            priority: Priority::Normal,
            held: None,
            wake_at: None,
            error: self.error.clone(),
            run_micros: None,
        }
    }

    fn detail(&self) -> JobDetail {
        JobDetail {
            summary: self.summary(),
            failures: 0,
            crashes: 0,
            round: 0,
            cancelling: false,
            accepted_at: Timestamp::UNIX_EPOCH,
            body: Bytes::from_static(b"{}"),
            result: self.result.clone(),
            correlation_id: Uuid::nil(),
            history: Vec::new(),
            logs: Vec::new(),
        }
    }

    /// The rules of a real store, as far as they show.
    fn command(&mut self, command: Command) -> CommandOutcome {
        let has_ended = self.status.is_terminal();
        match command {
            Command::Cancel if self.status == JobStatus::Executing => CommandOutcome::Requested,
            Command::Cancel if !has_ended => {
                self.status = JobStatus::Cancelled;
                CommandOutcome::Done
            }
            Command::Retry if has_ended && self.status != JobStatus::Completed => {
                self.status = JobStatus::Retrying;
                CommandOutcome::Done
            }
            Command::Delete if has_ended => CommandOutcome::Done,
            _ => CommandOutcome::Conflict(self.status),
        }
    }
}

/// What the store holds.
#[derive(Debug, Default)]
pub(crate) struct Holdings {
    /// Jobs, newest first.
    pub(crate) jobs: Vec<StubJob>,
    /// Where the last job was found: the next one is usually behind it.
    found_at: usize,
    /// How many more calls find no job, as if they had not arrived yet.
    pub(crate) hidden_for: usize,
    /// What every job turns into after so many more looks.
    pub(crate) ends: Option<(usize, StubJob)>,
    /// Who holds which key, and until when it was reserved.
    pub(crate) keys: HashMap<String, (Uuid, Timestamp)>,
    pub(crate) limits: AllLimits,
    pub(crate) schedules: Vec<Schedule>,
    /// What another gateway keeps in the moment before this one does.
    pub(crate) other_gateway: Option<Schedule>,
    /// Whether it refuses to keep more limits and schedules.
    pub(crate) is_full: bool,
}

impl Holdings {
    fn find(&mut self, id: Uuid) -> Option<&mut StubJob> {
        if self.hidden_for > 0 {
            self.hidden_for -= 1;
            return None;
        }
        let next = self.found_at + 1;
        let is_next = self.jobs.get(next).is_some_and(|job| job.id == id);
        let at = is_next.then_some(next);
        self.found_at = at.or_else(|| self.jobs.iter().position(|job| job.id == id))?;
        self.jobs.get_mut(self.found_at)
    }

    fn look(&mut self, id: Uuid) -> Option<JobDetail> {
        match &mut self.ends {
            Some((0, end)) => return Some(StubJob { id, ..end.clone() }.detail()),
            Some((left, _)) => *left -= 1,
            None => {}
        }
        self.find(id).map(|job| job.detail())
    }

    fn reserve(&mut self, wish: &Reservation, now: Timestamp) -> Reserved {
        match self.keys.get(&wish.key) {
            Some((holder, until)) if *holder != wish.job_id && *until > now => Reserved::HeldBy(*holder),
            _ => {
                self.keys.insert(wish.key.clone(), (wish.job_id, wish.until));
                Reserved::Yours
            }
        }
    }

    fn set_limits(&mut self, change: LimitChange) -> Result<(), StoreError> {
        match change {
            LimitChange::PauseAll(paused) => self.limits.paused = paused,
            LimitChange::Pause(..) if self.is_full => return Err(StoreError::Refused("secret".to_owned())),
            LimitChange::Pause(job_type, paused) => {
                self.limits.types.entry(job_type).or_default().paused = paused;
                self.limits.types.retain(|_, limits| !limits.is_open());
            }
            LimitChange::Of(job_type, limits) if limits.is_open() => {
                self.limits.types.remove(&job_type);
            }
            LimitChange::Of(..) if self.is_full => return Err(StoreError::Refused("secret".to_owned())),
            LimitChange::Of(job_type, limits) => {
                self.limits.types.insert(job_type, limits);
            }
        }
        Ok(())
    }

    fn put_schedule(
        &mut self,
        mut schedule: Schedule,
        when: Precondition,
    ) -> Result<Option<Schedule>, StoreError> {
        if let Some(other) = self.other_gateway.take() {
            self.schedules.retain(|old| old.name != other.name);
            self.schedules.push(other);
        }
        let kept = self.schedules.iter().find(|old| old.name == schedule.name);
        if !when.holds(kept) {
            return Ok(None);
        }
        if let Some(old) = self.schedules.iter_mut().find(|old| old.name == schedule.name) {
            schedule.id = old.id;
            schedule.created_at = old.created_at;
            schedule.last_at = old.last_at;
            schedule.last_job = old.last_job;
            *old = schedule.clone();
        } else if self.is_full {
            return Err(StoreError::Refused("secret".to_owned()));
        } else {
            self.schedules.push(schedule.clone());
        }
        Ok(Some(schedule))
    }
}

/// A job store that remembers.
#[derive(Debug, Default)]
pub(crate) struct StubJobs {
    pub(crate) desk: Desk,
    pub(crate) holdings: Mutex<Holdings>,
}

impl StubJobs {
    /// Changes what is held.
    pub(crate) fn with<T>(&self, change: impl FnOnce(&mut Holdings) -> T) -> T {
        change(&mut self.holdings.lock().unwrap())
    }
}

const NOT_HERE: &str = "a gateway does not do that";

fn never<T>() -> Result<T, StoreError> {
    Err(StoreError::Corrupt(NOT_HERE.to_owned()))
}

#[async_trait]
impl JobStore for StubJobs {
    async fn reserve(&self, wishes: Vec<Reservation>, now: Timestamp) -> Result<Vec<Reserved>, StoreError> {
        let call = format!("reserve {}", wishes.len());
        let reserve = |held: &mut Holdings| wishes.iter().map(|wish| held.reserve(wish, now)).collect();
        self.desk.answer(call, || self.with(reserve)).await
    }

    async fn command(
        &self,
        ids: Vec<Uuid>,
        command: Command,
        _now: Timestamp,
    ) -> Result<Vec<CommandOutcome>, StoreError> {
        let call = format!("{command:?} {}", ids.len());
        let one = |held: &mut Holdings, id: &Uuid| {
            held.find(*id)
                .map_or(CommandOutcome::Unknown, |job| job.command(command))
        };
        let all = |held: &mut Holdings| ids.iter().map(|id| one(held, id)).collect();
        self.desk.answer(call, || self.with(all)).await
    }

    async fn limits(&self) -> Result<AllLimits, StoreError> {
        let limits = || self.with(|held| held.limits.clone());
        self.desk.answer("limits".to_owned(), limits).await
    }

    async fn set_limits(&self, change: LimitChange) -> Result<(), StoreError> {
        let call = format!("set_limits {change:?}");
        self.desk
            .answer(call, || self.with(|held| held.set_limits(change)))
            .await?
    }

    async fn put_schedule(
        &self,
        schedule: Schedule,
        when: Precondition,
    ) -> Result<Option<Schedule>, StoreError> {
        let call = format!("put_schedule {}", schedule.name);
        self.desk
            .answer(call, || self.with(|held| held.put_schedule(schedule, when)))
            .await?
    }

    async fn schedules(&self) -> Result<Vec<Schedule>, StoreError> {
        let all = || self.with(|held| held.schedules.clone());
        self.desk.answer("schedules".to_owned(), all).await
    }

    async fn delete_schedule(&self, name: &str) -> Result<bool, StoreError> {
        let delete = |held: &mut Holdings| {
            let before = held.schedules.len();
            held.schedules.retain(|schedule| schedule.name.as_str() != name);
            held.schedules.len() < before
        };
        self.desk
            .answer(format!("delete_schedule {name}"), || self.with(delete))
            .await
    }

    async fn job(&self, id: Uuid) -> Result<Option<JobDetail>, StoreError> {
        self.desk
            .answer(format!("job {id}"), || self.with(|held| held.look(id)))
            .await
    }

    async fn list(
        &self,
        query: &Query,
        _now: Timestamp,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<JobSummary>, StoreError> {
        let start: usize = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let page = |held: &mut Holdings| {
            let end = held.jobs.len().min(start + limit);
            Page {
                items: held.jobs[start..end].iter().map(StubJob::summary).collect(),
                next: (end < held.jobs.len()).then(|| Cursor::new(end.to_string())),
            }
        };
        self.desk
            .answer(format!("list `{query}` from {start}"), || self.with(page))
            .await
    }

    async fn admit(&self, _jobs: Vec<Arc<NewJob>>, _wake_at: Timestamp) -> Result<(), StoreError> {
        never()
    }

    async fn claim(&self, _ticket: &ClaimTicket, _asks: Vec<ClaimRequest>) -> Result<Vec<Claim>, StoreError> {
        never()
    }

    async fn record(&self, _results: Vec<AttemptResult>) -> Result<Vec<Recorded>, StoreError> {
        never()
    }

    async fn heartbeat(&self, _worker: &str, _lease_until: Timestamp) -> Result<(), StoreError> {
        never()
    }

    async fn retire(&self, _worker: &str) -> Result<(), StoreError> {
        never()
    }

    async fn reap(&self, _now: Timestamp, _limit: usize) -> Result<usize, StoreError> {
        never()
    }

    async fn take_due(
        &self,
        _now: Timestamp,
        _again_at: Timestamp,
        _limit: usize,
    ) -> Result<Vec<Dispatch>, StoreError> {
        never()
    }

    async fn put_off(&self, _taken: Vec<(Uuid, u32)>, _again_at: Timestamp) -> Result<(), StoreError> {
        never()
    }

    async fn outbox(&self, _limit: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        never()
    }

    async fn clear_outbox(&self, _seqs: Vec<u64>) -> Result<(), StoreError> {
        never()
    }

    async fn cancellations(&self, _worker: &str) -> Result<Vec<(Uuid, u32)>, StoreError> {
        never()
    }

    async fn fire_schedules(
        &self,
        _now: Timestamp,
        _wake_at: Timestamp,
        _limit: usize,
    ) -> Result<usize, StoreError> {
        never()
    }

    async fn journal(&self, _after: Option<&Cursor>, _limit: usize) -> Result<Page<JobJournal>, StoreError> {
        never()
    }

    async fn prune(&self, _before: Timestamp, _limit: usize) -> Result<usize, StoreError> {
        never()
    }

    async fn ping(&self, _limit: Duration) -> Result<(), StoreError> {
        never()
    }
}
