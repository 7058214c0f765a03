//! Random lives of a store, checked against a model: the domain's own rules on rows in memory.
//!
//! Where the rules leave a choice (whether a limit holds a job back or another one was faster, which of the held
//! ones go), the model asks whether the store's choice is one that it may make, and follows it.

mod check;
mod clients;
mod keys;
mod limits;
mod model;
mod schedulers;
mod settle;
mod workers;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use domain::AttemptResult;
use domain::schedule::Schedule;
use uuid::Uuid;

use self::model::{Model, job_of};
use super::support::{Store, StoreHarness, at};
use crate::conformance::dice::Dice;
use crate::{AllLimits, ClaimRequest, ClaimTicket, Dispatch, NewJob};

/// How many jobs a life has at a time: few, so that they meet often.
const JOBS: u64 = 14;

/// How many steps a life has.
const STEPS: u32 = 1_500;

const WORKERS: [&str; 4] = ["w1", "w2", "w3", "w4"];

struct World {
    dice: Dice,
    store: Store,
    now: i64,
    claims: u64,
    models: BTreeMap<Uuid, Model>,
    /// Jobs that were forgotten; they do not come back.
    gone: BTreeSet<Uuid>,
    leases: BTreeMap<&'static str, i64>,
    limits: AllLimits,
    /// When jobs of a type started, in seconds.
    starts: BTreeMap<String, Vec<i64>>,
    /// Keys that were reserved, for whom and until which second.
    reserved: BTreeMap<String, (Uuid, i64)>,
    schedule: Schedule,
    last_claim: Option<(ClaimTicket, Vec<ClaimRequest>)>,
    last_result: Option<AttemptResult>,
    last_taken: Vec<Dispatch>,
}

/// Whatever comes in whatever order, with repetitions and crashes, the store says and becomes what the rules say; and
/// once nothing holds anything back, every job comes to its end.
pub async fn any_life_of_a_store_follows_the_domains_rules(harness: &StoreHarness) {
    for seed in [42, 43] {
        let mut world = World::new(Store::fresh(harness).await, seed).await;
        for step in 0..STEPS {
            world = world.step(harness).await;
            world.now += world.dice.below(3).cast_signed();
            if step % 20 == 0 {
                world.check().await;
            }
        }
        world.check().await;
        world.settle().await;
        world.check().await;
    }
}

impl World {
    async fn new(store: Store, seed: u64) -> Self {
        let schedule = store.put_schedule(&schedulers::schedule()).await;
        Self {
            dice: Dice::new(seed),
            store,
            now: 0,
            claims: 0,
            models: BTreeMap::new(),
            gone: BTreeSet::new(),
            leases: BTreeMap::new(),
            limits: AllLimits::default(),
            starts: BTreeMap::new(),
            reserved: BTreeMap::new(),
            schedule,
            last_claim: None,
            last_result: None,
            last_taken: Vec::new(),
        }
    }

    async fn step(mut self, harness: &StoreHarness) -> Self {
        match self.dice.below(100) {
            0..8 => self.admit().await,
            8..28 => self.claim().await,
            28..32 => self.repeat_claim().await,
            32..50 => self.record().await,
            50..54 => self.repeat_result().await,
            54..60 => self.heartbeat().await,
            60..62 => self.retire().await,
            62..66 => self.reap().await,
            66..78 => self.take_due().await,
            78..80 => self.put_off().await,
            80..83 => self.change_limits().await,
            83..90 => self.command().await,
            90..94 => self.reserve().await,
            94..96 => self.fire().await,
            96..97 => self.ask_for_cancellations().await,
            _ => self.store = self.store.reopen(harness).await,
        }
        self
    }

    /// A job that may be there or not, and if it is, in any state. Old jobs end, so the window moves on.
    fn any_job(&mut self) -> NewJob {
        let made = |model: &&Model| model.job.schedule.is_some() && !model.row.status.is_terminal();
        let made: Vec<_> = self
            .models
            .values()
            .filter(made)
            .map(|model| model.job.clone())
            .collect();
        if !made.is_empty() && self.dice.one_in(6) {
            return made[self.dice.index(made.len())].clone();
        }
        let window = self.now.unsigned_abs() / 40;
        job_of(window + self.dice.below(JOBS))
    }

    fn worker(&mut self) -> &'static str {
        WORKERS[self.dice.index(WORKERS.len())]
    }

    async fn admit(&mut self) {
        let mut jobs: Vec<_> = (0..=self.dice.below(3)).map(|_| self.any_job()).collect();
        jobs.retain(|job| !self.gone.contains(&job.id));
        let wake_at = at(self.now + 1 + self.dice.below(20).cast_signed());
        self.store.admit_until(jobs.clone(), wake_at).await;
        for job in jobs {
            if let Entry::Vacant(place) = self.models.entry(job.id) {
                place.insert(Model::new(job.clone(), wake_at));
                self.follow(job.id).await;
                self.assert_key(&job);
            }
        }
    }

    /// Takes over how the store holds a waiting job back, and when it looks at it again, where the rules leave that
    /// to the store.
    async fn follow(&mut self, id: Uuid) {
        let detail = self.store.find_id(id).await;
        let Some((model, detail)) = self.models.get_mut(&id).zip(detail) else {
            return;
        };
        if model.row.held != detail.summary.held || model.is_loose() {
            model.row.wake_at = detail.summary.wake_at;
        }
        model.row.held = detail.summary.held;
    }

    /// Follows every job of which `wanted` holds.
    async fn follow_all(&mut self, wanted: impl Fn(&Model) -> bool) {
        let ids: Vec<_> = self
            .models
            .values()
            .filter(|model| wanted(model))
            .map(|model| model.job.id)
            .collect();
        for id in ids {
            self.follow(id).await;
        }
    }
}
