//! A bus that fails on purpose.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ports::{BusError, EventBus, Parcel, Queue, QueueDepth, Subscription};

use super::FaultPlan;
use super::plan::Injected;
use super::subscription::FaultySubscription;

/// An event bus over another one, with faults.
pub struct FaultyBus {
    inner: Arc<dyn EventBus>,
    plan: Arc<FaultPlan>,
}

impl FaultyBus {
    /// Wraps a bus.
    pub fn new(inner: Arc<dyn EventBus>, plan: Arc<FaultPlan>) -> Self {
        Self { inner, plan }
    }

    /// The messages with some of them a second time.
    fn duplicate(&self, mut messages: Vec<Arc<Parcel>>) -> Vec<Arc<Parcel>> {
        let rate = self.plan.rates().duplicate;
        let again: Vec<_> = messages
            .iter()
            .filter(|_| self.plan.strikes(rate))
            .cloned()
            .collect();
        messages.extend(again);
        messages
    }
}

#[async_trait]
impl EventBus for FaultyBus {
    async fn publish(&self, messages: Vec<Arc<Parcel>>) -> Result<(), BusError> {
        let mut messages = self.duplicate(messages);
        let partial = messages.len() > 1 && self.plan.strikes(self.plan.rates().partial);
        if partial {
            messages.truncate(self.plan.below(messages.len()));
        }
        self.plan.around("publish", self.inner.publish(messages)).await?;
        if partial {
            return Err(BusError::injected("injected amid publish".to_owned()));
        }
        Ok(())
    }

    async fn subscribe(&self, queue: Queue, prefetch: usize) -> Result<Arc<dyn Subscription>, BusError> {
        let inner = self
            .plan
            .around("subscribe", self.inner.subscribe(queue, prefetch))
            .await?;
        Ok(Arc::new(FaultySubscription::new(inner, Arc::clone(&self.plan))))
    }

    async fn depths(&self) -> Result<Vec<QueueDepth>, BusError> {
        self.plan.around("depths", self.inner.depths()).await
    }

    async fn ping(&self, limit: Duration) -> Result<(), BusError> {
        self.plan.around("ping", self.inner.ping(limit)).await
    }
}
