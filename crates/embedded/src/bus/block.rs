//! A block of the log: the messages that were made durable together.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use contracts::EventType;
use ports::{Headers, Message, Parcel, Queue, routing};

use crate::codec::{Malformed, Reader, put_bytes, put_varint};
use crate::codes::{event_code, event_type, queue_code};

/// The notation of [`encode`]; the first byte of every stored block.
const VERSION: u8 = 1;

/// How many queues there are.
pub(super) const QUEUES: usize = Queue::ALL.len();

/// The stored numbers of the routing keys that are no event types; 0 stands for any other text.
const DISPATCH: u8 = 101;
const DEAD_LETTER: u8 = 102;

const CORRELATION: u8 = 1;
const TRACE: u8 = 2;
const ATTEMPT: u8 = 4;

/// A set of queues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Queues(u8);

impl Queues {
    /// The queues that a message goes to.
    pub(super) fn accepting(routing_key: &str) -> Self {
        let accepting = Queue::ALL.into_iter().filter(|queue| queue.accepts(routing_key));
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
    pub(super) fn counts(&self) -> [u64; QUEUES] {
        Queue::ALL.map(|queue| {
            self.entries
                .iter()
                .filter(|entry| entry.queues.has(queue))
                .count() as u64
        })
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
pub(super) fn encode_counts(counts: [u64; QUEUES]) -> Vec<u8> {
    let mut out = Vec::with_capacity(QUEUES * 2);
    for count in counts {
        put_varint(&mut out, count);
    }
    out
}

pub(super) fn decode_counts(stored: &[u8]) -> Result<[u64; QUEUES], Malformed> {
    let mut reader = Reader::new(stored);
    let mut counts = [0; QUEUES];
    for count in &mut counts {
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
    put_key(out, &message.routing_key);
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
    let routing_key = key(reader)?;
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

fn put_key(out: &mut Vec<u8>, routing_key: &str) {
    if let Ok(event_type) = routing_key.parse::<EventType>() {
        return out.push(event_code(event_type));
    }
    match routing_key {
        routing::DISPATCH => out.push(DISPATCH),
        routing::DEAD_LETTER => out.push(DEAD_LETTER),
        other => {
            out.push(0);
            put_bytes(out, other.as_bytes());
        }
    }
}

fn key(reader: &mut Reader<'_>) -> Result<Cow<'static, str>, Malformed> {
    Ok(match reader.byte()? {
        0 => reader.text()?.to_owned().into(),
        DISPATCH => routing::DISPATCH.into(),
        DEAD_LETTER => routing::DEAD_LETTER.into(),
        code => event_type(code)?.as_str().into(),
    })
}

#[cfg(test)]
mod tests;
