//! A consumer of a queue: a channel of its own, so that leaving it returns what is out.

mod inbox;
mod ledger;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::Clock;
use lapin::options::{BasicAckOptions, BasicNackOptions};
use lapin::{Channel, Consumer};
use ports::{BusError, Delivery, DeliveryTag, Queue, Settle, Subscription};
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::timeout;

use crate::dead;
use crate::line::Line;
use crate::options::Config;
use crate::publisher::Publisher;
use crate::started::Started;
use inbox::Inbox;
use ledger::{Ledger, Refused};

/// What a subscription has of its queue's messages.
#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    /// Fetched from the broker and not handed out.
    pub(crate) fetched: u64,
    /// Handed out and not settled.
    pub(crate) held: u64,
}

/// A frame on its way to the broker.
type Sent = Started<lapin::Result<()>>;

/// A subscription.
pub(crate) struct QueueSubscription {
    queue: Queue,
    channel: Channel,
    line: Arc<Line>,
    publisher: Arc<Publisher>,
    clock: Arc<dyn Clock>,
    limit: Duration,
    inbox: AsyncMutex<Inbox>,
    ledger: Mutex<Ledger>,
    /// Held while settlements are told, so that one that covers several messages covers none that another one names.
    settling: AsyncMutex<()>,
}

impl QueueSubscription {
    pub(crate) fn new(
        config: &Config,
        publisher: Arc<Publisher>,
        line: Arc<Line>,
        queue: Queue,
        channel: Channel,
        consumer: Consumer,
    ) -> Self {
        let clock = Arc::clone(&config.options.clock);
        Self {
            queue,
            channel,
            line,
            publisher,
            limit: config.options.publish_limit,
            inbox: AsyncMutex::new(Inbox::new(queue, consumer, Arc::clone(&clock))),
            clock,
            ledger: Mutex::default(),
            settling: AsyncMutex::default(),
        }
    }

    pub(crate) fn queue(&self) -> Queue {
        self.queue
    }

    /// What is fetched and held at this moment: nothing once the channel is gone. Who waits has nothing fetched.
    pub(crate) fn tally(&self) -> Tally {
        if !self.channel.status().connected() {
            return Tally::default();
        }
        let fetched = self.inbox.try_lock().map_or(0, |mut inbox| inbox.fetched());
        Tally {
            fetched,
            held: self.ledger().held(),
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn tell(&self, settlements: Vec<(DeliveryTag, Settle)>) -> Result<(), BusError> {
        let sorted = self.ledger().sort(settlements);
        let mut sent = Vec::new();
        for tag in sorted.returned {
            sent.push(self.nack(tag).await);
        }
        let (multiple, single) = self.ledger().done(sorted.done);
        for (tag, multiple) in single
            .into_iter()
            .map(|tag| (tag, false))
            .chain(multiple.map(|tag| (tag, true)))
        {
            sent.push(self.ack(tag, multiple).await);
        }
        written(sent).await?;
        for refused in sorted.refused {
            self.give_up(refused).await?;
        }
        Ok(())
    }

    async fn ack(&self, tag: u64, multiple: bool) -> Sent {
        let channel = self.channel.clone();
        Started::now(async move { channel.basic_ack(tag, BasicAckOptions { multiple }).await }).await
    }

    async fn nack(&self, tag: u64) -> Sent {
        let channel = self.channel.clone();
        let options = BasicNackOptions {
            multiple: false,
            requeue: true,
        };
        let sent = Started::now(async move { channel.basic_nack(tag, options).await }).await;
        // Only now: until its frame is queued, an acknowledgement of several messages may not cover this one.
        self.ledger().forget(tag);
        sent
    }

    /// Makes a dead letter of a message, then acknowledges it: in this order, so that it is lost at no moment.
    async fn give_up(&self, refused: Refused) -> Result<(), BusError> {
        let Refused { tag, returns, parcel } = refused;
        let letter = dead::refused(&parcel, self.queue.name(), returns, self.clock.now());
        let published = self.publisher.publish(vec![letter.into()]).await;
        let sent = if published.is_ok() {
            self.ledger().forget(tag);
            self.ack(tag, false).await
        } else {
            self.nack(tag).await
        };
        written(vec![sent]).await?;
        published
    }
}

/// Waits until frames have left.
async fn written(sent: Vec<Sent>) -> Result<(), BusError> {
    for sent in sent {
        if let Some(Err(error)) = sent.outcome().await {
            return Err(BusError::Closed(error.to_string()));
        }
    }
    Ok(())
}

#[async_trait]
impl Subscription for QueueSubscription {
    async fn next(&self, max: usize) -> Result<Vec<Delivery>, BusError> {
        let mut inbox = self.inbox.lock().await;
        inbox.wait().await?;
        // Nothing is awaited from here on: a caller that stops waiting strands no message.
        let letters = inbox.take(max.max(1));
        let mut ledger = self.ledger();
        Ok(letters.map(|fetched| ledger.enter(fetched)).collect())
    }

    async fn settle(&self, settlements: Vec<(DeliveryTag, Settle)>) -> Result<(), BusError> {
        if settlements.is_empty() {
            return Ok(());
        }
        let _turn = self.settling.lock().await;
        let told = timeout(self.limit + self.limit, self.tell(settlements)).await;
        told.unwrap_or_else(|_elapsed| {
            self.line.cut();
            Err(BusError::Unavailable("the broker reads nothing".to_owned()))
        })
    }
}
