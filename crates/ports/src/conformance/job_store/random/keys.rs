//! Whose the unique keys are.

use contracts::JobStatus;
use domain::limits::Hold;
use uuid::Uuid;

use super::super::support::{at, id};
use super::World;
use super::model::{Model, job_of};
use crate::{NewJob, Reservation, Reserved};

const KEYS: [&str; 3] = ["a", "b", "c"];

impl World {
    /// The job that has a key: it has not ended and does not wait for the key.
    fn owners(&self, key: &str) -> Vec<&Model> {
        let owns = |model: &&Model| {
            model.job.unique_key.as_deref() == Some(key)
                && !model.row.status.is_terminal()
                && model.row.held != Some(Hold::Unique)
        };
        self.models.values().filter(owns).collect()
    }

    /// How many jobs wait for a key.
    pub(super) fn waiting_for(&self, key: Option<&str>) -> usize {
        let waits = |model: &&Model| {
            key.is_some() && model.job.unique_key.as_deref() == key && model.row.held == Some(Hold::Unique)
        };
        self.models.values().filter(waits).count()
    }

    /// A key has one owner at most, at any time.
    pub(super) fn assert_key(&self, job: &NewJob) {
        let Some(key) = &job.unique_key else { return };
        let owners = self.owners(key);
        assert!(
            owners.len() <= 1,
            "the key {key} has several owners: {:?}",
            owners.iter().map(|owner| &owner.row).collect::<Vec<_>>()
        );
        let other = self
            .reserved
            .get(key)
            .filter(|(holder, until)| *holder != job.id && self.now < *until);
        let held = self
            .models
            .get(&job.id)
            .is_some_and(|model| model.row.held == Some(Hold::Unique));
        if held {
            let taken = owners.iter().any(|owner| owner.job.id != job.id);
            assert!(
                taken || self.reserved.contains_key(key),
                "nobody has the key {key} of {}",
                job.id
            );
        } else if let Some((holder, _)) = other
            && owners
                .iter()
                .any(|owner| owner.job.id == job.id && owner.row.status == JobStatus::Pending)
        {
            let arrived = self.models.contains_key(holder) || self.gone.contains(holder);
            assert!(
                arrived,
                "{} has the key {key}, which is reserved for {holder}",
                job.id
            );
        }
    }

    /// Asserts that a job that waits for its key may go.
    pub(super) fn assert_key_is_free(&self, job: &NewJob) {
        let owners = job
            .unique_key
            .as_deref()
            .map(|key| self.owners(key))
            .unwrap_or_default();
        let others: Vec<_> = owners.iter().map(|owner| (owner.job.id, &owner.row)).collect();
        assert!(
            !self.key_is_taken(job),
            "{job:?} goes, and its key is the key of {others:?}"
        );
    }

    /// Whether another job has the key for certain.
    pub(super) fn key_is_taken(&self, job: &NewJob) -> bool {
        let Some(key) = &job.unique_key else { return false };
        self.owners(key).iter().any(|owner| owner.job.id != job.id)
    }

    /// Whether another job may have the key: a reservation that has ended may still be there.
    pub(super) fn key_may_be_taken(&self, job: &NewJob) -> bool {
        let reserved = |key: &String| {
            self.reserved
                .get(key)
                .is_some_and(|(holder, _)| *holder != job.id)
        };
        self.key_is_taken(job) || job.unique_key.as_ref().is_some_and(reserved)
    }

    /// Wishes for a key, for a job that comes later or is there.
    pub(super) async fn reserve(&mut self) {
        let key = KEYS[self.dice.index(KEYS.len())].to_owned();
        let window = self.now.unsigned_abs() / 40;
        let mut numbers = window..window + 40;
        let skipped = self.dice.index(4);
        let of_key = |number: &u64| job_of(*number).unique_key.as_deref() == Some(&key);
        let job_id = numbers
            .by_ref()
            .filter(of_key)
            .nth(skipped)
            .map_or_else(|| id(u64::MAX), id);
        let until = self.now + 1 + self.dice.below(30).cast_signed();
        let wish = Reservation {
            key: key.clone(),
            job_id,
            until: at(until),
        };
        let answer = self.store.reserve(vec![wish], at(self.now)).await.remove(0);
        self.expect_reserved(&key, job_id, answer);
        if answer == Reserved::Yours {
            self.reserved.insert(key, (job_id, until));
        }
    }

    fn expect_reserved(&self, key: &str, job_id: Uuid, answer: Reserved) {
        let open = |(_, until): &&(Uuid, i64)| self.now < *until;
        let holder = match (self.owners(key).first(), self.reserved.get(key).filter(open)) {
            (Some(owner), _) => owner.job.id,
            // Whoever waits for a reservation that has ended may have the key by now.
            (None, None) if self.waiting_for(Some(key)) > 0 => return,
            (None, Some((holder, _))) => *holder,
            (None, None) => job_id,
        };
        let expected = if holder == job_id {
            Reserved::Yours
        } else {
            Reserved::HeldBy(holder)
        };
        assert_eq!(answer, expected, "the key {key} for {job_id}");
    }
}
