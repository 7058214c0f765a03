//! A block of the log: the messages that were made durable together.

use std::sync::Arc;

use bytes::Bytes;
use ports::{Headers, Message, Parcel, Queue};

use super::key;
use crate::codec::{Malformed, Reader, put_bytes, put_varint};
use crate::codes::{QUEUES, queue_code};

/// The notation of [`encode`]; the first byte of every stored block.
const VERSION: u8 = 1;

/// How many queues the oldest blocks count for; those that came later have nothing in them.
const FIRST_QUEUES: usize = 4;

/// How many messages of something each queue takes, at the place of its stored number.
pub(super) type Counts = [u64; QUEUES.len()];

const CORRELATION: u8 = 1;
const TRACE: u8 = 2;
const ATTEMPT: u8 = 4;

/// A set of queues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Queues(u8);

impl Queues {
    /// The queues that a message goes to.
    pub(super) fn accepting(routing_key: &str) -> Self {
        let accepting = QUEUES.into_iter().filter(|queue| queue.accepts(routing_key));
        Self(accepting.fold(0, |set, queue| set | bit(queue)))
    }

    pub(super) fn has(self, queue: Queue) -> bool {
        self.0 & bit(queue) != 0
    }

    pub(super) fn without(self, queue: Queue) -> Self {
        Self(self.0 & !bit(queue))
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

fn bit(queue: Queue) -> u8 {
    1 << queue_code(queue)
}

/// A message in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) queues: Queues,
    pub(super) message: Arc<Parcel>,
}

/// The messages from `first` up to and without `end`; in a block that was thinned out some are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) first: u64,
    pub(super) end: u64,
    pub(super) entries: Vec<Entry>,
}

impl Block {
    /// How many messages each queue takes of it.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.entries {
            for (index, count) in counts.iter_mut().enumerate() {
                *count += u64::from(entry.queues.0 >> index & 1);
            }
        }
        counts
    }

    /// Roughly how much memory it takes.
    pub(super) fn size(&self) -> usize {
        self.entries.iter().map(|entry| size(&entry.message)).sum()
    }
}

/// Roughly how much memory a message takes.
pub(super) fn size(message: &Message) -> usize {
    message.body.len() + message.headers.traceparent.as_ref().map_or(0, String::len) + 160
}

/// The counts as they are stored beside a block.
pub(super) fn encode_counts(counts: Counts) -> Vec<u8> {
    let mut out = Vec::with_capacity(counts.len() * 2);
    for count in counts {
        put_varint(&mut out, count);
    }
    out
}

pub(super) fn decode_counts(stored: &[u8]) -> Result<Counts, Malformed> {
    let mut reader = Reader::new(stored);
    let mut counts = Counts::default();
    for (index, count) in counts.iter_mut().enumerate() {
        if index == FIRST_QUEUES && reader.is_empty() {
            break;
        }
        *count = reader.varint()?;
    }
    Ok(counts)
}

/// A block as it is stored.
pub(super) fn encode(block: &Block) -> Vec<u8> {
    let mut out = Vec::with_capacity(block.size());
    out.push(VERSION);
    put_varint(&mut out, block.entries.len() as u64);
    let mut next = block.first;
    for entry in &block.entries {
        put_varint(&mut out, entry.seq - next);
        next = entry.seq + 1;
        out.push(entry.queues.0);
        put_message(&mut out, &entry.message);
    }
    out
}

/// Reads a stored block of the messages from `first` up to and without `end`.
pub(super) fn decode(first: u64, end: u64, stored: &[u8]) -> Result<Block, Malformed> {
    let mut reader = Reader::new(stored);
    if reader.byte()? != VERSION {
        return Err(Malformed::Bad("block version"));
    }
    let count = reader.varint()?;
    let mut entries = Vec::new();
    let mut next = first;
    for _ in 0..count {
        let seq = next.checked_add(reader.varint()?).filter(|seq| *seq < end);
        let seq = seq.ok_or(Malformed::Bad("place"))?;
        next = seq + 1;
        entries.push(Entry {
            seq,
            queues: Queues(reader.byte()?),
            message: Arc::new(message(&mut reader)?.into()),
        });
    }
    if !reader.is_empty() {
        return Err(Malformed::Bad("length"));
    }
    Ok(Block { first, end, entries })
}

fn put_message(out: &mut Vec<u8>, message: &Message) {
    key::put(out, &message.routing_key);
    let Headers {
        correlation_id,
        traceparent,
        attempt,
    } = &message.headers;
    let flag = |present: bool, flag: u8| if present { flag } else { 0 };
    out.push(
        flag(correlation_id.is_some(), CORRELATION)
            | flag(traceparent.is_some(), TRACE)
            | flag(attempt.is_some(), ATTEMPT),
    );
    if let Some(id) = correlation_id {
        out.extend_from_slice(id.as_bytes());
    }
    if let Some(text) = traceparent {
        put_bytes(out, text.as_bytes());
    }
    if let Some(attempt) = attempt {
        put_varint(out, u64::from(*attempt));
    }
    put_bytes(out, &message.body);
}

fn message(reader: &mut Reader<'_>) -> Result<Message, Malformed> {
    let routing_key = key::read(reader)?;
    let flags = reader.byte()?;
    let headers = Headers {
        correlation_id: (flags & CORRELATION != 0).then(|| reader.uuid()).transpose()?,
        traceparent: (flags & TRACE != 0)
            .then(|| reader.text().map(str::to_owned))
            .transpose()?,
        attempt: (flags & ATTEMPT != 0).then(|| reader.u32()).transpose()?,
    };
    Ok(Message {
        routing_key,
        headers,
        body: Bytes::copy_from_slice(reader.bytes()?),
    })
}

#[cfg(test)]
mod tests;
