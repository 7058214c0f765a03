//! The queue of events: decode, apply, acknowledge.

use std::sync::Arc;

use ports::{Delivery, Message, Pace, Parcel, Queue, Subscription, dead_letter_message, persist};
use tokio_util::sync::CancellationToken;

use crate::consume::{acknowledge, offer, subscribe};
use crate::engine::EngineDeps;
use crate::facts::{self, Facts};

/// Runs until `stop` is cancelled; a subscription that ends is made anew.
pub(crate) async fn run(deps: &EngineDeps, stop: &CancellationToken) {
    let mut pace = Pace::new(deps.config.pace);
    while let Some(subscription) = subscribe(deps, Queue::Events, stop).await {
        loop {
            let paced = async {
                pace.wait().await;
                subscription.next(deps.config.prefetch).await
            };
            let deliveries = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                next = paced => next,
            };
            let Ok(deliveries) = deliveries else { break };
            pace.begin(deliveries.len() == deps.config.prefetch);
            if take(deps, &subscription, deliveries, stop).await.is_none() {
                return;
            }
        }
    }
}

/// `None` when the engine stops in between.
async fn take(
    deps: &EngineDeps,
    subscription: &Arc<dyn Subscription>,
    deliveries: Vec<Delivery>,
    stop: &CancellationToken,
) -> Option<()> {
    let tags = deliveries.iter().map(|delivery| delivery.tag).collect();
    let mut facts = Vec::with_capacity(deliveries.len());
    let mut letters = Vec::new();
    for delivery in &deliveries {
        match facts::decode(&delivery.message) {
            Ok(fact) => facts.push(fact),
            Err(reason) => letters.push(reject(deps, &delivery.message, &reason)),
        }
    }
    if !letters.is_empty() {
        let call = || deps.bus.publish(letters.clone());
        persist("publish", deps.config.call_limit, stop, call)
            .await
            .ok()?;
    }
    apply(deps, facts, stop).await?;
    acknowledge(subscription, tags).await;
    Some(())
}

fn reject(deps: &EngineDeps, message: &Message, reason: &str) -> Arc<Parcel> {
    tracing::warn!(reason, "event rejected");
    deps.metrics.rejected.inc();
    dead_letter_message(
        message,
        reason,
        "metrics-engine",
        env!("CARGO_PKG_VERSION"),
        deps.clock.now(),
    )
    .into()
}

/// Applies a batch to both sides at once.
async fn apply(deps: &EngineDeps, facts: Vec<Facts>, stop: &CancellationToken) -> Option<()> {
    if facts.is_empty() {
        return Some(());
    }
    let total = facts.len() as u64;
    let (counted, logged): (Vec<_>, Vec<_>) = facts.into_iter().unzip();
    let (counted, new) = tokio::join!(
        offer("apply", deps, stop, counted, |events| deps.stats.apply(events)),
        offer("append", deps, stop, logged, |events| deps.log.append(events)),
    );
    counted?;
    let new = new? as u64;
    deps.metrics.applied.inc_by(new);
    deps.metrics.duplicates.inc_by(total.saturating_sub(new));
    Some(())
}
