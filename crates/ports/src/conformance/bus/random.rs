//! Random lives of a bus, checked against what may and may not happen to a message.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use contracts::Priority;

use super::support::{BusHarness, ack, message, number, publish, subscribe};
use crate::conformance::dice::Dice;
use crate::conformance::wait::{eventually, within};
use crate::{Delivery, EventBus, Queue, Settle, Subscription, routing};

/// How often a message of these cases comes back at most, by whatever cause: far from being a dead letter.
const RETURNS: u32 = 12;

const KEYS: [&str; 8] = [
    routing::created(Priority::High),
    routing::created(Priority::Normal),
    routing::created(Priority::Low),
    "job.completed",
    routing::dispatch(Priority::High),
    routing::DISPATCH,
    routing::dispatch(Priority::Low),
    routing::DEAD_LETTER,
];

/// What is known of a queue.
#[derive(Default)]
struct Known {
    /// Published and not acknowledged, with how often it has come back.
    open: BTreeMap<u64, u32>,
    /// Acknowledged since the last crash.
    acked: BTreeSet<u64>,
    /// Acknowledged before a crash, perhaps not durably: these may come once more.
    doubtful: BTreeSet<u64>,
}

/// A subscription and what it holds.
struct Consumer {
    queue: Queue,
    prefetch: usize,
    subscription: Arc<dyn Subscription>,
    held: Vec<Delivery>,
}

struct World {
    dice: Dice,
    bus: Arc<dyn EventBus>,
    known: BTreeMap<Queue, Known>,
    consumers: Vec<Consumer>,
    published: u64,
}

/// Publications, consumers that come, settle, wait and go, crashes: no message is lost, none that is
/// acknowledged comes again, and each return says that it is one.
pub async fn any_life_of_a_bus_keeps_every_message_until_it_is_acknowledged(harness: &BusHarness) {
    let mut world = World::new(harness.fresh().await);
    for _ in 0..1500 {
        match world.dice.below(100) {
            0..30 => world.publish().await,
            30..38 => world.subscribe().await,
            38..66 => world.consume().await,
            66..92 => world.settle().await,
            92..99 => world.leave().await,
            _ => world = world.crash(harness).await,
        }
    }
    let mut world = world.crash(harness).await;
    world.drain().await;
}

impl World {
    fn new(bus: Arc<dyn EventBus>) -> Self {
        Self {
            dice: Dice::new(20_260_117),
            bus,
            known: Queue::ALL.map(|queue| (queue, Known::default())).into(),
            consumers: Vec::new(),
            published: 0,
        }
    }

    fn known(&mut self, queue: Queue) -> &mut Known {
        self.known.entry(queue).or_default()
    }

    async fn publish(&mut self) {
        let count = 1 + self.dice.below(20);
        let mut batch = Vec::new();
        for number in self.published..self.published + count {
            let key = KEYS[self.dice.index(KEYS.len())];
            batch.push(message(key, number));
            for queue in Queue::ALL.into_iter().filter(|queue| queue.accepts(key)) {
                self.known(queue).open.insert(number, 0);
            }
        }
        self.published += count;
        publish(&self.bus, batch).await;
    }

    async fn subscribe(&mut self) {
        if self.consumers.len() < 8 {
            let queue = Queue::ALL[self.dice.index(Queue::ALL.len())];
            let prefetch = 1 + self.dice.index(40);
            let subscription = subscribe(&self.bus, queue, prefetch).await;
            let held = Vec::new();
            self.consumers.push(Consumer {
                queue,
                prefetch,
                subscription,
                held,
            });
        }
    }

    /// Some consumer, taken out of the world.
    fn pick(&mut self) -> Option<Consumer> {
        let count = self.consumers.len();
        (count > 0).then(|| self.consumers.swap_remove(self.dice.index(count)))
    }

    /// Takes a batch where one has to come, wherever other consumers keep what they may have fetched.
    async fn consume(&mut self) {
        let Some(mut consumer) = self.pick() else { return };
        let others = self
            .consumers
            .iter()
            .filter(|other| other.queue == consumer.queue);
        let elsewhere = others.map(|other| other.prefetch).sum::<usize>() + consumer.held.len();
        let sure = self.known(consumer.queue).open.len() > elsewhere;
        if sure && consumer.held.len() < consumer.prefetch {
            let max = 1 + self.dice.index(30);
            let batch = within("a batch that is there", consumer.subscription.next(max)).await;
            assert!(batch.len() <= max && consumer.held.len() + batch.len() <= consumer.prefetch);
            for delivery in batch {
                self.check(consumer.queue, &consumer.held, &delivery);
                consumer.held.push(delivery);
            }
        }
        self.consumers.push(consumer);
    }

    /// What comes has to be open, and held by nobody.
    fn check(&mut self, queue: Queue, held: &[Delivery], delivery: &Delivery) {
        let came = number(delivery);
        let others = self.consumers.iter().filter(|consumer| consumer.queue == queue);
        let mut out = others.flat_map(|consumer| &consumer.held).chain(held);
        assert!(
            out.all(|held| number(held) != came),
            "message {came} of {} is out twice",
            queue.name()
        );
        let known = self.known(queue);
        if known.doubtful.remove(&came) {
            known.open.insert(came, 1);
        }
        let Some(returns) = known.open.get(&came) else {
            panic!(
                "message {came} of {} came, acknowledged or never published",
                queue.name()
            );
        };
        assert!(
            *returns == 0 || delivery.redelivered,
            "message {came} came back without saying so"
        );
    }

    async fn settle(&mut self) {
        let Some(mut consumer) = self.pick() else { return };
        let mut settlements = Vec::new();
        for delivery in std::mem::take(&mut consumer.held) {
            let choice = self.dice.below(10);
            if choice < 2 {
                consumer.held.push(delivery);
            } else if choice == 2 && self.may_return(consumer.queue, &delivery) {
                settlements.push((delivery.tag, Settle::Requeue));
            } else {
                self.acknowledged(consumer.queue, &delivery);
                settlements.push((delivery.tag, Settle::Ack));
            }
        }
        within("settling", consumer.subscription.settle(settlements)).await;
        self.consumers.push(consumer);
    }

    fn acknowledged(&mut self, queue: Queue, delivery: &Delivery) {
        let known = self.known(queue);
        known.open.remove(&number(delivery));
        known.acked.insert(number(delivery));
    }

    /// Counts a return of a message, unless it would be one too many.
    fn may_return(&mut self, queue: Queue, delivery: &Delivery) -> bool {
        let returns = self.known(queue).open.entry(number(delivery)).or_default();
        *returns += 1;
        *returns < RETURNS
    }

    async fn leave(&mut self) {
        if let Some(consumer) = self.pick() {
            self.let_go(consumer).await;
        }
    }

    /// Drops a consumer: what it holds comes back, but for what came back too often already.
    async fn let_go(&mut self, consumer: Consumer) {
        let Consumer {
            queue,
            subscription,
            held,
            ..
        } = consumer;
        for delivery in held {
            if !self.may_return(queue, &delivery) {
                self.acknowledged(queue, &delivery);
                ack(&subscription, &[delivery]).await;
            }
        }
    }

    async fn crash(mut self, harness: &BusHarness) -> Self {
        for consumer in std::mem::take(&mut self.consumers) {
            self.let_go(consumer).await;
        }
        let certain = self.dice.one_in(2);
        if certain {
            self.acknowledgements_are_durable().await;
        }
        for known in self.known.values_mut() {
            let acked = std::mem::take(&mut known.acked);
            if !certain {
                known.doubtful.extend(acked);
            }
        }
        let Self {
            dice,
            bus,
            known,
            consumers,
            published,
        } = self;
        drop(bus);
        let bus = harness.reopen().await;
        Self {
            dice,
            bus,
            known,
            consumers,
            published,
        }
    }

    async fn acknowledgements_are_durable(&self) {
        eventually("no acknowledgement on its way", || async {
            let depths = within("depths", self.bus.depths()).await;
            let wrong = depths.into_iter().find(|depth| {
                let known = &self.known[&depth.queue];
                let open = known.open.len() as u64;
                let possible = open..=open + known.doubtful.len() as u64;
                depth.unacknowledged > 0 || !possible.contains(&depth.ready)
            });
            wrong.map(|depth| format!("{depth:?}"))
        })
        .await;
    }

    /// In the end everything that is open comes, and nothing else but what is in doubt.
    async fn drain(&mut self) {
        for queue in Queue::ALL {
            let subscription = subscribe(&self.bus, queue, 500).await;
            while !self.known(queue).open.is_empty() {
                let batch = within("what is still open", subscription.next(200)).await;
                for delivery in &batch {
                    self.check(queue, &[], delivery);
                    self.acknowledged(queue, delivery);
                }
                ack(&subscription, &batch).await;
            }
        }
    }
}
