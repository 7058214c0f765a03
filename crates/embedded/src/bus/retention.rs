//! Deletes what no queue needs any more.
//!
//! Blocks go from the oldest on. One message that is held for an hour would keep everything behind it, so
//! when the log has grown all the same, it is thinned out ([`super::thinning`]).

use rusqlite::{Connection, OptionalExtension, params};

use super::block::Block;
use super::queue::Needs;
use super::shared::Bus;
use super::thinning::{Pass, thin};
use crate::error::Failure;

/// How many groups pass between two looks, while there is traffic.
const EVERY: u32 = 8;

/// How many blocks go at a time: an amount that a commit does not notice.
const AT_A_TIME: i64 = 64;

/// The size of the log, in bytes, from which it is thinned out.
const THIN_FROM: u64 = 32 << 20;

/// What the writer thread knows of the stored blocks.
#[derive(Debug, Default)]
pub(super) struct Retention {
    /// What is in the file.
    stored: Stored,
    /// The same after the present transaction, and how many bytes it frees.
    change: Option<(Stored, u64)>,
    groups: u32,
    more: bool,
}

#[derive(Clone, Debug, Default)]
struct Stored {
    /// Where the oldest block ends; `None` when there is none.
    oldest_end: Option<u64>,
    /// A thinning that is under way.
    pass: Option<Pass>,
    /// What the last thinning left, in bytes.
    left: u64,
}

impl Retention {
    pub(super) fn new(oldest_end: Option<u64>) -> Self {
        Self {
            stored: Stored {
                oldest_end,
                ..Stored::default()
            },
            ..Self::default()
        }
    }

    /// The transaction was committed, with `added` blocks. Returns how many bytes it freed.
    pub(super) fn commit(&mut self, added: &[Block]) -> u64 {
        let Some((stored, bytes)) = self.change.take() else {
            let first = added.first().map(|block| block.end);
            self.stored.oldest_end = self.stored.oldest_end.or(first);
            return 0;
        };
        self.stored = stored;
        bytes
    }

    pub(super) fn roll_back(&mut self) {
        self.change = None;
    }

    /// Whether there was more to delete than goes at a time.
    pub(super) fn has_more(&self) -> bool {
        self.more
    }

    /// Whether it is time to look. `idle` says that this group publishes nothing.
    pub(super) fn is_due(&mut self, idle: bool) -> bool {
        self.more = false;
        self.groups += 1;
        let due = self.stored.pass.is_some() || idle || self.groups >= EVERY;
        if due {
            self.groups = 0;
        }
        due && self.stored.oldest_end.is_some()
    }
}

impl Bus {
    /// Deletes some of what the queues, as they were saved in this transaction, do not need.
    pub(super) fn retain(
        &self,
        connection: &Connection,
        retention: &mut Retention,
        needs: &[Needs],
    ) -> Result<(), Failure> {
        let mut stored = retention.stored.clone();
        let needed = needs.iter().map(Needs::from).min().unwrap_or_default();
        let mut freed = 0;
        if stored.oldest_end.is_some_and(|end| end <= needed) {
            let deleted = delete(connection, needed)?;
            freed += deleted.bytes;
            retention.more = deleted.blocks == AT_A_TIME;
        }
        let size = self.backlog().saturating_sub(freed);
        if stored.pass.is_none() && size > THIN_FROM.max(stored.left * 2) {
            stored.pass = Some(Pass::new(needs));
        }
        if let Some(pass) = stored.pass.take() {
            let (rest, bytes) = thin(connection, needs, pass)?;
            freed += bytes;
            match rest {
                Ok(pass) => {
                    stored.pass = Some(pass);
                    retention.more = true;
                }
                Err(left) => stored.left = left,
            }
        }
        if freed > 0 {
            stored.oldest_end = oldest_end_of(connection)?;
        }
        retention.change = Some((stored, freed));
        Ok(())
    }
}

struct Deleted {
    blocks: i64,
    bytes: u64,
}

fn delete(connection: &Connection, needed: u64) -> Result<Deleted, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT first_seq, length(body) FROM bus_log WHERE first_seq < ?1 AND last_seq < ?1
         ORDER BY first_seq LIMIT ?2",
    )?;
    let mut delete = connection.prepare_cached("DELETE FROM bus_log WHERE first_seq = ?1")?;
    let rows = find.query_map(params![needed.cast_signed(), AT_A_TIME], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })?;
    let rows: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
    let mut deleted = Deleted { blocks: 0, bytes: 0 };
    for (first, length) in rows {
        delete.execute([first])?;
        deleted.blocks += 1;
        deleted.bytes += length.cast_unsigned();
    }
    Ok(deleted)
}

/// Where the oldest block ends.
pub(super) fn oldest_end_of(connection: &Connection) -> Result<Option<u64>, Failure> {
    let mut find = connection.prepare_cached("SELECT last_seq FROM bus_log ORDER BY first_seq LIMIT 1")?;
    let last: Option<i64> = find.query_row([], |row| row.get(0)).optional()?;
    Ok(last.map(|last| last.cast_unsigned() + 1))
}
