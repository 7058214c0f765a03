//! Deletes blocks that no queue needs any more.

use rusqlite::{Connection, OptionalExtension, params};

use super::block::Block;
use super::shared::Bus;
use crate::error::Failure;

/// How many groups pass between two looks, while there is traffic.
const EVERY: u32 = 8;

/// How many blocks go at a time: an amount that a commit does not notice.
const AT_A_TIME: i64 = 64;

/// What the writer thread knows of the stored blocks.
#[derive(Debug, Default)]
pub(super) struct Retention {
    /// Where the oldest stored block ends; `None` when there is none.
    oldest_end: Option<u64>,
    groups: u32,
    /// What the present transaction changes.
    change: Option<Change>,
    more: bool,
}

#[derive(Debug)]
struct Change {
    oldest_end: Option<u64>,
    bytes: u64,
}

impl Retention {
    pub(super) fn new(oldest_end: Option<u64>) -> Self {
        Self {
            oldest_end,
            ..Self::default()
        }
    }

    /// The transaction was committed, with `added` blocks. Returns how many bytes went.
    pub(super) fn commit(&mut self, added: &[Block]) -> u64 {
        let mut bytes = 0;
        if let Some(change) = self.change.take() {
            self.oldest_end = change.oldest_end;
            bytes = change.bytes;
        } else if self.oldest_end.is_none() {
            self.oldest_end = added.first().map(|block| block.end);
        }
        bytes
    }

    pub(super) fn roll_back(&mut self) {
        self.change = None;
    }

    /// Whether blocks are left that could have been deleted.
    pub(super) fn has_more(&self) -> bool {
        self.more
    }
}

impl Bus {
    /// Deletes some blocks that are not needed, if it is time to. All queues have been saved before.
    pub(super) fn retain(
        &self,
        connection: &Connection,
        retention: &mut Retention,
        idle: bool,
    ) -> Result<(), Failure> {
        retention.groups += 1;
        retention.more = false;
        let Some(oldest_end) = retention.oldest_end else {
            return Ok(());
        };
        if !idle && retention.groups < EVERY {
            return Ok(());
        }
        retention.groups = 0;
        let needed = self.queues().iter().map(|queue| queue.lock().needs_from()).min();
        let needed = needed.unwrap_or_default();
        if oldest_end > needed {
            return Ok(());
        }
        let (deleted, bytes) = delete(connection, needed)?;
        retention.more = deleted == AT_A_TIME;
        retention.change = Some(Change {
            oldest_end: oldest_end_of(connection)?,
            bytes,
        });
        Ok(())
    }
}

fn delete(connection: &Connection, needed: u64) -> Result<(i64, u64), Failure> {
    let mut find = connection.prepare_cached(
        "SELECT first_seq, length(body) FROM bus_log WHERE first_seq < ?1 AND last_seq < ?1
         ORDER BY first_seq LIMIT ?2",
    )?;
    let mut delete = connection.prepare_cached("DELETE FROM bus_log WHERE first_seq = ?1")?;
    let rows = find.query_map(params![needed.cast_signed(), AT_A_TIME], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })?;
    let rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    let (mut deleted, mut bytes) = (0, 0);
    for (first, length) in rows {
        delete.execute([first])?;
        deleted += 1;
        bytes += length.cast_unsigned();
    }
    Ok((deleted, bytes))
}

pub(super) fn oldest_end_of(connection: &Connection) -> Result<Option<u64>, Failure> {
    let mut find = connection.prepare_cached("SELECT last_seq FROM bus_log ORDER BY first_seq LIMIT 1")?;
    let last: Option<i64> = find.query_row([], |row| row.get(0)).optional()?;
    Ok(last.map(|last| last.cast_unsigned() + 1))
}
