//! What both consumers of the engine do: subscribe with patience, offer with patience, acknowledge.

use std::future::Future;
use std::sync::Arc;

use ports::{BusError, DeliveryTag, GaveUp, Queue, Settle, StoreError, Subscription, persist};
use tokio_util::sync::CancellationToken;

use crate::engine::{EngineConfig, EngineDeps};

/// Subscribes, however long the bus is away; `None` when the engine stops.
pub(crate) async fn subscribe(
    deps: &EngineDeps,
    queue: Queue,
    stop: &CancellationToken,
) -> Option<Arc<dyn Subscription>> {
    let EngineConfig {
        prefetch, call_limit, ..
    } = deps.config;
    loop {
        let call = || async {
            // A queue that cannot be consumed now may be there again later: nothing is permanent here.
            let answer = deps.bus.subscribe(queue, prefetch).await;
            answer.map_err(|error| BusError::Unavailable(error.to_string()))
        };
        match persist("subscribe", call_limit, stop, call).await {
            Ok(subscription) => return Some(subscription),
            Err(GaveUp::Stopped) => return None,
            Err(GaveUp::Permanent(error)) => tracing::error!(%error, "cannot subscribe"),
        }
    }
}

/// Gives a batch to a derived store until it takes it, and returns how many were new. An item that the store
/// refuses for ever is left out and said so: derived data must not stop the flow. `None` when the engine stops.
pub(crate) async fn offer<T: Clone, F: Future<Output = Result<usize, StoreError>>>(
    what: &str,
    deps: &EngineDeps,
    stop: &CancellationToken,
    batch: Vec<T>,
    mut call: impl FnMut(Vec<T>) -> F,
) -> Option<usize> {
    let limit = deps.config.call_limit;
    match persist(what, limit, stop, || call(batch.clone())).await {
        Ok(new) => return Some(new),
        Err(GaveUp::Stopped) => return None,
        Err(GaveUp::Permanent(error)) => tracing::warn!(%error, what, "batch refused, offering one by one"),
    }
    let mut new = 0;
    for item in batch {
        match persist(what, limit, stop, || call(vec![item.clone()])).await {
            Ok(count) => new += count,
            Err(GaveUp::Stopped) => return None,
            Err(GaveUp::Permanent(error)) => tracing::error!(%error, what, "refused for ever, left out"),
        }
    }
    Some(new)
}

/// Acknowledges, and lives with it when the bus does not hear: the messages come again and are recognised.
pub(crate) async fn acknowledge(subscription: &Arc<dyn Subscription>, tags: Vec<DeliveryTag>) {
    let acks = tags.into_iter().map(|tag| (tag, Settle::Ack)).collect();
    if let Err(error) = subscription.settle(acks).await {
        tracing::warn!(%error, "acknowledgement lost, messages will come again");
    }
}

/// Calls a store until it answers. `None` when the engine stops, or the store refuses for ever, which is said.
pub(crate) async fn persisted<T, F: Future<Output = Result<T, StoreError>>>(
    what: &str,
    deps: &EngineDeps,
    stop: &CancellationToken,
    call: impl FnMut() -> F,
) -> Option<T> {
    match persist(what, deps.config.call_limit, stop, call).await {
        Ok(value) => Some(value),
        Err(GaveUp::Stopped) => None,
        Err(GaveUp::Permanent(error)) => {
            tracing::error!(%error, what, "refused for ever");
            None
        }
    }
}
