//! What every consumer of the processor does with deliveries: get them, refuse them, settle them.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use ports::{Delivery, DeliveryTag, GaveUp, Parcel, Queue, Settle, Subscription, persist};

use crate::processor::Shared;

/// Subscribes, however long the bus is away; `None` when intake stops.
pub(crate) async fn subscribe(
    shared: &Shared,
    queue: Queue,
    prefetch: usize,
) -> Option<Arc<dyn Subscription>> {
    let limit = shared.config.call_limit;
    let call = || shared.bus.subscribe(queue, prefetch);
    loop {
        match persist("subscribe", limit, &shared.intake, call).await {
            Ok(subscription) => return Some(subscription),
            Err(GaveUp::Stopped) => return None,
            Err(GaveUp::Permanent(error)) => {
                tracing::error!(%error, queue = queue.name(), "cannot subscribe, trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Turns refused deliveries into dead letters, then acks them: in this order, so that none is lost between.
pub(crate) async fn reject(
    shared: &Shared,
    subscription: &Arc<dyn Subscription>,
    rejected: Vec<(Delivery, String)>,
) {
    if rejected.is_empty() {
        return;
    }
    shared.metrics.validation_failed.inc_by(rejected.len() as u64);
    let now = shared.clock.now();
    // A letter is known by what it says: identical messages are told apart by their moment.
    let moments = (0..).map(|n| now.saturating_add(Duration::from_micros(n)).unwrap_or(now));
    let letters: Vec<Arc<Parcel>> = rejected
        .iter()
        .zip(moments)
        .map(|((delivery, reason), at)| shared.scribe.dead_letter(delivery, reason, at))
        .collect();
    for (_, reason) in &rejected {
        tracing::warn!(reason, "message rejected");
    }
    if shared.publish(letters).await {
        let tags = rejected
            .iter()
            .map(|(delivery, _)| (delivery.tag, Settle::Ack))
            .collect();
        settle(subscription, tags).await;
    }
}

/// Settles, and lives with it when the bus does not hear: the messages come again and find their rows moved.
pub(crate) async fn settle(subscription: &Arc<dyn Subscription>, settlements: Vec<(DeliveryTag, Settle)>) {
    if let Err(error) = subscription.settle(settlements).await {
        tracing::warn!(%error, "acknowledgement lost, messages will come again");
    }
}
