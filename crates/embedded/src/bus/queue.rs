//! A queue: its place in the log and what it has delivered.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use ports::{DELIVERY_LIMIT, Parcel, Queue, QueueDepth, Settle};

use super::block::Entry;
use super::cursor::Outstanding;
use crate::hash::Scramble;

/// A part of the log that was read from the file for one queue: its messages from `from` up to and without
/// `until`.
#[derive(Debug)]
pub(super) struct Slice {
    pub(super) from: u64,
    pub(super) until: u64,
    pub(super) entries: VecDeque<Entry>,
}

/// A delivery that a subscription has not settled.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) seq: u64,
    pub(super) message: Arc<Parcel>,
}

/// What one subscription holds.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) prefetch: usize,
    pub(super) held: HashMap<u64, Held, Scramble>,
}

/// A message that came back once too often: it leaves the queue in the commit that makes it a dead letter.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) seq: u64,
    pub(super) returns: u32,
    pub(super) message: Arc<Parcel>,
}

/// What a queue needs of the log: the unsettled messages, in order, and everything from its place on.
#[derive(Debug)]
pub(super) struct Needs {
    pub(super) queue: Queue,
    pub(super) next_seq: u64,
    pub(super) outstanding: Vec<u64>,
}

impl Needs {
    /// The first message that is needed.
    pub(super) fn from(&self) -> u64 {
        let oldest = self.outstanding.first();
        oldest.map_or(self.next_seq, |seq| self.next_seq.min(*seq))
    }

    /// Whether a message is needed.
    pub(super) fn message(&self, seq: u64) -> bool {
        seq >= self.next_seq || self.outstanding.binary_search(&seq).is_ok()
    }
}

/// Everything about a queue, under one lock.
#[derive(Debug)]
pub(super) struct QueueState {
    pub(super) queue: Queue,
    /// The next message to look at.
    pub(super) next_seq: u64,
    /// How many messages from there on are for this queue.
    pub(super) unread: u64,
    /// Up to where `unread` counts.
    pub(super) end: u64,
    /// Messages before this one may have been delivered by a process that died.
    pub(super) suspect_before: u64,
    /// Delivered and not settled, held or returned.
    pub(super) outstanding: Outstanding,
    /// The part of `outstanding` that waits for the next consumer; without the message after a restart.
    pub(super) returned: BTreeMap<u64, Option<Arc<Parcel>>>,
    pub(super) slice: Option<Slice>,
    pub(super) holders: HashMap<u64, Holder>,
    pub(super) last_tag: u64,
    /// Something is to be saved: a message was delivered, came back or is settled.
    pub(super) changed: bool,
    /// Settled and not saved; still counted as unacknowledged.
    pub(super) unsaved: u64,
    /// The part of `unsaved` that the present transaction saves.
    pub(super) saving: u64,
}

impl QueueState {
    pub(super) fn new(queue: Queue, next_seq: u64, outstanding: Outstanding) -> Self {
        Self {
            queue,
            next_seq,
            unread: 0,
            end: next_seq,
            suspect_before: 0,
            returned: outstanding.keys().map(|seq| (*seq, None)).collect(),
            outstanding,
            slice: None,
            holders: HashMap::new(),
            last_tag: 0,
            changed: false,
            unsaved: 0,
            saving: 0,
        }
    }

    /// New messages have become durable: `count` for this queue, up to `end`.
    pub(super) fn grow(&mut self, count: u64, end: u64) {
        self.unread += count;
        self.end = end;
        self.skip_foreign();
    }

    /// With nothing to read the place is the end, so that other queues' messages hold nothing back. That alone is
    /// not worth saving: a new process finds no message of this queue on the way either.
    pub(super) fn skip_foreign(&mut self) {
        if self.unread == 0 && self.next_seq < self.end {
            self.next_seq = self.end;
            self.slice = None;
        }
    }

    /// What this queue needs of the log.
    pub(super) fn needs(&self) -> Needs {
        Needs {
            queue: self.queue,
            next_seq: self.next_seq,
            outstanding: self.outstanding.keys().copied().collect(),
        }
    }

    /// Applies what a consumer says of a delivery. Unknown tags are ignored: they were settled before.
    pub(super) fn settle(&mut self, holder: u64, tag: u64, how: Settle) -> Option<Given> {
        let held = self.holders.get_mut(&holder)?.held.remove(&tag)?;
        match how {
            Settle::Ack => {
                self.forget(held.seq);
                None
            }
            Settle::Requeue => self.give_back(held),
        }
    }

    /// Ends a subscription: what it held is delivered again.
    pub(super) fn leave(&mut self, holder: u64) -> Vec<Given> {
        let held = self.holders.remove(&holder).map(|holder| holder.held);
        let held = held.into_iter().flat_map(HashMap::into_values);
        let mut given = Vec::new();
        for held in held {
            given.extend(self.give_back(held));
        }
        given
    }

    fn give_back(&mut self, held: Held) -> Option<Given> {
        let Held { seq, message } = held;
        let returns = self.outstanding.get_mut(&seq)?;
        *returns += 1;
        self.changed = true;
        if *returns > DELIVERY_LIMIT {
            let returns = *returns;
            return Some(Given {
                seq,
                returns,
                message,
            });
        }
        self.returned.insert(seq, Some(message));
        None
    }

    /// A message is settled, or has become a dead letter.
    pub(super) fn forget(&mut self, seq: u64) {
        if self.outstanding.remove(&seq).is_some() {
            self.unsaved += 1;
            self.changed = true;
        }
    }

    /// Takes back [`QueueState::forget`], because the transaction was rolled back.
    pub(super) fn remember(&mut self, seq: u64, returns: u32) {
        self.outstanding.insert(seq, returns);
        self.unsaved = self.unsaved.saturating_sub(1);
        self.changed = true;
    }

    pub(super) fn depth(&self) -> QueueDepth {
        let returned = self.returned.len() as u64;
        QueueDepth {
            queue: self.queue,
            ready: self.unread + returned,
            unacknowledged: self.outstanding.len() as u64 - returned + self.unsaved,
        }
    }
}
