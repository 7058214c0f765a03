//! A consumer of a queue.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;

use async_trait::async_trait;
use ports::{BusError, Delivery, DeliveryTag, Queue, Settle, Subscription};

use super::queue::Holder;
use super::shared::Bus;
use super::take::{Taken, take};

pub(super) struct QueueSubscription {
    bus: Arc<Bus>,
    queue: Queue,
    id: u64,
}

impl QueueSubscription {
    pub(super) fn new(bus: Arc<Bus>, queue: Queue, prefetch: usize) -> Self {
        let mut state = bus.queue(queue).lock();
        state.last_tag += 1;
        let id = state.last_tag;
        let holder = Holder {
            prefetch: prefetch.max(1),
            held: HashMap::default(),
        };
        state.holders.insert(id, holder);
        drop(state);
        Self { bus, queue, id }
    }

    fn take(&self, max: usize) -> Taken {
        let mut state = self.bus.queue(self.queue).lock();
        take(&mut state, self.id, max, &|seq| self.bus.source(seq))
    }
}

#[async_trait]
impl Subscription for QueueSubscription {
    async fn next(&self, max: usize) -> Result<Vec<Delivery>, BusError> {
        let shared = self.bus.queue(self.queue);
        loop {
            // Registered before looking, so that nothing that comes in between is missed.
            let mut news = pin!(shared.news.notified());
            news.as_mut().enable();
            if self.bus.check_open().is_err() {
                return Err(BusError::Closed("database is closed".to_owned()));
            }
            match self.take(max) {
                Taken::Deliveries(deliveries) => return Ok(deliveries),
                Taken::Nothing => news.await,
                Taken::Log(from, until) => self.bus.read_on(self.queue, from, until).await?,
                Taken::Returned(seqs) => self.bus.read_returned(self.queue, seqs).await?,
                Taken::Gone => return Err(BusError::Closed("not subscribed".to_owned())),
            }
        }
    }

    async fn settle(&self, settlements: Vec<(DeliveryTag, Settle)>) -> Result<(), BusError> {
        if settlements.is_empty() {
            return Ok(());
        }
        self.bus.check_open()?;
        let shared = self.bus.queue(self.queue);
        let mut given = Vec::new();
        {
            let mut state = shared.lock();
            for (tag, how) in settlements {
                given.extend(state.settle(self.id, tag.0, how));
            }
        }
        self.bus.give_up(self.queue, given);
        self.bus.save_soon();
        shared.news.notify_waiters();
        Ok(())
    }
}

impl Drop for QueueSubscription {
    fn drop(&mut self) {
        let shared = self.bus.queue(self.queue);
        let given = shared.lock().leave(self.id);
        self.bus.give_up(self.queue, given);
        self.bus.save_soon();
        shared.news.notify_waiters();
    }
}
