//! Reads messages back from the file, for a queue that has fallen behind or was interrupted.

use std::collections::VecDeque;
use std::sync::Arc;

use ports::{Parcel, Queue};
use rusqlite::{Connection, OptionalExtension, params};

use super::block::{Block, decode, decode_counts};
use super::queue::Slice;
use super::recover::bounds;
use super::shared::Bus;
use crate::codes::queue_code;
use crate::error::Failure;

/// About how many bytes of messages are read at once.
const SLICE: usize = 1 << 20;

impl Bus {
    /// Reads on for a queue, unless somebody else just did.
    pub(super) async fn read_on(&self, queue: Queue, from: u64, until: u64) -> Result<(), Failure> {
        let shared = self.queue(queue);
        let _one = shared.reading.lock().await;
        let wanted = {
            let state = shared.lock();
            state.next_seq == from && state.slice.is_none()
        };
        if wanted {
            let slice = self
                .core
                .read(move |connection| slice(connection, queue, from, until))
                .await?;
            let mut state = shared.lock();
            if state.next_seq == from {
                state.slice = Some(slice);
            }
        }
        Ok(())
    }

    /// Finds the messages that a queue has to deliver again.
    pub(super) async fn read_returned(&self, queue: Queue, seqs: Vec<u64>) -> Result<(), Failure> {
        let shared = self.queue(queue);
        let _one = shared.reading.lock().await;
        let found = self
            .core
            .read(move |connection| messages(connection, seqs))
            .await?;
        let mut state = shared.lock();
        for (seq, message) in found {
            match (state.returned.get_mut(&seq), message) {
                (Some(place), Some(message)) => *place = Some(message),
                (Some(_), None) => {
                    tracing::error!(
                        seq,
                        queue = queue.name(),
                        "message to be delivered again is not in the log"
                    );
                    state.returned.remove(&seq);
                    state.forget(seq);
                }
                (None, _) => {}
            }
        }
        Ok(())
    }
}

fn slice(connection: &Connection, queue: Queue, from: u64, until: u64) -> Result<Slice, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT first_seq, last_seq, counts, body FROM bus_log
         WHERE first_seq >= coalesce((SELECT max(first_seq) FROM bus_log WHERE first_seq <= ?1), ?1)
           AND first_seq < ?2
         ORDER BY first_seq",
    )?;
    let mut rows = find.query(params![from.cast_signed(), until.cast_signed()])?;
    let mut entries = VecDeque::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let (first, end) = bounds(row)?;
        let corrupt = |what| Failure::corrupt(format_args!("bus_log {first}"), what);
        let counts = decode_counts(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?);
        if counts.map_err(corrupt)?[usize::from(queue_code(queue))] == 0 {
            continue;
        }
        let body = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
        let block = decode(first, end, body).map_err(corrupt)?;
        let wanted = |entry: &super::block::Entry| entry.seq >= from && entry.queues.has(queue);
        entries.extend(block.entries.into_iter().filter(wanted));
        bytes += body.len();
        if bytes >= SLICE {
            return Ok(Slice {
                from,
                until: end,
                entries,
            });
        }
    }
    Ok(Slice { from, until, entries })
}

/// A message by its place in the log; `None` where the log does not have it any more.
type Found = (u64, Option<Arc<Parcel>>);

fn messages(connection: &Connection, seqs: Vec<u64>) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::with_capacity(seqs.len());
    let mut block: Option<Block> = None;
    for seq in seqs {
        if block
            .as_ref()
            .is_none_or(|block| seq < block.first || seq >= block.end)
        {
            block = around(connection, seq)?;
        }
        let entries = block.as_ref().map_or(&[][..], |block| &block.entries);
        let entry = entries.binary_search_by_key(&seq, |entry| entry.seq);
        found.push((seq, entry.ok().map(|index| Arc::clone(&entries[index].message))));
    }
    Ok(found)
}

/// The block that a message is in.
fn around(connection: &Connection, seq: u64) -> Result<Option<Block>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT first_seq, last_seq, body FROM bus_log WHERE first_seq <= ?1 ORDER BY first_seq DESC LIMIT 1",
    )?;
    let stored = find
        .query_row([seq.cast_signed()], |row| {
            Ok((bounds(row)?, row.get::<_, Vec<u8>>(2)?))
        })
        .optional()?;
    let Some(((first, end), body)) = stored else {
        return Ok(None);
    };
    let block =
        decode(first, end, &body).map_err(|what| Failure::corrupt(format_args!("bus_log {first}"), what))?;
    Ok(Some(block).filter(|block| seq < block.end))
}
