//! What clients want of a store.

use std::num::NonZeroU32;

use domain::duration::Span;
use domain::limits::{Limits, Rate};
use domain::schedule::Schedule;
use jiff::Timestamp;
use uuid::Uuid;

use super::jobs::{LATER, at, id};
use super::store::Store;
use crate::conformance::wait::within;
use crate::{
    AllLimits, Command, CommandOutcome, LimitChange, NewJob, Post, Precondition, Reservation, Reserved,
};

/// The limits of a type that is paused.
pub(crate) fn paused() -> Limits {
    Limits {
        paused: true,
        ..Limits::default()
    }
}

/// So many at once.
pub(crate) fn at_most(concurrency: u32) -> Limits {
    Limits {
        concurrency: NonZeroU32::new(concurrency),
        ..Limits::default()
    }
}

/// So many in so many seconds.
pub(crate) fn rate(limit: u32, seconds: u64) -> Limits {
    let rate = Rate::new(limit, Span::from_secs(seconds));
    Limits {
        rate: Some(rate.unwrap_or_else(|error| panic!("{error}"))),
        ..Limits::default()
    }
}

impl Store {
    pub(crate) async fn reserve(&self, wishes: Vec<Reservation>, now: Timestamp) -> Vec<Reserved> {
        let count = wishes.len();
        let answers = within("reserving", self.0.reserve(wishes, now)).await;
        assert_eq!(answers.len(), count, "every wish gets an answer");
        answers
    }

    /// Wishes for a key for job `number` at second `now`, until a minute later.
    pub(crate) async fn reserve_one(&self, key: &str, number: u64, now: i64) -> Reserved {
        let wish = Reservation {
            key: key.to_owned(),
            job_id: id(number),
            until: at(now + 60),
        };
        self.reserve(vec![wish], at(now)).await.remove(0)
    }

    pub(crate) async fn command_ids(
        &self,
        ids: Vec<Uuid>,
        command: Command,
        now: Timestamp,
    ) -> Vec<CommandOutcome> {
        let count = ids.len();
        let outcomes = within("a command", self.0.command(ids, command, now)).await;
        assert_eq!(outcomes.len(), count, "every job gets an answer");
        outcomes
    }

    /// What a wish for job `number` comes to, at `second`.
    pub(crate) async fn command(&self, number: u64, command: Command, second: i64) -> CommandOutcome {
        self.command_ids(vec![id(number)], command, at(second))
            .await
            .remove(0)
    }

    /// The attempts of a worker that are to end, in the order of their jobs.
    pub(crate) async fn cancellations(&self, worker: &str) -> Vec<(Uuid, u32)> {
        let mut all = within("asking for cancellations", self.0.cancellations(worker)).await;
        all.sort_unstable();
        all
    }

    pub(crate) async fn limits(&self) -> AllLimits {
        within("reading the limits", self.0.limits()).await
    }

    pub(crate) async fn set_limits(&self, job_type: &str, limits: Limits) {
        self.change(LimitChange::Of(job_type.to_owned(), limits)).await;
    }

    /// Pauses or resumes a type.
    pub(crate) async fn pause(&self, job_type: &str, paused: bool) {
        self.change(LimitChange::Pause(job_type.to_owned(), paused)).await;
    }

    /// Pauses or resumes everything.
    pub(crate) async fn pause_all(&self, paused: bool) {
        self.change(LimitChange::PauseAll(paused)).await;
    }

    async fn change(&self, change: LimitChange) {
        within("setting limits", self.0.set_limits(change)).await;
    }

    pub(crate) async fn put_schedule(&self, schedule: &Schedule) -> Schedule {
        self.put_schedule_when(schedule, Precondition::Always)
            .await
            .expect("nothing was asked for")
    }

    pub(crate) async fn put_schedule_when(
        &self,
        schedule: &Schedule,
        when: Precondition,
    ) -> Option<Schedule> {
        within("keeping a schedule", self.0.put_schedule(schedule.clone(), when)).await
    }

    pub(crate) async fn schedules(&self) -> Vec<Schedule> {
        within("reading schedules", self.0.schedules()).await
    }

    /// The schedule of a name, which has to be there.
    pub(crate) async fn schedule(&self, name: &str) -> Schedule {
        let mut all = self.schedules().await.into_iter();
        all.find(|schedule| schedule.name.as_str() == name)
            .unwrap_or_else(|| panic!("there is no schedule {name}"))
    }

    pub(crate) async fn delete_schedule(&self, name: &str) -> bool {
        within("forgetting a schedule", self.0.delete_schedule(name)).await
    }

    /// Fires what is due at `now`; what is made need not be dispatched again.
    pub(crate) async fn fire(&self, now: Timestamp) -> usize {
        self.fire_up_to(now, 1000).await
    }

    pub(crate) async fn fire_up_to(&self, now: Timestamp, limit: usize) -> usize {
        let wake_at = at(LATER);
        within("firing schedules", self.0.fire_schedules(now, wake_at, limit)).await
    }

    /// The jobs that schedules made, as the outbox announces them.
    pub(crate) async fn made(&self) -> Vec<NewJob> {
        let made = |post| match post {
            Post::Created(job) => Some((*job).clone()),
            Post::Event(_) => None,
        };
        let entries = self.outbox_up_to(100_000).await.into_iter();
        entries.filter_map(|entry| made(entry.post)).collect()
    }
}
