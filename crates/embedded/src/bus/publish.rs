//! From publishers to the next block.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use contracts::Priority;
use ports::{BusError, Parcel, Queue, dead_letter_message, routing};
use tokio::sync::oneshot;

use super::block::{Queues, size};
use super::queue::Given;
use super::shared::{Bus, lock};
use crate::error::Failure;

/// The keys of the messages that add work. When the log is full they are refused first: what is published by
/// workers makes room.
const INTAKE: [&str; Priority::ALL.len()] = [
    routing::created(Priority::Normal),
    routing::created(Priority::High),
    routing::created(Priority::Low),
];

/// A publication that waits for the next commit.
pub(super) struct Pending {
    pub(super) messages: Vec<(Queues, Arc<Parcel>)>,
    pub(super) room: u32,
    /// Bytes that add work.
    pub(super) intake: usize,
    pub(super) cause: Cause,
}

/// Why something is published.
pub(super) enum Cause {
    /// Somebody waits for the answer.
    Caller(oneshot::Sender<Result<(), Failure>>),
    /// A message leaves a queue as a dead letter, in the same commit: its number, and how often it came back.
    GivenUp(Queue, u64, u32),
}

impl Bus {
    pub(super) async fn publish(&self, messages: Vec<Arc<Parcel>>) -> Result<(), BusError> {
        self.check_open()?;
        let bytes = messages.iter().map(|message| size(message)).sum();
        let intake = messages.iter().any(|message| adds_work(message));
        self.check_room(bytes, intake)?;
        if intake {
            self.give_way(messages.len()).await;
        }
        let intake = if intake { bytes } else { 0 };
        let messages = routed(messages);
        if messages.is_empty() {
            return Ok(());
        }
        let room = self.core.inbox.reserve(bytes).await?;
        let (answer, answered) = oneshot::channel();
        self.push(Pending {
            messages,
            room,
            intake,
            cause: Cause::Caller(answer),
        });
        Ok(answered.await.unwrap_or_else(|_| Err(Failure::closed()))?)
    }

    /// Makes dead letters of messages that came back too often.
    pub(super) fn give_up(&self, queue: Queue, given: Vec<Given>) {
        for Given {
            seq,
            returns,
            message,
        } in given
        {
            let reason = format!(
                "delivery limit reached: came back {returns} times to {}",
                queue.name()
            );
            let now = self.core.clock.now();
            let letter = dead_letter_message(&message, &reason, "bus", env!("CARGO_PKG_VERSION"), now);
            self.push(Pending {
                messages: routed(vec![letter.into()]),
                room: 0,
                intake: 0,
                cause: Cause::GivenUp(queue, seq, returns),
            });
        }
    }

    pub(super) fn check_room(&self, bytes: usize, intake: bool) -> Result<(), BusError> {
        let reserve = if intake { 0 } else { self.max_backlog / 4 };
        let limit = self.max_backlog.saturating_add(reserve);
        if self.backlog().saturating_add(bytes as u64) > limit {
            return Err(BusError::Full(format!("{limit} bytes of messages wait already")));
        }
        Ok(())
    }

    fn push(&self, pending: Pending) {
        self.incoming.fetch_add(pending.intake, Ordering::Relaxed);
        let first = {
            let mut all = lock(&self.pending);
            all.push(pending);
            all.len() == 1
        };
        if first {
            self.core.inbox.wake_by(Instant::now());
        }
    }
}

fn adds_work(message: &Parcel) -> bool {
    INTAKE.contains(&&*message.routing_key)
}

/// What no queue takes needs no keeping.
fn routed(messages: Vec<Arc<Parcel>>) -> Vec<(Queues, Arc<Parcel>)> {
    let routed = messages.into_iter().map(|message| {
        let queues = Queues::accepting(&message.routing_key);
        (queues, message)
    });
    routed.filter(|(queues, _)| !queues.is_empty()).collect()
}
