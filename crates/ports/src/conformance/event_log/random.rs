//! Random lives of a log, checked against a set.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use uuid::Uuid;

use super::support::{ALL, Log, LogHarness, hours_from_now, moment};
use crate::conformance::dice::Dice;
use crate::conformance::facts::fact;
use crate::{Cursor, EventQuery, LoggedEvent};

fn event(number: u64) -> LoggedEvent {
    let fact = fact(number);
    LoggedEvent {
        event_id: fact.event_id,
        job_id: fact.job_id,
        event_type: fact.event_type,
        occurred_at: moment(1_760_000_000_000_000 + number.cast_signed()),
        body: Bytes::from(format!("{{\"number\":{number}}}")),
    }
}

struct World {
    dice: Dice,
    log: Log,
    /// Kept events by identifier, with the batch that they came in.
    kept: BTreeMap<Uuid, (u64, usize)>,
    pruned: BTreeSet<u64>,
    next: u64,
    batches: usize,
    follower: Follower,
}

/// Somebody who reads everything as it comes.
struct Follower {
    place: Cursor,
    seen: BTreeSet<Uuid>,
    /// The batch of the last one.
    batch: usize,
}

/// New events and old ones again, crashes, questions and retention over more jobs than fit into a cache.
pub async fn any_life_of_a_log_keeps_each_event_once(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let follower = Follower {
        place: log.follow(None, 1).await.cursor,
        seen: BTreeSet::new(),
        batch: 0,
    };
    let mut world = World {
        dice: Dice::new(7),
        log,
        kept: BTreeMap::new(),
        pruned: BTreeSet::new(),
        next: 0,
        batches: 0,
        follower,
    };
    for _ in 0..600 {
        match world.dice.below(100) {
            0..60 => world.append().await,
            60..75 => drop(world.follow().await),
            75..90 => world.ask().await,
            90..94 => world.prune().await,
            _ => world.log = world.log.reopen(harness).await,
        }
    }
    world.compare().await;
    world.log = world.log.reopen(harness).await;
    world.compare().await;
    while world.follow().await > 0 {}
    let missed: Vec<_> = world
        .kept
        .iter()
        .filter(|(id, _)| !world.follower.seen.contains(id))
        .collect();
    assert!(missed.is_empty(), "never followed: {missed:?}");
}

impl World {
    /// Up to 140 events, most of them new, the rest from anywhere in the past, some twice.
    async fn append(&mut self) {
        let new = self.dice.below(120);
        let mut numbers: Vec<u64> = (self.next..self.next + new).collect();
        self.next += new;
        for _ in 0..self.dice.below(20) {
            numbers.push(self.dice.below(self.next + 1));
        }
        self.next = self.next.max(numbers.iter().max().map_or(0, |last| last + 1));
        numbers.retain(|number| !self.pruned.contains(number));
        self.dice.shuffle(&mut numbers);
        self.batches += 1;
        let mut expected = 0;
        for number in &numbers {
            let known = self.kept.insert(event(*number).event_id, (*number, self.batches));
            match known {
                Some(before) => {
                    self.kept.insert(event(*number).event_id, before);
                }
                None => expected += 1,
            }
        }
        let new = self
            .log
            .append(numbers.iter().map(|number| event(*number)).collect())
            .await;
        assert_eq!(new, expected, "new events of {numbers:?}");
    }

    /// The events of some job.
    async fn ask(&mut self) {
        let job_id = event(self.dice.below(self.next + 1)).job_id;
        let query = EventQuery {
            job_id: Some(job_id),
            event_type: None,
        };
        let found = self.log.read(&query, 2).await;
        self.check_order(&found);
        let expected = self
            .kept
            .values()
            .map(|(number, _)| event(*number))
            .filter(|event| event.job_id == job_id);
        let expected: BTreeMap<_, _> = expected.map(|event| (event.event_id, event)).collect();
        let count = found.len();
        let found: BTreeMap<_, _> = found.into_iter().map(|event| (event.event_id, event)).collect();
        assert_eq!(
            (count, found),
            (expected.len(), expected),
            "events of job {job_id}"
        );
    }

    fn check_order(&self, found: &[LoggedEvent]) {
        let batches = found
            .iter()
            .map(|event| self.kept.get(&event.event_id).map(|(_, batch)| *batch));
        let batches: Vec<_> = batches.collect();
        assert!(
            batches.iter().all(Option::is_some),
            "an event that is not kept: {found:?}"
        );
        assert!(
            batches.is_sorted_by(|newer, older| newer >= older),
            "newest first: {batches:?}"
        );
    }

    /// The next events of the follower: kept ones, none twice, in the order of their batches.
    async fn follow(&mut self) -> usize {
        let limit = 1 + self.dice.index(200);
        let followed = self.log.follow(Some(&self.follower.place), limit).await;
        self.follower.place = followed.cursor;
        for came in &followed.events {
            let Some((number, batch)) = self.kept.get(&came.event_id) else {
                panic!("an event that is not kept: {came:?}");
            };
            assert_eq!(*came, event(*number));
            assert!(
                self.follower.seen.insert(came.event_id),
                "{number} is followed twice"
            );
            assert!(*batch >= self.follower.batch, "{number} comes too late");
            self.follower.batch = *batch;
        }
        followed.events.len()
    }

    /// Nothing is old, then some of the oldest are.
    async fn prune(&mut self) {
        assert_eq!(self.log.prune(hours_from_now(-1), 100).await, 0);
        let limit = 1 + self.dice.index(400);
        let gone = self.log.prune(hours_from_now(1), limit).await;
        assert_eq!(gone, limit.min(self.kept.len()));
        let left: BTreeSet<_> = self
            .log
            .read(&ALL, 900)
            .await
            .into_iter()
            .map(|event| event.event_id)
            .collect();
        let (kept, lost): (BTreeMap<_, _>, BTreeMap<_, _>) = std::mem::take(&mut self.kept)
            .into_iter()
            .partition(|(id, _)| left.contains(id));
        let batch = |(_, batch): &(u64, usize)| *batch;
        let (newest_lost, oldest_kept) = (lost.values().map(batch).max(), kept.values().map(batch).min());
        assert!(
            oldest_kept.is_none() || newest_lost <= oldest_kept,
            "the oldest go first"
        );
        assert_eq!(lost.len(), gone, "as many as were said went");
        self.pruned.extend(lost.into_values().map(|(number, _)| number));
        self.kept = kept;
    }

    /// The whole list.
    async fn compare(&self) {
        let found = self.log.read(&ALL, 700).await;
        self.check_order(&found);
        let ids: BTreeSet<_> = found.iter().map(|event| event.event_id).collect();
        assert_eq!((found.len(), ids.len()), (self.kept.len(), self.kept.len()));
        for found in found {
            let number = self.kept[&found.event_id].0;
            assert_eq!(found, event(number));
        }
    }
}
