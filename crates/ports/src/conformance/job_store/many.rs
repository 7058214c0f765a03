//! More jobs than anybody keeps in a cache.

use std::collections::{BTreeMap, BTreeSet};

use contracts::{EventType, JobStatus};
use domain::Outcome;
use domain::query::Query;

use super::support::{
    LATER, Store, StoreHarness, at, completed, failed, id, job, query, result, retry, ticket, wish,
};
use crate::conformance::dice::Dice;
use crate::{Claim, JobSummary, Recorded};

const JOBS: u64 = 6_000;

/// What is known of a job: a small model, so that there can be many.
#[derive(Clone, Debug)]
struct Known {
    status: JobStatus,
    attempt: u32,
    /// In which call it arrived.
    arrival: u64,
}

struct World {
    dice: Dice,
    store: Store,
    calls: u64,
    known: BTreeMap<u64, Known>,
}

/// Large batches over many jobs and several crashes: every answer, every job and every list is right.
pub async fn many_jobs_are_kept_apart(harness: &StoreHarness) {
    let mut world = World {
        dice: Dice::new(6),
        store: Store::fresh(harness).await,
        calls: 0,
        known: BTreeMap::new(),
    };
    world.store.heartbeat("w", at(LATER)).await;
    for _ in 0..40 {
        world.calls += 1;
        world.admit().await;
        world.claim().await;
        world.record().await;
        world.look().await;
        if world.dice.one_in(4) {
            world.store = world.store.reopen(harness).await;
        }
    }
    world.compare().await;
    world.store = world.store.reopen(harness).await;
    world.compare().await;
}

impl World {
    /// Some jobs, some of them twice.
    fn numbers(&mut self, count: u64) -> Vec<u64> {
        (0..count).map(|_| self.dice.below(JOBS)).collect()
    }

    async fn admit(&mut self) {
        let numbers = self.numbers(250);
        self.store
            .admit(numbers.iter().map(|number| job(*number)).collect())
            .await;
        for number in numbers {
            self.arrived(number, JobStatus::Pending, 0);
        }
    }

    fn arrived(&mut self, number: u64, status: JobStatus, attempt: u32) {
        let arrival = self.calls * 2 + u64::from(attempt);
        self.known.entry(number).or_insert(Known {
            status,
            attempt,
            arrival,
        });
    }

    async fn claim(&mut self) {
        let numbers: BTreeSet<u64> = self.numbers(400).into_iter().collect();
        let next = |number: &u64| self.known.get(number).map_or(1, |known| known.attempt + 1);
        let wishes: Vec<_> = numbers.iter().map(|number| wish(*number, next(number))).collect();
        let answers = self.store.claim(&ticket("w", self.calls, at(1)), wishes).await;
        for (number, answer) in numbers.into_iter().zip(answers) {
            self.answered(number, &answer);
        }
    }

    fn answered(&mut self, number: u64, answer: &Claim) {
        let Some(known) = self.known.get_mut(&number) else {
            assert!(
                matches!(answer, Claim::Started(started) if started.attempt == 1),
                "{answer:?}"
            );
            return self.arrived(number, JobStatus::Executing, 1);
        };
        match (known.status, answer) {
            (JobStatus::Pending | JobStatus::Retrying, Claim::Started(started)) => {
                assert_eq!(started.attempt, known.attempt + 1);
                assert_eq!(started.event.job_id, id(number));
                (known.status, known.attempt) = (JobStatus::Executing, started.attempt);
            }
            (JobStatus::Executing, Claim::Held) => {}
            (JobStatus::Completed | JobStatus::Failed, Claim::Passed(events)) => {
                assert!(
                    events.iter().all(|event| event.job_id == id(number)),
                    "{events:?}"
                );
                assert_eq!(events.len(), 2 * known.attempt as usize);
            }
            _ => panic!("job {number} is {known:?} and the claim says {answer:?}"),
        }
    }

    async fn record(&mut self) {
        let running = self
            .known
            .iter()
            .filter(|(_, known)| known.status == JobStatus::Executing);
        let mut running: Vec<_> = running.map(|(number, known)| (*number, known.attempt)).collect();
        self.dice.shuffle(&mut running);
        running.truncate(350);
        let mut results = Vec::new();
        for (number, attempt) in running {
            results.push((number, result(number, attempt, "w", at(10), self.outcome())));
        }
        let told = self
            .store
            .record(results.iter().map(|(_, result)| result.clone()).collect())
            .await;
        for ((number, result), told) in results.into_iter().zip(told) {
            let kind = result.outcome.event_type();
            assert!(
                matches!(told, Recorded::Applied { event, .. } if event.job_id == id(number) && event.event_type == kind)
            );
            if let Some(known) = self.known.get_mut(&number) {
                known.status = match kind {
                    EventType::Completed => JobStatus::Completed,
                    EventType::Failed => JobStatus::Failed,
                    _ => JobStatus::Retrying,
                };
            }
        }
    }

    fn outcome(&mut self) -> Outcome {
        match self.dice.below(4) {
            0 => failed(),
            1 => retry(at(LATER)),
            _ => completed(),
        }
    }

    /// At some jobs, and at the top of a list.
    async fn look(&mut self) {
        for number in self.numbers(30) {
            match (self.store.find(number).await, self.known.get(&number)) {
                (None, None) => {}
                (Some(found), Some(known)) => Self::check(number, known, &found.summary),
                (found, known) => panic!("job {number} is {known:?} and not {found:?}"),
            }
        }
        let all = [
            JobStatus::Pending,
            JobStatus::Executing,
            JobStatus::Retrying,
            JobStatus::Completed,
        ];
        let status = all[self.dice.index(all.len())];
        let page = self.store.list(&of_status(status), None, 50).await;
        let fitting = self.known.values().filter(|known| known.status == status);
        let fitting = fitting.count();
        assert!(
            page.items.len() == fitting.min(50) || page.items.len() < fitting && page.next.is_some(),
            "{status:?}"
        );
        self.check_list(&page.items, Some(status));
    }

    fn check(number: u64, known: &Known, summary: &JobSummary) {
        assert_eq!((summary.id, summary.status), (id(number), known.status));
        assert_eq!(summary.attempt, known.attempt, "job {number}");
    }

    fn check_list(&self, items: &[JobSummary], status: Option<JobStatus>) {
        let numbers: BTreeMap<_, _> = self.known.keys().map(|number| (id(*number), *number)).collect();
        let mut last = u64::MAX;
        for item in items {
            let number = numbers[&item.id];
            let known = &self.known[&number];
            Self::check(number, known, item);
            assert!(
                status.is_none_or(|status| item.status == status),
                "{status:?}: {item:?}"
            );
            assert!(
                known.arrival <= last,
                "job {number} stands too late for {status:?}"
            );
            last = known.arrival;
        }
    }

    /// Every list to its end.
    async fn compare(&self) {
        for status in JobStatus::ALL.map(Some).into_iter().chain([None]) {
            let of_status = status.map_or_else(Query::default, of_status);
            let of_type = of_status.and(query("type:echo"));
            let items = self.store.read(&of_type.expect("two terms fit"), 400).await;
            let fitting = self
                .known
                .values()
                .filter(|known| status.is_none_or(|status| known.status == status));
            assert_eq!(items.len(), fitting.count(), "{status:?}");
            assert_eq!(
                items.iter().map(|item| item.id).collect::<BTreeSet<_>>().len(),
                items.len()
            );
            self.check_list(&items, status);
        }
    }
}

fn of_status(status: JobStatus) -> Query {
    query(&format!("state:{}", status.as_str()))
}
