//! Messages that are told apart by a number, and consumers that count.

use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::super::wait::{eventually, within};
use crate::{
    Delivery, DeliveryTag, EventBus, Headers, Message, Queue, QueueDepth, Settle, Subscription, parcels,
};

/// What the cases of this suite are given.
pub(super) type BusHarness = dyn super::super::Harness<dyn EventBus>;

/// A routing key that the work, ledger and event queues accept.
pub(super) const CREATED: &str = "job.created";

/// Message number `number` under `routing_key`.
pub(super) fn message(routing_key: &'static str, number: u64) -> Message {
    Message {
        routing_key: routing_key.into(),
        headers: Headers {
            correlation_id: Some(Uuid::from_u128(u128::from(number) + 1)),
            traceparent: None,
            attempt: None,
        },
        body: Bytes::from(format!("{{\"number\":{number}}}")),
    }
}

/// Messages `numbers` under `routing_key`.
pub(super) fn messages(routing_key: &'static str, numbers: std::ops::Range<u64>) -> Vec<Message> {
    numbers.map(|number| message(routing_key, number)).collect()
}

/// The number of a message of [`message`].
pub(super) fn number(delivery: &Delivery) -> u64 {
    let body: serde_json::Value = match serde_json::from_slice(&delivery.message.body) {
        Ok(body) => body,
        Err(error) => panic!("a body did not arrive as it was: {error}"),
    };
    body["number"]
        .as_u64()
        .unwrap_or_else(|| panic!("a body did not arrive as it was: {body}"))
}

/// The numbers of deliveries, in their order.
pub(super) fn numbers(deliveries: &[Delivery]) -> Vec<u64> {
    deliveries.iter().map(number).collect()
}

/// The numbers of deliveries, sorted.
pub(super) fn sorted(deliveries: &[Delivery]) -> Vec<u64> {
    let mut sorted = numbers(deliveries);
    sorted.sort_unstable();
    sorted
}

pub(super) async fn publish(bus: &Arc<dyn EventBus>, messages: Vec<Message>) {
    within("publishing", bus.publish(parcels(messages))).await;
}

pub(super) async fn subscribe(
    bus: &Arc<dyn EventBus>,
    queue: Queue,
    prefetch: usize,
) -> Arc<dyn Subscription> {
    within("subscribing", bus.subscribe(queue, prefetch)).await
}

/// The next `count` deliveries, and not one more.
pub(super) async fn take(subscription: &Arc<dyn Subscription>, count: usize) -> Vec<Delivery> {
    let mut taken: Vec<Delivery> = Vec::new();
    while taken.len() < count {
        let what = format!("delivery {} of {count}", taken.len() + 1);
        let batch = within(&what, subscription.next(count)).await;
        assert!(!batch.is_empty(), "next returned nothing instead of waiting");
        taken.extend(batch);
    }
    assert_eq!(
        taken.len(),
        count,
        "more messages came than there should be: {:?}",
        numbers(&taken)
    );
    taken
}

pub(super) async fn settle(subscription: &Arc<dyn Subscription>, deliveries: &[Delivery], how: Settle) {
    let settlements: Vec<(DeliveryTag, Settle)> =
        deliveries.iter().map(|delivery| (delivery.tag, how)).collect();
    within("settling", subscription.settle(settlements)).await;
}

pub(super) async fn ack(subscription: &Arc<dyn Subscription>, deliveries: &[Delivery]) {
    settle(subscription, deliveries, Settle::Ack).await;
}

pub(super) async fn requeue(subscription: &Arc<dyn Subscription>, deliveries: &[Delivery]) {
    settle(subscription, deliveries, Settle::Requeue).await;
}

/// Waits until `queue` has so many messages ready and so many unacknowledged. An acknowledgement that shows
/// here survives a crash.
pub(super) async fn depth(bus: &Arc<dyn EventBus>, queue: Queue, ready: u64, unacknowledged: u64) {
    let wanted = QueueDepth {
        queue,
        ready,
        unacknowledged,
    };
    eventually(&format!("{wanted:?}"), || async {
        let depths = within("depths", bus.depths()).await;
        let found: Vec<_> = depths.into_iter().filter(|depth| depth.queue == queue).collect();
        assert_eq!(found.len(), 1, "every queue is counted once");
        (found[0] != wanted).then(|| format!("{:?}", found[0]))
    })
    .await;
}

/// Waits until nothing is left in `queue`.
pub(super) async fn empty(bus: &Arc<dyn EventBus>, queue: Queue) {
    depth(bus, queue, 0, 0).await;
}
