//! Messages that the broker sent ahead.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::Clock;
use futures::{FutureExt, StreamExt};
use lapin::Consumer;
use lapin::message::Delivery;
use ports::{BusError, Message, Queue};

use crate::{dead, wire};

/// A message that nobody has yet.
pub(super) struct Fetched {
    pub(super) tag: u64,
    pub(super) redelivered: bool,
    /// How often it came back.
    pub(super) returns: u32,
    pub(super) message: Message,
}

/// What was sent ahead, oldest first; the subscription's prefetch bounds it.
pub(super) struct Inbox {
    queue: Queue,
    consumer: Consumer,
    clock: Arc<dyn Clock>,
    fetched: VecDeque<Fetched>,
    /// Why nothing comes any more.
    ended: Option<String>,
}

impl Inbox {
    pub(super) fn new(queue: Queue, consumer: Consumer, clock: Arc<dyn Clock>) -> Self {
        Self {
            queue,
            consumer,
            clock,
            fetched: VecDeque::new(),
            ended: None,
        }
    }

    /// Waits until there is a message.
    pub(super) async fn wait(&mut self) -> Result<(), BusError> {
        self.fetch();
        while self.fetched.is_empty() {
            self.check()?;
            let came = self.consumer.next().await;
            self.file(came);
            self.fetch();
        }
        self.check()
    }

    /// The oldest messages, `max` at most.
    pub(super) fn take(&mut self, max: usize) -> impl Iterator<Item = Fetched> + '_ {
        let count = max.min(self.fetched.len());
        self.fetched.drain(..count)
    }

    /// How many messages wait here.
    pub(super) fn fetched(&mut self) -> u64 {
        self.fetch();
        self.fetched.len() as u64
    }

    fn check(&self) -> Result<(), BusError> {
        match &self.ended {
            Some(reason) => Err(BusError::Closed(reason.clone())),
            None => Ok(()),
        }
    }

    /// Takes over whatever has come.
    fn fetch(&mut self) {
        while self.ended.is_none() {
            let Some(came) = self.consumer.next().now_or_never() else {
                return;
            };
            self.file(came);
        }
    }

    fn file(&mut self, came: Option<lapin::Result<Delivery>>) {
        match came {
            Some(Ok(delivery)) => {
                let fetched = self.read(delivery);
                self.fetched.push_back(fetched);
            }
            Some(Err(error)) => self.end(error.to_string()),
            None => self.end("cancelled by the broker".to_owned()),
        }
    }

    /// What waits here comes again, to somebody else.
    fn end(&mut self, reason: String) {
        self.fetched.clear();
        self.ended = Some(reason);
    }

    fn read(&self, delivery: Delivery) -> Fetched {
        let (tag, redelivered) = (delivery.delivery_tag, delivery.redelivered);
        let returns = wire::returns(&delivery);
        let message = match self.queue {
            Queue::DeadLetters => dead::read(delivery, self.clock.now()),
            _ => wire::message(delivery),
        };
        Fetched {
            tag,
            redelivered,
            returns,
            message,
        }
    }
}
