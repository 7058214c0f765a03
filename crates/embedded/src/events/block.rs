//! A row of the event log: events that arrived together.

use contracts::EventType;
use ports::LoggedEvent;
use uuid::Uuid;

use crate::codec::{Malformed, Reader, put_bytes, put_signed, put_varint};
use crate::codes::{event_code, event_type, moment};
use crate::error::Failure;

/// The notation of [`Builder`]; the first byte of every block.
const VERSION: u8 = 1;

/// The size at which a block is closed: what reading a single event costs.
const SIZE: usize = 64 * 1024;

/// A set of event types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Types(u16);

impl Types {
    pub(super) fn of(event_type: EventType) -> Self {
        Self(1 << event_code(event_type))
    }

    pub(super) fn all() -> Self {
        Self(u16::MAX)
    }

    fn with(self, event_type: EventType) -> Self {
        Self(self.0 | Self::of(event_type).0)
    }

    /// As it is stored.
    pub(super) fn bits(self) -> u16 {
        self.0
    }
}

/// A block in the making.
#[derive(Debug, Default)]
pub(super) struct Builder {
    items: Vec<u8>,
    count: u64,
    types: Types,
}

impl Builder {
    /// A builder with room for as much of `events` as goes into one block.
    pub(super) fn for_events(events: &[LoggedEvent]) -> Self {
        let size: usize = events.iter().map(|event| event.body.len() + 48).sum();
        Self {
            items: Vec::with_capacity(size.min(SIZE + SIZE / 16)),
            ..Self::default()
        }
    }

    pub(super) fn push(&mut self, event: &Item<'_>) {
        let out = &mut self.items;
        out.extend_from_slice(event.job_id.as_bytes());
        out.extend_from_slice(event.event_id.as_bytes());
        out.push(event_code(event.event_type));
        put_signed(out, event.occurred_at);
        put_bytes(out, event.body);
        self.count += 1;
        self.types = self.types.with(event.event_type);
    }

    pub(super) fn is_full(&self) -> bool {
        self.items.len() >= SIZE
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The block as it is stored, its events numbered from `first`.
    pub(super) fn finish(self, first: u64) -> (Types, Vec<u8>) {
        let mut out = Vec::with_capacity(self.items.len() + 12);
        out.push(VERSION);
        put_varint(&mut out, first);
        put_varint(&mut out, self.count);
        out.extend_from_slice(&self.items);
        (self.types, out)
    }
}

/// An event in a stored block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item<'b> {
    /// Its number in the block; kept when the events before it are pruned.
    pub(super) number: u64,
    pub(super) job_id: Uuid,
    pub(super) event_id: Uuid,
    pub(super) event_type: EventType,
    /// In microseconds since 1970.
    pub(super) occurred_at: i64,
    pub(super) body: &'b [u8],
}

impl<'b> Item<'b> {
    /// The event as it will be stored.
    pub(super) fn new(event: &'b LoggedEvent) -> Self {
        Self {
            number: 0,
            job_id: event.job_id,
            event_id: event.event_id,
            event_type: event.event_type,
            occurred_at: event.occurred_at.as_microsecond(),
            body: &event.body,
        }
    }

    /// The event as it was given.
    pub(super) fn event(&self) -> Result<LoggedEvent, Malformed> {
        Ok(LoggedEvent {
            event_id: self.event_id,
            job_id: self.job_id,
            event_type: self.event_type,
            occurred_at: moment(self.occurred_at)?,
            body: self.body.to_vec().into(),
        })
    }
}

/// The events of a stored block in the order of their arrival.
pub(super) fn items(stored: &[u8]) -> Result<Vec<Item<'_>>, Malformed> {
    let mut reader = Reader::new(stored);
    if reader.byte()? != VERSION {
        return Err(Malformed::Bad("block version"));
    }
    let first = reader.varint()?;
    let count = reader.varint()?;
    let mut items = Vec::new();
    for index in 0..count {
        items.push(Item {
            number: first.checked_add(index).ok_or(Malformed::Bad("number"))?,
            job_id: reader.uuid()?,
            event_id: reader.uuid()?,
            event_type: event_type(reader.byte()?)?,
            occurred_at: reader.signed()?,
            body: reader.bytes()?,
        });
    }
    if !reader.is_empty() {
        return Err(Malformed::Bad("length"));
    }
    Ok(items)
}

/// Whose events are in a stored block, and which.
pub(crate) fn identifiers(seq: i64, stored: &[u8]) -> Result<Vec<(Uuid, Uuid)>, Failure> {
    let items = items(stored).map_err(|what| corrupt(seq, what))?;
    Ok(items.iter().map(|item| (item.job_id, item.event_id)).collect())
}

/// A block that does not read.
pub(super) fn corrupt(seq: i64, what: Malformed) -> Failure {
    Failure::corrupt(format_args!("event_blocks {seq}"), what)
}

#[cfg(test)]
mod tests;
