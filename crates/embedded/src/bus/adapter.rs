//! The port.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ports::{BusError, EventBus, Parcel, Queue, QueueDepth, Subscription};

use super::shared::Bus;
use super::subscription::QueueSubscription;

/// The event bus on SQLite.
pub(crate) struct BusAdapter(Arc<Bus>);

impl BusAdapter {
    pub(crate) fn new(bus: Arc<Bus>) -> Self {
        Self(bus)
    }
}

#[async_trait]
impl EventBus for BusAdapter {
    async fn publish(&self, messages: Vec<Arc<Parcel>>) -> Result<(), BusError> {
        self.0.publish(messages).await
    }

    async fn subscribe(&self, queue: Queue, prefetch: usize) -> Result<Arc<dyn Subscription>, BusError> {
        self.0.check_open()?;
        let subscription = QueueSubscription::new(Arc::clone(&self.0), queue, prefetch);
        Ok(Arc::new(subscription))
    }

    async fn depths(&self) -> Result<Vec<QueueDepth>, BusError> {
        self.0.check_open()?;
        let depth = |queue| self.0.queue(queue).lock().depth();
        Ok(Queue::ALL.into_iter().map(depth).collect())
    }

    async fn ping(&self, limit: Duration) -> Result<(), BusError> {
        self.0.check_open()?;
        self.0.check_room(0, true)?;
        Ok(self.0.core.ping(limit).await?)
    }
}
