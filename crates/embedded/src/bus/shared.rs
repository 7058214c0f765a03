//! What publishers, consumers and the writer thread share.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ports::{BusError, Queue};
use tokio::sync::Notify;

use super::journal::Journal;
use super::pace::Pace;
use super::publish::Pending;
use super::queue::QueueState;
use super::tail::Tail;
use super::take::Source;
use crate::codes::{QUEUES, queue_code};
use crate::core::Core;

/// How long a change of a queue waits for a commit that somebody else needs, before it gets its own.
const LAZY: Duration = Duration::from_millis(10);

/// The bus of a database.
pub(crate) struct Bus {
    pub(super) core: Core,
    pub(super) max_backlog: u64,
    /// Bytes in the log.
    pub(super) backlog: AtomicU64,
    pub(super) pending: Mutex<Vec<Pending>>,
    pub(super) journal: Mutex<Journal>,
    pub(super) tail: Mutex<Tail>,
    /// Bytes of messages that add work and are not in the log yet.
    pub(super) incoming: AtomicUsize,
    /// Told when publishers need not give way to consumers any more.
    pub(super) caught_up: Notify,
    pub(super) pace: Mutex<Pace>,
    /// Each at the place of its stored number.
    queues: [SharedQueue; QUEUES.len()],
}

/// A queue and those who wait for it.
pub(super) struct SharedQueue {
    state: Mutex<QueueState>,
    /// Told when something may have become deliverable, or the bus was closed.
    pub(super) news: Notify,
    /// Held while one consumer reads the file for all.
    pub(super) reading: tokio::sync::Mutex<()>,
}

impl SharedQueue {
    pub(super) fn new(state: QueueState) -> Self {
        Self {
            state: Mutex::new(state),
            news: Notify::new(),
            reading: tokio::sync::Mutex::new(()),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, QueueState> {
        lock(&self.state)
    }
}

impl Bus {
    pub(super) fn new(
        core: Core,
        max_backlog: u64,
        backlog: u64,
        journal: Journal,
        queues: [SharedQueue; QUEUES.len()],
    ) -> Self {
        Self {
            core,
            max_backlog,
            backlog: AtomicU64::new(backlog),
            pending: Mutex::default(),
            tail: Mutex::new(Tail::new(journal.next_seq)),
            incoming: AtomicUsize::new(0),
            caught_up: Notify::new(),
            pace: Mutex::new(Pace::new()),
            journal: Mutex::new(journal),
            queues,
        }
    }

    pub(super) fn queue(&self, queue: Queue) -> &SharedQueue {
        &self.queues[usize::from(queue_code(queue))]
    }

    pub(super) fn queues(&self) -> &[SharedQueue; QUEUES.len()] {
        &self.queues
    }

    pub(super) fn source(&self, seq: u64) -> Source {
        Source::find(&lock(&self.tail), seq)
    }

    /// Has changed queues saved before long.
    pub(super) fn save_soon(&self) {
        self.core.inbox.wake_by(Instant::now() + LAZY);
    }

    pub(super) fn backlog(&self) -> u64 {
        self.backlog.load(Ordering::Relaxed)
    }

    pub(super) fn check_open(&self) -> Result<(), BusError> {
        if self.core.inbox.is_closed() {
            return Err(BusError::Unavailable("database is closed".to_owned()));
        }
        Ok(())
    }

    /// Wakes every consumer, to find the bus closed.
    pub(crate) fn end_subscriptions(&self) {
        for queue in &self.queues {
            queue.news.notify_waiters();
        }
    }
}

/// A lock whose holder panicked guards data that is valid all the same: every change of it is complete
/// before anything that may panic.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
