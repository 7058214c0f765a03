//! Many messages, many parties.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::JoinSet;

use super::support::{
    BusHarness, CREATED, ack, depth, empty, message, messages, number, numbers, publish, requeue, sorted,
    subscribe, take,
};
use crate::conformance::wait::within;
use crate::{Delivery, EventBus, Message, Queue};

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

/// Traffic of 64 MiB passes a few messages that nobody settles. They are still there, whole, before and after a
/// crash; an adapter that makes room meanwhile may not sweep them away.
pub async fn messages_held_for_long_survive_the_traffic_behind_them(harness: &BusHarness) {
    let bus = harness.fresh().await;
    let filling = "y".repeat(64 * 1024);
    let big = |number| Message {
        body: Bytes::from(format!("{{\"number\":{number},\"filling\":\"{filling}\"}}")),
        ..message(CREATED, number)
    };
    let (work, ledger) = (
        subscribe(&bus, Queue::Work, 40).await,
        subscribe(&bus, Queue::Ledger, 40).await,
    );
    let mut held = Vec::new();
    for start in (0..1000).step_by(10) {
        publish(&bus, (start..start + 10).map(big).collect()).await;
        ack(&ledger, &take(&ledger, 10).await).await;
        let (keep, done): (Vec<_>, Vec<_>) = take(&work, 10)
            .await
            .into_iter()
            .partition(|delivery| number(delivery) % 100 == 7);
        held.extend(numbers(&keep));
        ack(&work, &done).await;
        let events = subscribe(&bus, Queue::Events, 10).await;
        ack(&events, &take(&events, 10).await).await;
    }
    assert_eq!(held.len(), 10);
    for queue in [Queue::Ledger, Queue::Events] {
        empty(&bus, queue).await;
    }
    depth(&bus, Queue::Work, 0, 10).await;
    drop((work, ledger));
    let whole = |deliveries: &[Delivery]| {
        assert_eq!(sorted(deliveries), held);
        assert!(
            deliveries
                .iter()
                .all(|delivery| delivery.message.body == big(number(delivery)).body)
        );
    };
    let again = subscribe(&bus, Queue::Work, 40).await;
    whole(&take(&again, 10).await);
    drop((again, bus));
    let bus = harness.reopen().await;
    let again = subscribe(&bus, Queue::Work, 40).await;
    let deliveries = take(&again, 10).await;
    whole(&deliveries);
    ack(&again, &deliveries).await;
    for queue in Queue::ALL {
        empty(&bus, queue).await;
    }
}

/// 48 MiB wait for one queue while another one keeps up and new messages come.
pub async fn a_backlog_larger_than_any_cache_drains_in_order(harness: &BusHarness) {
    const COUNT: u64 = 384;
    let bus = harness.fresh().await;
    let filling = "x".repeat(128 * 1024);
    let big = |number| Message {
        body: Bytes::from(format!("{{\"number\":{number},\"filling\":\"{filling}\"}}")),
        ..message(CREATED, number)
    };
    let quick = subscribe(&bus, Queue::Work, 8).await;
    for start in (0..COUNT).step_by(8) {
        publish(&bus, (start..start + 8).map(big).collect()).await;
        let deliveries = take(&quick, 8).await;
        ack(&quick, &deliveries).await;
    }
    let slow = subscribe(&bus, Queue::Events, 50).await;
    let publishing = async {
        for number in COUNT..COUNT + 48 {
            publish(&bus, vec![big(number)]).await;
        }
    };
    let draining = async {
        let mut expected = 0..COUNT + 48;
        while expected.start < expected.end {
            let batch = within("the next batch", slow.next(20)).await;
            for number in numbers(&batch) {
                assert_eq!(Some(number), expected.next(), "out of order");
            }
            ack(&slow, &batch).await;
        }
    };
    tokio::join!(publishing, draining);
    empty(&bus, Queue::Events).await;
}
