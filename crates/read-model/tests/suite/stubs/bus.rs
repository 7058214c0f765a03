use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ports::{BusError, EventBus, Parcel, Queue, QueueDepth, Subscription};

use super::{READ_ONLY, World};

pub(crate) struct StubBus(pub(crate) Arc<World>);

#[async_trait]
impl EventBus for StubBus {
    async fn depths(&self) -> Result<Vec<QueueDepth>, BusError> {
        let depths = self.0.depths.lock().unwrap().clone();
        depths.ok_or_else(|| BusError::Unavailable("connection refused".into()))
    }

    async fn publish(&self, _: Vec<Arc<Parcel>>) -> Result<(), BusError> {
        unreachable!("{READ_ONLY}")
    }
    async fn subscribe(&self, _: Queue, _: usize) -> Result<Arc<dyn Subscription>, BusError> {
        unreachable!("{READ_ONLY}")
    }
    async fn ping(&self, _: Duration) -> Result<(), BusError> {
        unreachable!("the read model does not need the bus")
    }
}
