//! Many messages, many parties.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;

use super::support::{
    BusHarness, CREATED, ack, depth, empty, messages, number, numbers, publish, requeue, subscribe, take,
};
use crate::conformance::wait::within;
use crate::{EventBus, Queue};

/// Publishers do not wait for one another and do not mix up one another's messages.
pub async fn concurrent_publishers_lose_nothing_and_keep_their_own_order(harness: &BusHarness) {
    const PUBLISHERS: u64 = 8;
    const EACH: u64 = 200;
    let bus = harness.fresh().await;
    publish_at_once(&bus, PUBLISHERS, EACH).await;
    for queue in [Queue::Work, Queue::Events] {
        let subscription = subscribe(&bus, queue, 2000).await;
        let deliveries = take(&subscription, 1600).await;
        let mut last: BTreeMap<u64, u64> = BTreeMap::new();
        for number in numbers(&deliveries) {
            let before = last.insert(number / EACH, number);
            assert!(
                before.is_none_or(|before| before + 1 == number),
                "{number} came after {before:?}"
            );
        }
        assert!((0..PUBLISHERS).all(|publisher| last[&publisher] == publisher * EACH + EACH - 1));
    }
}

/// Each of `publishers` publishes numbers of its own, five at a time.
async fn publish_at_once(bus: &Arc<dyn EventBus>, publishers: u64, each: u64) {
    let mut running = JoinSet::new();
    for publisher in 0..publishers {
        let bus = Arc::clone(bus);
        running.spawn(async move {
            for start in (publisher * each..(publisher + 1) * each).step_by(5) {
                publish(&bus, messages(CREATED, start..start + 5)).await;
            }
        });
    }
    running.join_all().await;
}

/// A consumer that was away catches up.
pub async fn a_backlog_of_twenty_thousand_drains_in_order(harness: &BusHarness) {
    const COUNT: u64 = 20_000;
    let bus = harness.fresh().await;
    for start in (0..COUNT).step_by(500) {
        publish(&bus, messages(CREATED, start..start + 500)).await;
    }
    depth(&bus, Queue::Work, COUNT, 0).await;
    let subscription = subscribe(&bus, Queue::Work, 1000).await;
    let mut expected = 0..COUNT;
    while expected.start < COUNT {
        let batch = within("the next batch", subscription.next(700)).await;
        for number in numbers(&batch) {
            assert_eq!(Some(number), expected.next(), "out of order");
        }
        ack(&subscription, &batch).await;
    }
    empty(&bus, Queue::Work).await;
    depth(&bus, Queue::Events, COUNT, 0).await;
}

/// The steady state: a consumer keeps up with publishers.
pub async fn publishing_and_consuming_at_once_loses_nothing(harness: &BusHarness) {
    let bus = harness.fresh().await;
    let subscription = subscribe(&bus, Queue::Work, 64).await;
    let consuming = async {
        let mut seen = BTreeSet::new();
        while seen.len() < 1600 {
            let batch = within("the next batch", subscription.next(64)).await;
            for delivery in &batch {
                assert!(
                    seen.insert(number(delivery)),
                    "message {} came twice",
                    number(delivery)
                );
            }
            ack(&subscription, &batch).await;
        }
    };
    tokio::join!(consuming, publish_at_once(&bus, 8, 200));
    empty(&bus, Queue::Work).await;
}

/// Consumers that acknowledge some, give some back and leave with the rest: in the end each message was
/// acknowledged exactly once.
pub async fn consumers_that_come_and_go_lose_nothing(harness: &BusHarness) {
    const COUNT: u64 = 500;
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..COUNT)).await;
    let mut done = BTreeSet::new();
    while done.len() < 500 {
        let subscription = subscribe(&bus, Queue::Work, 90).await;
        let batch = take(&subscription, (500 - done.len()).min(90)).await;
        let (acked, rest) = batch.split_at(batch.len().div_ceil(2));
        ack(&subscription, acked).await;
        requeue(&subscription, &rest[..rest.len() / 2]).await;
        for number in numbers(acked) {
            assert!(done.insert(number), "acknowledged message {number} came back");
        }
    }
    empty(&bus, Queue::Work).await;
    empty(&bus, Queue::DeadLetters).await;
}
