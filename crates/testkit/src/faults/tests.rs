use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use ports::{
    BusError, Delivery, DeliveryTag, ErrorGroup, EventBus, Headers, LiveStats, Message, Parcel, Queue,
    QueueDepth, Settle, StatEvent, StatsBucket, StatsSnapshot, StoreError, Subscription,
};

use super::{FaultPlan, FaultRates, FaultyBus, FaultyLiveStats};

const NEVER: FaultRates = FaultRates {
    before: 0.0,
    after: 0.0,
    delay: 0.0,
    longest_delay: Duration::ZERO,
    partial: 0.0,
    duplicate: 0.0,
    reorder: 0.0,
    end_subscription: 0.0,
};

/// Counts the calls that reach it.
#[derive(Default)]
struct Counter(AtomicU64);

#[async_trait]
impl LiveStats for Counter {
    async fn apply(&self, events: Vec<StatEvent>) -> Result<usize, StoreError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(events.len())
    }

    async fn snapshot(&self) -> Result<StatsSnapshot, StoreError> {
        Ok(StatsSnapshot::default())
    }

    async fn history(&self, _since: Timestamp) -> Result<Vec<StatsBucket>, StoreError> {
        Ok(Vec::new())
    }

    async fn errors(&self, _limit: usize) -> Result<Vec<ErrorGroup>, StoreError> {
        Ok(Vec::new())
    }

    async fn prune(&self, _before: Timestamp, _limit: usize) -> Result<usize, StoreError> {
        Ok(0)
    }

    async fn is_complete(&self) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn set_complete(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn clear(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn ping(&self, _limit: Duration) -> Result<(), StoreError> {
        Ok(())
    }
}

/// How a hundred calls went, and how many of them had an effect.
async fn hundred_calls(plan: &Arc<FaultPlan>) -> (Vec<bool>, u64) {
    let counter = Arc::new(Counter::default());
    let stats = FaultyLiveStats::new(Arc::clone(&counter) as Arc<dyn LiveStats>, Arc::clone(plan));
    let mut went_well = Vec::new();
    for _ in 0..100 {
        went_well.push(stats.apply(Vec::new()).await.is_ok());
    }
    (went_well, counter.0.load(Ordering::Relaxed))
}

#[tokio::test]
async fn an_error_before_has_no_effect_and_one_after_has() {
    let before = FaultPlan::new(1, FaultRates { before: 1.0, ..NEVER });
    assert_eq!(hundred_calls(&before).await, (vec![false; 100], 0));
    let after = FaultPlan::new(1, FaultRates { after: 1.0, ..NEVER });
    assert_eq!(hundred_calls(&after).await, (vec![false; 100], 100));
    assert_eq!((before.injected(), after.injected()), (100, 100));
}

#[tokio::test]
async fn the_switch_ends_all_faults() {
    let plan = FaultPlan::new(
        1,
        FaultRates {
            before: 1.0,
            ..FaultRates::ROUGH
        },
    );
    plan.switch(false);
    assert_eq!(hundred_calls(&plan).await, (vec![true; 100], 100));
    assert_eq!(plan.injected(), 0);
    plan.switch(true);
    assert_eq!(hundred_calls(&plan).await.1, 0);
}

#[tokio::test]
async fn an_outage_ends_everything_until_it_is_over() {
    let plan = FaultPlan::new(1, NEVER);
    let tape = Arc::new(Tape::default());
    tape.publish(ports::parcels(messages(3))).await.unwrap();
    let bus = FaultyBus::new(Arc::clone(&tape) as Arc<dyn EventBus>, Arc::clone(&plan));
    let subscription = bus.subscribe(Queue::Work, 10).await.unwrap();
    plan.outage(true);
    assert_eq!(hundred_calls(&plan).await, (vec![false; 100], 0));
    assert!(matches!(subscription.next(5).await, Err(BusError::Closed(_))));
    assert!(
        bus.publish(ports::parcels(messages(1))).await.is_err()
            && bus.subscribe(Queue::Work, 10).await.is_err()
    );
    plan.outage(false);
    assert_eq!(hundred_calls(&plan).await, (vec![true; 100], 100));
    assert!(bus.subscribe(Queue::Work, 10).await.is_ok());
    assert_eq!(tape.messages.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn the_same_seed_draws_the_same_faults() {
    let rates = FaultRates {
        before: 0.3,
        after: 0.3,
        ..NEVER
    };
    let first = hundred_calls(&FaultPlan::new(7, rates)).await;
    assert_eq!(hundred_calls(&FaultPlan::new(7, rates)).await, first);
    assert_ne!(hundred_calls(&FaultPlan::new(8, rates)).await, first);
    assert!(first.0.contains(&true) && first.0.contains(&false));
}

/// Keeps what is published, and delivers it in batches of ten.
#[derive(Default)]
struct Tape {
    messages: Arc<Mutex<Vec<Message>>>,
    settled: Arc<Mutex<BTreeSet<u64>>>,
    dropped: Arc<AtomicU64>,
}

#[async_trait]
impl EventBus for Tape {
    async fn publish(&self, messages: Vec<Arc<Parcel>>) -> Result<(), BusError> {
        self.messages
            .lock()
            .unwrap()
            .extend(messages.iter().map(|parcel| (***parcel).clone()));
        Ok(())
    }

    async fn subscribe(&self, _queue: Queue, _prefetch: usize) -> Result<Arc<dyn Subscription>, BusError> {
        Ok(Arc::new(Reader {
            messages: Arc::clone(&self.messages),
            settled: Arc::clone(&self.settled),
            dropped: Arc::clone(&self.dropped),
            at: AtomicU64::new(0),
        }))
    }

    async fn depths(&self) -> Result<Vec<QueueDepth>, BusError> {
        Ok(Vec::new())
    }

    async fn ping(&self, _limit: Duration) -> Result<(), BusError> {
        Ok(())
    }
}

struct Reader {
    messages: Arc<Mutex<Vec<Message>>>,
    settled: Arc<Mutex<BTreeSet<u64>>>,
    dropped: Arc<AtomicU64>,
    at: AtomicU64,
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

#[async_trait]
impl Subscription for Reader {
    async fn next(&self, max: usize) -> Result<Vec<Delivery>, BusError> {
        let from = usize::try_from(self.at.load(Ordering::Relaxed)).unwrap();
        let messages = self.messages.lock().unwrap();
        let upto = messages.len().min(from + max.min(10));
        self.at.store(upto as u64, Ordering::Relaxed);
        if from == upto {
            return Err(BusError::Closed("the end".to_owned()));
        }
        let deliver = |at: usize| Delivery {
            tag: DeliveryTag(at as u64),
            redelivered: false,
            message: Arc::new(messages[at].clone().into()),
        };
        Ok((from..upto).map(deliver).collect())
    }

    async fn settle(&self, settlements: Vec<(DeliveryTag, Settle)>) -> Result<(), BusError> {
        let mut settled = self.settled.lock().unwrap();
        settled.extend(settlements.into_iter().map(|(tag, _)| tag.0));
        Ok(())
    }
}

fn messages(count: u32) -> Vec<Message> {
    (0..count)
        .map(|number| Message {
            routing_key: "job.created".into(),
            headers: Headers {
                attempt: Some(number),
                ..Headers::default()
            },
            body: Bytes::new(),
        })
        .collect()
}

/// Everything that a subscription of a faulty bus delivers of 100 messages, and the tape behind it.
async fn delivered(rates: FaultRates) -> (Vec<Delivery>, Arc<Tape>) {
    let tape = Arc::new(Tape::default());
    tape.publish(ports::parcels(messages(100))).await.unwrap();
    let bus = FaultyBus::new(Arc::clone(&tape) as Arc<dyn EventBus>, FaultPlan::new(3, rates));
    let subscription = bus.subscribe(Queue::Work, 1000).await.unwrap();
    let mut all = Vec::new();
    while let Ok(batch) = subscription.next(8).await {
        assert!((1..=8).contains(&batch.len()));
        let tags = batch.iter().map(|delivery| (delivery.tag, Settle::Ack)).collect();
        subscription.settle(tags).await.unwrap();
        all.extend(batch);
    }
    (all, tape)
}

fn numbers(deliveries: &[Delivery]) -> Vec<u32> {
    deliveries
        .iter()
        .map(|delivery| delivery.message.headers.attempt.unwrap())
        .collect()
}

#[tokio::test]
async fn reordering_loses_and_repeats_nothing() {
    let (deliveries, tape) = delivered(FaultRates {
        reorder: 0.7,
        ..NEVER
    })
    .await;
    let mut seen = numbers(&deliveries);
    assert!(!seen.is_sorted());
    seen.sort_unstable();
    assert_eq!(seen, (0..100).collect::<Vec<_>>());
    assert_eq!(tape.settled.lock().unwrap().len(), 100);
}

#[tokio::test]
async fn copies_have_tags_of_their_own_that_the_bus_never_hears_of() {
    let (deliveries, tape) = delivered(FaultRates {
        duplicate: 0.4,
        reorder: 0.3,
        ..NEVER
    })
    .await;
    let tags: BTreeSet<_> = deliveries.iter().map(|delivery| delivery.tag).collect();
    assert!(deliveries.len() > 110, "only {} deliveries", deliveries.len());
    assert_eq!(tags.len(), deliveries.len());
    assert_eq!(*tape.settled.lock().unwrap(), (0..100).collect());
}

#[tokio::test]
async fn an_ended_subscription_lets_go_of_what_it_held() {
    let tape = Arc::new(Tape::default());
    tape.publish(ports::parcels(messages(100))).await.unwrap();
    let plan = FaultPlan::new(
        3,
        FaultRates {
            end_subscription: 1.0,
            ..NEVER
        },
    );
    let bus = FaultyBus::new(Arc::clone(&tape) as Arc<dyn EventBus>, Arc::clone(&plan));
    let subscription = bus.subscribe(Queue::Work, 10).await.unwrap();
    plan.switch(false);
    let held = subscription.next(5).await.unwrap();
    plan.switch(true);
    assert!(matches!(subscription.next(5).await, Err(BusError::Closed(_))));
    assert_eq!(tape.dropped.load(Ordering::Relaxed), 1);
    let settled = subscription.settle(vec![(held[0].tag, Settle::Ack)]).await;
    assert!(
        matches!(settled, Err(BusError::Closed(_))),
        "an ack that nobody hears is an error"
    );
}

#[tokio::test]
async fn publications_are_repeated_or_cut_short() {
    let tape = Arc::new(Tape::default());
    let rates = FaultRates {
        duplicate: 1.0,
        ..NEVER
    };
    let bus = FaultyBus::new(Arc::clone(&tape) as Arc<dyn EventBus>, FaultPlan::new(3, rates));
    bus.publish(ports::parcels(messages(10))).await.unwrap();
    assert_eq!(tape.messages.lock().unwrap().len(), 20);
    tape.messages.lock().unwrap().clear();
    let rates = FaultRates {
        partial: 1.0,
        ..NEVER
    };
    let bus = FaultyBus::new(Arc::clone(&tape) as Arc<dyn EventBus>, FaultPlan::new(3, rates));
    assert!(bus.publish(ports::parcels(messages(10))).await.is_err());
    assert!(tape.messages.lock().unwrap().len() < 10);
}
