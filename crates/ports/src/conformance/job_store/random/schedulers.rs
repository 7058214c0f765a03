//! Jobs whose time has come, and schedules.

use std::collections::BTreeMap;

use domain::limits::Hold;
use domain::schedule::{CatchUp, Schedule, due, firing_id};
use jiff::Timestamp;
use uuid::Uuid;

use super::super::support::{at, plan, planned};
use super::World;
use super::model::Model;
use crate::conformance::wait::within;
use crate::{Dispatch, SCHEDULE_GRACE};

/// A schedule of every 20 seconds, made when the life begins.
pub(super) fn schedule() -> Schedule {
    planned(Schedule {
        created_at: at(0),
        updated_at: at(0),
        catch_up: CatchUp::All,
        ..plan("twenty", "*/20 * * * * *")
    })
}

impl World {
    pub(super) async fn take_due(&mut self) {
        let again_at = at(self.now + 1 + self.dice.below(20).cast_signed());
        self.take(again_at).await;
    }

    /// Takes what is due, which has to be what the rules say: all that waits for its time alone, and of what is held
    /// back no more than may start.
    pub(super) async fn take(&mut self, again_at: Timestamp) -> Vec<Dispatch> {
        let now = at(self.now);
        let taken = self.store.take_due(now, again_at, 1000).await;
        let ids: BTreeMap<Uuid, u32> = taken.iter().map(|taken| (taken.job.id, taken.attempt)).collect();
        assert_eq!(ids.len(), taken.len(), "a job is taken twice");
        for model in self.models.values_mut() {
            let attempt = ids.get(&model.job.id);
            let is_due = !model.is_loose() && model.row.wake_at.is_some_and(|wake_at| wake_at <= now);
            let what = format!("{:?} at {now}, taken: {attempt:?}", model.row);
            assert!(
                attempt.is_some() || !is_due,
                "a job that is due is not taken: {what}"
            );
            assert!(
                attempt.is_none() || is_due || model.is_loose(),
                "a job is not due: {what}"
            );
            assert!(attempt.is_none() || model.waits(), "a job does not wait: {what}");
            assert!(
                attempt.is_none_or(|attempt| *attempt == model.row.attempt + 1),
                "{what}"
            );
            if let (Some(_), Some(run_at), 0) = (attempt, model.job.run_at, model.row.attempt) {
                assert!(
                    run_at <= now || model.row.round > 0,
                    "a job is taken before its time: {what}"
                );
            }
            if is_due {
                model.row.wake_at = Some(again_at);
            }
        }
        self.assert_room(&taken);
        self.follow_all(Model::is_loose).await;
        self.last_taken.clone_from(&taken);
        taken
    }

    /// Of jobs that were held back by a limit, no more are taken than there is room for.
    fn assert_room(&self, taken: &[Dispatch]) {
        let mut by_type = BTreeMap::<&str, usize>::new();
        for dispatch in taken {
            let held = self.models.get(&dispatch.job.id).and_then(|model| model.row.held);
            if held == Some(Hold::Unique) {
                self.assert_key_is_free(&dispatch.job);
            }
            if held.is_some() {
                *by_type.entry(&dispatch.job.job_type).or_default() += 1;
            }
        }
        for (job_type, count) in by_type {
            let room = self.room(job_type);
            assert!(
                room.is_none_or(|room| count <= room),
                "{count} of {job_type} go, {room:?} may"
            );
        }
    }

    /// Puts off what was taken last, some of which may have gone on since.
    pub(super) async fn put_off(&mut self) {
        let again_at = at(self.now + self.dice.below(30).cast_signed());
        self.store.put_off(&self.last_taken, again_at).await;
        for dispatch in &self.last_taken {
            let Some(model) = self.models.get_mut(&dispatch.job.id) else {
                continue;
            };
            let waits = model.waits() && !model.is_loose();
            if waits && model.row.attempt + 1 == dispatch.attempt && model.row.wake_at.is_some() {
                model.row.wake_at = Some(again_at);
            }
        }
        self.follow_all(Model::is_loose).await;
    }

    /// Fires what the schedule has to fire by now.
    pub(super) async fn fire(&mut self) {
        let (now, wake_at) = (at(self.now), at(self.now + 1 + self.dice.below(20).cast_signed()));
        let rule = self.schedule.rule().unwrap_or_else(|error| panic!("{error}"));
        let due = due(
            &rule,
            self.schedule.anchor(),
            now,
            self.schedule.catch_up,
            SCHEDULE_GRACE,
        );
        let fired = within("firing", self.store.0.fire_schedules(now, wake_at, 10)).await;
        assert_eq!(fired, due.fire.len(), "firings at {now}");
        let made = self.store.made().await;
        for moment in due.fire {
            let job_id = firing_id(self.schedule.id, moment);
            let job = made.iter().find(|job| job.id == job_id);
            let job = job.unwrap_or_else(|| panic!("the firing of {moment} is not announced"));
            self.models.insert(job_id, Model::new(job.clone(), wake_at));
            (self.schedule.last_at, self.schedule.last_job) = (Some(moment), Some(job_id));
        }
    }
}
