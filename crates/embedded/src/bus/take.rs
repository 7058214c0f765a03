//! What a consumer gets next.

use std::sync::Arc;

use ports::{Delivery, DeliveryTag, Parcel};

use super::queue::{Held, QueueState};
use super::tail::Tail;

/// The answer to a consumer that asks for messages.
#[derive(Debug)]
pub(super) enum Taken {
    /// These.
    Deliveries(Vec<Delivery>),
    /// Nothing now.
    Nothing,
    /// The log has to be read first, from the first number up to and without the second.
    Log(u64, u64),
    /// These messages came back from a process that died and have to be read first.
    Returned(Vec<u64>),
    /// The subscription is not there any more.
    Gone,
}

/// Takes up to `max` messages for `holder`: those that came back first, then on from the queue's place.
pub(super) fn take(state: &mut QueueState, holder: u64, max: usize, tail: &dyn Fn(u64) -> Source) -> Taken {
    let Some(found) = state.holders.get(&holder) else {
        return Taken::Gone;
    };
    let room = found.prefetch.saturating_sub(found.held.len()).min(max.max(1));
    if room == 0 {
        return Taken::Nothing;
    }
    let mut hand = Hand {
        state,
        holder,
        room,
        out: Vec::new(),
    };
    let missing = hand.returned().or_else(|| hand.forward(tail));
    match missing {
        _ if !hand.out.is_empty() => Taken::Deliveries(hand.out),
        Some(missing) => missing,
        None => Taken::Nothing,
    }
}

/// Where the message of a given number, or the next one after it, is.
pub(super) enum Source {
    /// In memory.
    Block(Arc<super::block::Block>),
    /// In the file, before the number that memory starts with.
    File(u64),
    /// Nowhere: the log ends before.
    Nowhere,
}

impl Source {
    pub(super) fn find(tail: &Tail, seq: u64) -> Self {
        if seq < tail.first() {
            return Self::File(tail.first());
        }
        tail.at(seq).map_or(Self::Nowhere, Self::Block)
    }
}

struct Hand<'s> {
    state: &'s mut QueueState,
    holder: u64,
    room: usize,
    out: Vec<Delivery>,
}

impl Hand<'_> {
    fn is_full(&self) -> bool {
        self.out.len() >= self.room
    }

    fn returned(&mut self) -> Option<Taken> {
        while !self.is_full() {
            let entry = self.state.returned.first_entry()?;
            if entry.get().is_none() {
                return Some(Taken::Returned(self.unread_returns()));
            }
            let (seq, message) = entry.remove_entry();
            if let Some(message) = message {
                self.deliver(seq, true, message);
            }
        }
        None
    }

    fn unread_returns(&self) -> Vec<u64> {
        let unread = self
            .state
            .returned
            .iter()
            .filter(|(_, message)| message.is_none());
        unread.map(|(seq, _)| *seq).take(self.room).collect()
    }

    fn forward(&mut self, source: &dyn Fn(u64) -> Source) -> Option<Taken> {
        while !self.is_full() && self.state.unread > 0 {
            let next = self.state.next_seq;
            if self
                .state
                .slice
                .as_ref()
                .is_some_and(|slice| slice.from <= next && next < slice.until)
            {
                self.take_slice();
                continue;
            }
            self.state.slice = None;
            match source(next) {
                Source::File(until) => return Some(Taken::Log(next, until)),
                Source::Block(block) => self.take_block(&block),
                Source::Nowhere => self.state.unread = 0,
            }
        }
        self.state.skip_foreign();
        None
    }

    fn take_slice(&mut self) {
        while !self.is_full() {
            let Some(slice) = &mut self.state.slice else {
                return;
            };
            let Some(entry) = slice.entries.pop_front() else {
                self.state.next_seq = slice.until;
                self.state.slice = None;
                return;
            };
            self.read(entry.seq, entry.message);
        }
    }

    fn take_block(&mut self, block: &super::block::Block) {
        let start = block
            .entries
            .partition_point(|entry| entry.seq < self.state.next_seq);
        for entry in &block.entries[start..] {
            if self.is_full() {
                return;
            }
            self.state.next_seq = entry.seq + 1;
            if entry.queues.has(self.state.queue) {
                self.read(entry.seq, Arc::clone(&entry.message));
            }
        }
        if !self.is_full() {
            self.state.next_seq = block.end;
        }
    }

    /// Delivers a message for the first time, as far as this process knows.
    fn read(&mut self, seq: u64, message: Arc<Parcel>) {
        let state = &mut *self.state;
        state.next_seq = seq + 1;
        state.unread = state.unread.saturating_sub(1);
        state.outstanding.insert(seq, 0);
        state.changed = true;
        let suspect = seq < state.suspect_before;
        self.deliver(seq, suspect, message);
    }

    fn deliver(&mut self, seq: u64, redelivered: bool, message: Arc<Parcel>) {
        self.state.last_tag += 1;
        let tag = self.state.last_tag;
        if let Some(holder) = self.state.holders.get_mut(&self.holder) {
            let held = Held {
                seq,
                message: Arc::clone(&message),
            };
            holder.held.insert(tag, held);
        }
        self.out.push(Delivery {
            tag: DeliveryTag(tag),
            redelivered,
            message,
        });
    }
}
