//! Takes settled messages out of blocks that are kept for the sake of a few others.

use rusqlite::{Connection, params};

use super::block::{Block, Queues, decode, encode, encode_counts};
use super::queue::Needs;
use super::recover::bounds;
use crate::error::Failure;

/// How many bytes of blocks are looked at in one commit.
const STEP: usize = 512 * 1024;

/// One way through the log.
#[derive(Clone, Debug)]
pub(super) struct Pass {
    from: u64,
    until: u64,
    left: u64,
}

impl Pass {
    /// From the beginning up to where the queue that is furthest stands: nothing behind is settled.
    pub(super) fn new(needs: &[Needs]) -> Self {
        Self {
            from: 0,
            until: needs.iter().map(|needs| needs.next_seq).max().unwrap_or_default(),
            left: 0,
        }
    }
}

/// Goes on with a pass. Returns how it goes on, or how many bytes it left once it is through, and how many
/// bytes this step freed.
pub(super) fn thin(
    connection: &Connection,
    needs: &[Needs],
    mut pass: Pass,
) -> Result<(Result<Pass, u64>, u64), Failure> {
    let (blocks, through) = read(connection, &pass)?;
    let mut freed = 0;
    for (size, block) in blocks {
        pass.from = block.end;
        let (first, thinned) = (block.first, thinned(block, needs));
        let left = write(connection, first, size, &thinned)?;
        freed += size - left;
        pass.left += left;
    }
    let rest = if through { Err(pass.left) } else { Ok(pass) };
    Ok((rest, freed))
}

fn read(connection: &Connection, pass: &Pass) -> Result<(Vec<(u64, Block)>, bool), Failure> {
    let mut find = connection.prepare_cached(
        "SELECT first_seq, last_seq, body FROM bus_log WHERE first_seq >= ?1 AND first_seq < ?2
         ORDER BY first_seq",
    )?;
    let mut rows = find.query(params![pass.from.cast_signed(), pass.until.cast_signed()])?;
    let mut blocks = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let (first, end) = bounds(row)?;
        let body = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let block = decode(first, end, body);
        let block = block.map_err(|what| Failure::corrupt(format_args!("bus_log {first}"), what))?;
        bytes += body.len();
        blocks.push((body.len() as u64, block));
        if bytes >= STEP {
            return Ok((blocks, false));
        }
    }
    Ok((blocks, true))
}

fn thinned(mut block: Block, needs: &[Needs]) -> Block {
    for entry in &mut block.entries {
        let settled = needs.iter().filter(|needs| !needs.message(entry.seq));
        entry.queues = settled
            .map(|needs| needs.queue)
            .fold(entry.queues, Queues::without);
    }
    block.entries.retain(|entry| !entry.queues.is_empty());
    block
}

/// Writes a block back if that is worth it, and returns how many bytes are left.
fn write(connection: &Connection, first: u64, size: u64, block: &Block) -> Result<u64, Failure> {
    if block.entries.is_empty() {
        let mut delete = connection.prepare_cached("DELETE FROM bus_log WHERE first_seq = ?1")?;
        delete.execute([first.cast_signed()])?;
        return Ok(0);
    }
    let body = encode(block);
    let left = body.len() as u64;
    if left > size / 4 * 3 {
        return Ok(size);
    }
    let sql = "UPDATE bus_log SET counts = ?2, body = ?3 WHERE first_seq = ?1";
    let mut update = connection.prepare_cached(sql)?;
    update.execute(params![first.cast_signed(), encode_counts(block.counts()), body])?;
    Ok(left)
}
