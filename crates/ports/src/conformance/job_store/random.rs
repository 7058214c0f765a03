//! Random lives of a store, checked against a model: the domain's own rules on rows in memory.

use std::collections::BTreeMap;

use contracts::{EventType, JobStatus};
use domain::claim::{Ask, Decision, decide};
use domain::{AttemptResult, Outcome, Row};
use jiff::Timestamp;

use super::support::{Store, StoreHarness, at, id, job, kinds, result, ticket, wish};
use crate::conformance::dice::Dice;
use crate::{Claim, ClaimTicket, Dispatch};

/// How many jobs a life has: few, so that they meet often.
const JOBS: u64 = 12;

const WORKERS: [&str; 4] = ["w1", "w2", "w3", "w4"];

/// A job as it has to be.
struct Model {
    row: Row,
    history: Vec<(EventType, u32)>,
    /// Results that stand, by attempt.
    results: BTreeMap<u32, AttemptResult>,
    /// Events that have to be in the outbox.
    relayed: Vec<(EventType, u32)>,
}

impl Model {
    fn new(wake_at: Timestamp) -> Self {
        Self {
            row: Row::pending(wake_at),
            history: vec![(EventType::Created, 0)],
            results: BTreeMap::new(),
            relayed: Vec::new(),
        }
    }

    fn note(&mut self, event_type: EventType) {
        self.history.push((event_type, self.row.attempt));
    }

    fn held(&mut self) {
        self.row.relay = true;
        self.relayed = self.history[1..].to_vec();
    }
}

struct World {
    dice: Dice,
    store: Store,
    now: i64,
    claims: u64,
    models: BTreeMap<u64, Model>,
    leases: BTreeMap<&'static str, i64>,
    last_claim: Option<(ClaimTicket, Vec<(u64, u32)>)>,
    last_result: Option<(u64, AttemptResult)>,
    last_taken: Vec<Dispatch>,
}

/// Whatever comes in whatever order, with repetitions and crashes, the store says and becomes what the rules say.
pub async fn any_life_of_a_store_follows_the_domains_rules(harness: &StoreHarness) {
    let mut world = World::new(Store::fresh(harness).await);
    for step in 0..1200 {
        match world.dice.below(100) {
            0..10 => world.admit().await,
            10..40 => world.claim().await,
            40..46 => world.repeat_claim().await,
            46..68 => world.record().await,
            68..74 => world.repeat_result().await,
            74..84 => world.heartbeat().await,
            84..86 => world.retire().await,
            86..92 => world.reap().await,
            92..97 => world.take_due().await,
            97..98 => world.put_off().await,
            _ => world = world.crash(harness).await,
        }
        world.now += world.dice.below(3).cast_signed();
        if step % 20 == 0 {
            world.check().await;
        }
    }
    world.check().await;
}

impl World {
    fn new(store: Store) -> Self {
        Self {
            dice: Dice::new(42),
            store,
            now: 0,
            claims: 0,
            models: BTreeMap::new(),
            leases: BTreeMap::new(),
            last_claim: None,
            last_result: None,
            last_taken: Vec::new(),
        }
    }

    fn number(&mut self) -> u64 {
        // Old jobs end, so the window moves on.
        let window = self.now.unsigned_abs() / 40;
        window + self.dice.below(JOBS)
    }

    fn worker(&mut self) -> &'static str {
        WORKERS[self.dice.index(WORKERS.len())]
    }

    async fn admit(&mut self) {
        let numbers: Vec<_> = (0..=self.dice.below(3)).map(|_| self.number()).collect();
        let wake_at = at(self.now + 1 + self.dice.below(20).cast_signed());
        self.store
            .admit_until(numbers.iter().map(|number| job(*number)).collect(), wake_at)
            .await;
        for number in numbers {
            self.models.entry(number).or_insert_with(|| Model::new(wake_at));
        }
    }

    /// Claims mostly the next attempt, sometimes another one.
    async fn claim(&mut self) {
        let worker = self.worker();
        if !self.leases.contains_key(worker) {
            return self.heartbeat_of(worker, 10).await;
        }
        self.claims += 1;
        let ticket = ticket(worker, self.claims, at(self.now));
        let mut wishes = Vec::new();
        for _ in 0..=self.dice.below(4) {
            let number = self.number();
            let next = self.models.get(&number).map_or(1, |model| model.row.attempt + 1);
            let attempt = if self.dice.one_in(4) {
                next.saturating_sub(1)
            } else {
                next
            };
            wishes.push((number, attempt));
        }
        self.last_claim = Some((ticket.clone(), wishes.clone()));
        self.expect_claims(&ticket, wishes).await;
    }

    async fn repeat_claim(&mut self) {
        if let Some((ticket, wishes)) = self.last_claim.clone() {
            self.expect_claims(&ticket, wishes).await;
        }
    }

    async fn expect_claims(&mut self, ticket: &ClaimTicket, wishes: Vec<(u64, u32)>) {
        let requests = wishes
            .iter()
            .map(|(number, attempt)| wish(*number, *attempt))
            .collect();
        let answers = self.store.claim(ticket, requests).await;
        for ((number, attempt), answer) in wishes.into_iter().zip(answers) {
            self.expect_claim(ticket, number, attempt, &answer);
        }
    }

    fn expect_claim(&mut self, ticket: &ClaimTicket, number: u64, attempt: u32, answer: &Claim) {
        if attempt != 1 && !self.models.contains_key(&number) {
            assert_eq!(
                *answer,
                Claim::Passed(Vec::new()),
                "attempt {attempt} of an unknown job"
            );
            return;
        }
        let model = self
            .models
            .entry(number)
            .or_insert_with(|| Model::new(ticket.now));
        let rule = decide(
            &model.row,
            Ask {
                attempt,
                claim: ticket.claim,
                dispatched: attempt > 1,
            },
            None,
            ticket.now,
        );
        match rule {
            Decision::Start => {
                model.row.start(&ticket.worker, ticket.claim);
                model.note(EventType::Executed);
            }
            Decision::Held => model.held(),
            Decision::Resume | Decision::Passed | Decision::Schedule(_) => {}
        }
        match (rule, answer) {
            (Decision::Start | Decision::Resume, Claim::Started(started)) => {
                assert_eq!(
                    (started.attempt, started.failures),
                    (model.row.attempt, model.row.failures)
                );
                assert_eq!(
                    kinds([&started.event]),
                    [(EventType::Executed, model.row.attempt)]
                );
            }
            (Decision::Held, Claim::Held) => {}
            (Decision::Passed, Claim::Passed(events)) => {
                assert!(
                    kinds(events)
                        .iter()
                        .all(|event| model.history[1..].contains(event))
                );
            }
            _ => panic!("job {number}, attempt {attempt}: the rule says {rule:?}, the store {answer:?}"),
        }
    }

    /// Records mostly what is running, sometimes what is not, sometimes in another worker's name.
    async fn record(&mut self) {
        let running = |model: &Model| model.row.status == JobStatus::Executing;
        let all: Vec<_> = self
            .models
            .iter()
            .filter(|(_, model)| running(model))
            .map(|(n, _)| *n)
            .collect();
        let number = if all.is_empty() || self.dice.one_in(6) {
            self.number()
        } else {
            all[self.dice.index(all.len())]
        };
        let Some(row) = self.models.get(&number).map(|model| model.row.clone()) else {
            return;
        };
        let worker = match row.worker {
            Some(worker) if !self.dice.one_in(8) => worker,
            _ => self.worker().to_owned(),
        };
        let attempt = row.attempt.saturating_sub(u32::from(self.dice.one_in(8)));
        let outcome = self.outcome();
        let result = result(number, attempt, &worker, at(self.now), outcome);
        self.last_result = Some((number, result.clone()));
        self.expect_recorded(number, result).await;
    }

    fn outcome(&mut self) -> Outcome {
        let run_at = at(self.now + self.dice.below(10).cast_signed());
        match self.dice.below(6) {
            0 => Outcome::Completed { result: None },
            1 => Outcome::Failed {
                error: "no".to_owned(),
            },
            2 => Outcome::HandedBack { run_at },
            _ => Outcome::Retry {
                error: "again".to_owned(),
                run_at,
            },
        }
    }

    async fn repeat_result(&mut self) {
        if let Some((number, result)) = self.last_result.clone() {
            self.expect_recorded(number, result).await;
        }
    }

    async fn expect_recorded(&mut self, number: u64, result: AttemptResult) {
        let answer = self.store.record_one(result.clone()).await;
        let Some(model) = self.models.get_mut(&number) else {
            return;
        };
        let what = format!("job {number}: {result:?} on {:?}: {answer:?}", model.row);
        if let Some(event_type) = model.row.finish(&result) {
            model.note(event_type);
            if model.row.relay {
                model.relayed.push((event_type, result.attempt));
            }
            model.results.insert(result.attempt, result.clone());
        }
        let event = (result.outcome.event_type(), result.attempt);
        match answer {
            Some(applied) => {
                assert!(model.history.contains(&event), "{what}");
                assert_eq!(kinds([&applied]), [event], "{what}");
            }
            None => assert_ne!(model.results.get(&result.attempt), Some(&result), "{what}"),
        }
    }

    async fn heartbeat(&mut self) {
        let worker = self.worker();
        let lease = self.dice.below(30).cast_signed();
        self.heartbeat_of(worker, lease).await;
    }

    async fn heartbeat_of(&mut self, worker: &'static str, lease: i64) {
        let until = self
            .leases
            .get(worker)
            .map_or(0, |until| *until)
            .max(self.now + lease);
        self.store.heartbeat(worker, at(until)).await;
        self.leases.insert(worker, until);
    }

    async fn retire(&mut self) {
        let worker = self.worker();
        self.store.retire(worker).await;
        self.leases.remove(worker);
    }

    async fn reap(&mut self) {
        let now = self.now;
        let mut dead = 0;
        for model in self
            .models
            .values_mut()
            .filter(|model| model.row.status == JobStatus::Executing)
        {
            let worker = model.row.worker.clone().unwrap_or_default();
            if self.leases.get(&*worker).is_none_or(|until| *until < now) {
                dead += 1;
                let event_type = model.row.crash(at(now));
                model.note(event_type);
                model.relayed.push((event_type, model.row.attempt));
            }
        }
        assert_eq!(self.store.reap(at(now)).await, dead, "attempts of dead workers");
    }

    async fn take_due(&mut self) {
        let (now, again_at) = (at(self.now), at(self.now + 1 + self.dice.below(20).cast_signed()));
        let taken = self.store.take_due(now, again_at, 1000).await;
        self.last_taken.clone_from(&taken);
        let mut taken: Vec<_> = taken
            .into_iter()
            .map(|dispatch| (dispatch.job.id, dispatch.attempt))
            .collect();
        let mut due = Vec::new();
        for (number, model) in &mut self.models {
            if model.row.wake_at.is_some_and(|wake_at| wake_at <= now) {
                model.row.wake_at = Some(again_at);
                due.push((id(*number), model.row.attempt + 1));
            }
        }
        taken.sort_unstable();
        due.sort_unstable();
        assert_eq!(taken, due);
    }

    /// Puts off what was taken last, some of which may have gone on since.
    async fn put_off(&mut self) {
        let again_at = at(self.now + self.dice.below(30).cast_signed());
        self.store.put_off(&self.last_taken, again_at).await;
        for dispatch in &self.last_taken {
            let taken = |(number, _): &(&u64, &mut Model)| id(**number) == dispatch.job.id;
            let Some((_, model)) = self.models.iter_mut().find(taken) else {
                continue;
            };
            if model.row.attempt + 1 == dispatch.attempt && model.row.wake_at.is_some() {
                model.row.wake_at = Some(again_at);
            }
        }
    }

    async fn crash(mut self, harness: &StoreHarness) -> Self {
        self.store = self.store.reopen(harness).await;
        self
    }

    /// Every job is as the rules say, and what has no message is in the outbox.
    async fn check(&self) {
        let outbox = self.store.transitions().await;
        for (number, model) in &self.models {
            let detail = self.store.detail(*number).await;
            let row = &model.row;
            let what = format!("job {number}: {detail:?} is not {row:?}");
            assert_eq!(
                (detail.summary.status, detail.summary.attempt),
                (row.status, row.attempt),
                "{what}"
            );
            assert_eq!(
                (detail.failures, detail.crashes),
                (row.failures, row.crashes),
                "{what}"
            );
            assert_eq!(detail.summary.wake_at, row.wake_at, "{what}");
            assert_eq!(kinds(&detail.history), model.history, "{what}");
            let told: Vec<_> = outbox
                .iter()
                .filter(|event| event.job_id == id(*number))
                .collect();
            assert!(told.iter().all(|event| detail.history.contains(event)), "{what}");
            let told = kinds(told);
            for event in &model.relayed {
                assert!(
                    told.contains(event),
                    "{event:?} of job {number} is in no message and not in the outbox"
                );
            }
        }
    }
}
