//! What waits for one client.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

use super::item::Entry;
use super::place::Place;

/// The most events that wait for a client.
pub(super) const MAX_ENTRIES: usize = 1024;

/// The most that they weigh together, in bytes; one event may be heavier.
pub(super) const MAX_BYTES: usize = 1024 * 1024;

/// Why a stream ends although its client is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// More happened than the client read.
    Slow,
    /// The server stops.
    Stopping,
    /// What follows is not known: the log has been made anew, or we have made a mistake.
    Lost,
}

impl Reason {
    /// Its name for programs.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Stopping => "stopping",
            Self::Lost => "lost",
        }
    }

    /// What it means, for people.
    pub(super) const fn detail(self) -> &'static str {
        match self {
            Self::Slow => "events happened faster than they were read; Last-Event-ID goes on where this ends",
            Self::Stopping => "the server stops; Last-Event-ID goes on where this ends",
            Self::Lost => "what follows is not known; begin anew without Last-Event-ID",
        }
    }
}

/// What waits for one client. It never waits for the client itself: when it is full it ends.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    inner: Mutex<Inner>,
    ready: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    entries: VecDeque<Entry>,
    bytes: usize,
    /// Only the newest numbers are worth anything.
    numbers: Option<Bytes>,
    /// The place up to which nothing more has happened that the client wants, where that is behind all entries.
    passed: Option<Place>,
    end: Option<Reason>,
}

/// What a client takes out of its buffer.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) entries: VecDeque<Entry>,
    pub(super) numbers: Option<Bytes>,
    /// Nothing comes after this.
    pub(super) end: Option<Reason>,
}

impl Buffer {
    /// Adds the events of a batch that the client wants. `place` is the one behind the whole batch.
    pub(super) fn push(&self, entries: impl IntoIterator<Item = Entry>, place: &Place) {
        let mut inner = self.lock();
        for entry in entries {
            if !inner.push(entry) {
                break;
            }
        }
        if inner.end.is_none() {
            inner.passed = Some(place.clone());
        }
        let anything = !inner.entries.is_empty() || inner.end.is_some();
        drop(inner);
        if anything {
            self.ready.notify_one();
        }
    }

    /// Replaces the numbers.
    pub(super) fn set_numbers(&self, frame: Bytes) {
        self.lock().numbers = Some(frame);
        self.ready.notify_one();
    }

    /// Lets nothing more in.
    pub(super) fn end(&self, reason: Reason) {
        self.lock().end.get_or_insert(reason);
        self.ready.notify_one();
    }

    /// Why it ended, if it did.
    pub(super) fn ended(&self) -> Option<Reason> {
        self.lock().end
    }

    /// Waits until there may be something to take. One client waits at a time.
    pub(super) async fn ready(&self) {
        self.ready.notified().await;
    }

    /// Takes everything.
    pub(super) fn take(&self) -> Taken {
        let mut inner = self.lock();
        inner.bytes = 0;
        Taken {
            entries: std::mem::take(&mut inner.entries),
            numbers: inner.numbers.take(),
            end: inner.end,
        }
    }

    /// Takes the newest numbers alone.
    pub(super) fn take_numbers(&self) -> Option<Bytes> {
        self.lock().numbers.take()
    }

    /// Takes the place up to which nothing more has happened, unless something waits before it.
    pub(super) fn take_passed(&self) -> Option<Place> {
        let mut inner = self.lock();
        if inner.entries.is_empty() {
            inner.passed.take()
        } else {
            None
        }
    }

    /// Changes what waits.
    pub(super) fn with_entries<T>(&self, change: impl FnOnce(&mut VecDeque<Entry>) -> T) -> T {
        let mut inner = self.lock();
        let result = change(&mut inner.entries);
        inner.bytes = inner.entries.iter().map(|entry| entry.frame.len()).sum();
        result
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Adds an event, or ends because there is no room for it.
    fn push(&mut self, entry: Entry) -> bool {
        if self.end.is_some() {
            return false;
        }
        let bytes = self.bytes + entry.frame.len();
        let is_full = self.entries.len() >= MAX_ENTRIES || bytes > MAX_BYTES;
        if is_full && !self.entries.is_empty() {
            self.end = Some(Reason::Slow);
            self.passed = None;
            return false;
        }
        self.bytes = bytes;
        self.entries.push_back(entry);
        true
    }
}

#[cfg(test)]
mod tests;
