//! The port.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use ports::{BusError, EventBus, Headers, Message, Parcel, Queue, QueueDepth, Subscription};

use crate::consumers::Consumers;
use crate::depths::depths;
use crate::options::{Config, OpenError, Options};
use crate::publisher::Publisher;
use crate::wire;

/// A key that no queue is bound to: such a message is confirmed and goes nowhere.
const PROBE: &str = "ping";

/// The event bus on a RabbitMQ broker.
pub struct RabbitMq {
    publisher: Arc<Publisher>,
    consumers: Consumers,
}

impl RabbitMq {
    /// A bus on the broker at `url` (`amqp:` or `amqps:`). It connects in the background, now and whenever that is
    /// needed again, so a broker that is away is no error here. Needs a running Tokio runtime.
    ///
    /// # Errors
    /// When the URL does not read as one, or an encrypted broker could not be checked.
    pub fn open(url: &str, options: Options) -> Result<Arc<Self>, OpenError> {
        let config = Arc::new(Config::new(url, options)?);
        let publisher = Arc::new(Publisher::start(Arc::clone(&config)));
        Ok(Arc::new(Self {
            consumers: Consumers::new(config, Arc::clone(&publisher)),
            publisher,
        }))
    }

    /// Takes leave of the broker: what subscriptions hold is delivered again. Nothing can be published any more.
    pub async fn close(&self) {
        self.consumers.close().await;
        self.publisher.close().await;
    }
}

/// What no queue takes needs no publishing.
fn routed(messages: Vec<Arc<Parcel>>) -> Vec<Arc<Parcel>> {
    let taken = |parcel: &Arc<Parcel>| {
        let key = &parcel.routing_key;
        wire::is_routable(parcel) && Queue::ALL.iter().any(|queue| queue.accepts(key))
    };
    messages.into_iter().filter(taken).collect()
}

#[async_trait]
impl EventBus for RabbitMq {
    async fn publish(&self, messages: Vec<Arc<Parcel>>) -> Result<(), BusError> {
        let messages = routed(messages);
        if messages.is_empty() {
            return Ok(());
        }
        self.publisher.publish(messages).await
    }

    async fn subscribe(&self, queue: Queue, prefetch: usize) -> Result<Arc<dyn Subscription>, BusError> {
        Ok(self.consumers.subscribe(queue, prefetch).await?)
    }

    async fn depths(&self) -> Result<Vec<QueueDepth>, BusError> {
        depths(&self.consumers).await
    }

    async fn ping(&self, limit: Duration) -> Result<(), BusError> {
        let probe = Message {
            routing_key: PROBE.into(),
            headers: Headers::default(),
            body: Bytes::new(),
        };
        self.publisher.probe(limit, probe.into()).await
    }
}
