//! The queues of work, as one that knows priorities.

use std::sync::Arc;

use contracts::Priority;
use futures::FutureExt;
use ports::{BusError, Delivery, Queue, Subscription};

use crate::deliveries::subscribe;
use crate::processor::Shared;
use crate::turns::Turns;

/// Deliveries and whom to settle them with.
pub(crate) type Taken = (Arc<dyn Subscription>, Vec<Delivery>);

/// One subscription for each priority.
pub(crate) struct WorkQueues {
    high: Arc<dyn Subscription>,
    normal: Arc<dyn Subscription>,
    low: Arc<dyn Subscription>,
    turns: Turns,
}

impl WorkQueues {
    /// Subscribes to all, however long the bus is away; `None` when intake stops.
    pub(crate) async fn subscribe(shared: &Shared) -> Option<Self> {
        // What may be held of one queue is bounded by the places of attempts, which all queues share.
        let prefetch = shared.config.concurrency;
        Some(Self {
            high: subscribe(shared, Queue::work(Priority::High), prefetch).await?,
            normal: subscribe(shared, Queue::work(Priority::Normal), prefetch).await?,
            low: subscribe(shared, Queue::work(Priority::Low), prefetch).await?,
            turns: Turns::default(),
        })
    }

    /// Waits for work and takes up to `max` messages of one queue: of the one whose turn it is, if it has any.
    ///
    /// # Errors
    /// [`BusError`] when a subscription has ended.
    pub(crate) async fn next(&mut self, max: usize) -> Result<Taken, BusError> {
        for priority in self.turns.next() {
            let queue = self.queue(priority);
            if let Some(deliveries) = queue.next(max).now_or_never() {
                return Ok((Arc::clone(queue), deliveries?));
            }
        }
        let (queue, deliveries) = tokio::select! {
            biased;
            deliveries = self.high.next(max) => (&self.high, deliveries?),
            deliveries = self.normal.next(max) => (&self.normal, deliveries?),
            deliveries = self.low.next(max) => (&self.low, deliveries?),
        };
        Ok((Arc::clone(queue), deliveries))
    }

    fn queue(&self, priority: Priority) -> &Arc<dyn Subscription> {
        match priority {
            Priority::High => &self.high,
            Priority::Normal => &self.normal,
            Priority::Low => &self.low,
        }
    }
}
