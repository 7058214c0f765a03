//! The event bus: one durable topic exchange and the queues bound to it.

mod parcel;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use contracts::Priority;
use uuid::Uuid;

use crate::BusError;
pub use parcel::{Event, Parcel, parcels};

/// Routing keys that are no event types. (Events travel under their type's name.)
pub mod routing {
    use contracts::Priority;

    /// Asks for an attempt of a job that was created earlier. It is no event: only workers see it.
    pub const DISPATCH: &str = "dispatch";

    /// The key under which a job is announced: its event's type, and its priority where that is not the normal one.
    pub const fn created(priority: Priority) -> &'static str {
        match priority {
            Priority::High => "job.created.high",
            Priority::Normal => "job.created",
            Priority::Low => "job.created.low",
        }
    }

    /// The key under which an attempt of a stored job is asked for.
    pub const fn dispatch(priority: Priority) -> &'static str {
        match priority {
            Priority::High => "dispatch.high",
            Priority::Normal => DISPATCH,
            Priority::Low => "dispatch.low",
        }
    }
    /// A rejected message on its way to the dead letters.
    pub const DEAD_LETTER: &str = "jobs.failed.validation";
}

/// The queues. Their names are part of the contract with clients of the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Queue {
    /// Work for the processors.
    Work,
    /// Work that goes first.
    WorkHigh,
    /// Work that can wait for the other.
    WorkLow,
    /// The same jobs once more, so that one is visible before a worker reaches it.
    Ledger,
    /// Every event, for the metrics engine.
    Events,
    /// Messages that no consumer could accept.
    DeadLetters,
}

impl Queue {
    /// Every queue.
    pub const ALL: [Self; 6] = [
        Self::Work,
        Self::WorkHigh,
        Self::WorkLow,
        Self::Ledger,
        Self::Events,
        Self::DeadLetters,
    ];

    /// The queue of work of a priority.
    pub const fn work(priority: Priority) -> Self {
        match priority {
            Priority::High => Self::WorkHigh,
            Priority::Normal => Self::Work,
            Priority::Low => Self::WorkLow,
        }
    }

    /// The name on the broker.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Work => "jobs.created",
            Self::WorkHigh => "jobs.created.high",
            Self::WorkLow => "jobs.created.low",
            Self::Ledger => "jobs.ledger",
            Self::Events => "jobs.completed",
            Self::DeadLetters => "jobs.failed.validation",
        }
    }

    /// The topic patterns that bring messages here (`#` stands for any number of words).
    pub const fn bindings(self) -> &'static [&'static str] {
        match self {
            Self::Work => &["job.created", routing::DISPATCH],
            Self::WorkHigh => &["job.created.high", "dispatch.high"],
            Self::WorkLow => &["job.created.low", "dispatch.low"],
            Self::Ledger => &["job.created.#"],
            Self::Events => &["job.#"],
            Self::DeadLetters => &[routing::DEAD_LETTER],
        }
    }

    /// Whether a message under `routing_key` comes here.
    pub fn accepts(self, routing_key: &str) -> bool {
        self.bindings()
            .iter()
            .any(|pattern| match pattern.strip_suffix(".#") {
                Some(head) => routing_key
                    .strip_prefix(head)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
                None => *pattern == routing_key,
            })
    }
}

/// What travels beside the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// Follows one client request through every service.
    pub correlation_id: Option<Uuid>,
    /// W3C trace context.
    pub traceparent: Option<String>,
    /// Which attempt the message asks for; absent means the first.
    pub attempt: Option<u32>,
}

/// A message as it is published and delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The event's type, or one of [`routing`].
    pub routing_key: Cow<'static, str>,
    /// What travels beside the body.
    pub headers: Headers,
    /// JSON text.
    pub body: Bytes,
}

/// Names a delivery within its subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeliveryTag(pub u64);

/// A message handed to a consumer, who has to settle it.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// What to settle it by.
    pub tag: DeliveryTag,
    /// Whether it may have been delivered before.
    pub redelivered: bool,
    /// The message; queues of one process may share it.
    pub message: Arc<Parcel>,
}

/// What a consumer says of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settle {
    /// Done with: never delivered again.
    Ack,
    /// Deliver it again, to whoever asks next. Beyond [`DELIVERY_LIMIT`] it becomes a dead letter.
    Requeue,
}

/// How often a message may come back before it is a dead letter. Poison is decided by the job store's crash
/// count long before; this only bounds a consumer that keeps refusing.
pub const DELIVERY_LIMIT: u32 = 20;

/// How full a queue is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueDepth {
    /// Which queue.
    pub queue: Queue,
    /// Messages that wait for a consumer.
    pub ready: u64,
    /// Messages that a consumer holds.
    pub unacknowledged: u64,
}

/// One consumer's view of a queue. Dropping it returns what it holds to the queue.
#[async_trait]
pub trait Subscription: Send + Sync {
    /// Waits for at least one message and returns up to `max`, oldest first. Never more than the
    /// subscription's prefetch are out at once.
    ///
    /// # Errors
    /// [`BusError::Closed`] when the subscription has ended; everything it held is delivered again.
    async fn next(&self, max: usize) -> Result<Vec<Delivery>, BusError>;

    /// Settles deliveries. An ack that is lost leads to a redelivery, never to a loss.
    ///
    /// # Errors
    /// [`BusError`] when the bus did not hear it.
    async fn settle(&self, settlements: Vec<(DeliveryTag, Settle)>) -> Result<(), BusError>;
}

/// The event bus.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Publishes messages and returns once every queue that is bound to each of them has it durably: all or,
    /// after an error, possibly some of them.
    ///
    /// # Errors
    /// [`BusError::Full`] when a bound was reached and nothing was taken, [`BusError::Unavailable`] otherwise.
    async fn publish(&self, messages: Vec<Arc<Parcel>>) -> Result<(), BusError>;

    /// Starts to consume a queue with at most `prefetch` unsettled messages.
    ///
    /// # Errors
    /// [`BusError::Unavailable`].
    async fn subscribe(&self, queue: Queue, prefetch: usize) -> Result<Arc<dyn Subscription>, BusError>;

    /// How full every queue is.
    ///
    /// # Errors
    /// [`BusError::Unavailable`].
    async fn depths(&self) -> Result<Vec<QueueDepth>, BusError>;

    /// Whether a publication would be taken now, answered within `limit`.
    ///
    /// # Errors
    /// [`BusError`] with the reason when it would not.
    async fn ping(&self, limit: Duration) -> Result<(), BusError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bindings_route_like_a_topic_exchange() {
        assert!(Queue::Work.accepts("job.created") && Queue::Work.accepts(routing::DISPATCH));
        for priority in Priority::ALL {
            for key in [routing::created(priority), routing::dispatch(priority)] {
                let work = Queue::ALL
                    .into_iter()
                    .filter(|queue| queue.name().starts_with("jobs.created"));
                assert_eq!(
                    work.filter(|queue| queue.accepts(key)).collect::<Vec<_>>(),
                    [Queue::work(priority)]
                );
            }
            assert!(Queue::Ledger.accepts(routing::created(priority)));
            assert!(Queue::Events.accepts(routing::created(priority)));
        }
        assert!(Queue::Ledger.accepts("job.created") && !Queue::Ledger.accepts(routing::DISPATCH));
        assert!(Queue::Events.accepts("job.completed") && Queue::Events.accepts("job"));
        assert!(
            !Queue::Events.accepts("jobs.failed.validation") && !Queue::Events.accepts(routing::DISPATCH)
        );
        assert!(
            Queue::DeadLetters.accepts(routing::DEAD_LETTER) && !Queue::DeadLetters.accepts("job.failed")
        );
    }
}
