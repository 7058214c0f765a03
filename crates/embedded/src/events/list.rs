//! Lists of events, newest first.

use contracts::EventType;
use ports::{EventQuery, LoggedEvent, Page};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::block::{Types, corrupt, items};
use super::spot::{List, Spot};
use crate::error::Failure;
use crate::known::Known;

/// A page of the events that `query` lets through.
pub(super) fn list(
    connection: &Connection,
    known: &Known,
    query: &EventQuery,
    before: Spot,
    limit: usize,
) -> Result<Page<LoggedEvent>, Failure> {
    let mut sheet = Sheet {
        query: query.clone(),
        before,
        limit,
        items: Vec::new(),
        last: before,
        full: false,
    };
    match query.job_id {
        Some(job_id) => of_job(connection, known, job_id, &mut sheet)?,
        None => of_all(connection, &mut sheet)?,
    }
    Ok(Page {
        next: sheet.full.then(|| sheet.last.write(List::Pages)),
        items: sheet.items,
    })
}

/// A page in the making.
struct Sheet {
    query: EventQuery,
    before: Spot,
    limit: usize,
    items: Vec<LoggedEvent>,
    last: Spot,
    /// There is one more than the page takes.
    full: bool,
}

impl Sheet {
    fn add(&mut self, seq: i64, stored: &[u8]) -> Result<(), Failure> {
        let items = items(stored).map_err(|what| corrupt(seq, what))?;
        for item in items.iter().rev() {
            let spot = Spot {
                block: seq,
                number: item.number,
            };
            let wanted = spot < self.before
                && self.query.job_id.is_none_or(|job_id| job_id == item.job_id)
                && self.query.event_type.is_none_or(|kind| kind == item.event_type);
            if !wanted {
                continue;
            }
            if self.items.len() == self.limit {
                self.full = true;
                return Ok(());
            }
            self.items.push(item.event().map_err(|what| corrupt(seq, what))?);
            self.last = spot;
        }
        Ok(())
    }
}

/// The job's blocks are known.
fn of_job(connection: &Connection, known: &Known, job_id: Uuid, sheet: &mut Sheet) -> Result<(), Failure> {
    let mut find = connection.prepare_cached("SELECT body FROM event_blocks WHERE seq = ?1")?;
    for block in known.read(connection, job_id)?.blocks() {
        let seq = block.cast_signed();
        if sheet.full || seq > sheet.before.block {
            continue;
        }
        // A block that is not there was pruned since, or is not committed yet.
        let stored: Option<Vec<u8>> = find.query_row([seq], |row| row.get(0)).optional()?;
        if let Some(stored) = stored {
            sheet.add(seq, &stored)?;
        }
    }
    Ok(())
}

fn of_all(connection: &Connection, sheet: &mut Sheet) -> Result<(), Failure> {
    let mut find = connection.prepare_cached(sql(sheet.query.event_type))?;
    let types = sheet.query.event_type.map_or(Types::all(), Types::of);
    let mut rows = find.query(params![sheet.before.block, types.bits()])?;
    while let Some(row) = rows.next()? {
        sheet.add(
            row.get(0)?,
            row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?,
        )?;
        if sheet.full {
            break;
        }
    }
    Ok(())
}

/// The rare types have an index of the blocks that any of them is in.
fn sql(event_type: Option<EventType>) -> &'static str {
    match event_type {
        None | Some(EventType::Created | EventType::Executed | EventType::Completed) => {
            "SELECT seq, body FROM event_blocks WHERE seq <= ?1 AND types & ?2 <> 0 ORDER BY seq DESC"
        }
        Some(_) => {
            "SELECT seq, body FROM event_blocks INDEXED BY event_blocks_rare
             WHERE types & 0xffad <> 0 AND seq <= ?1 AND types & ?2 <> 0 ORDER BY seq DESC"
        }
    }
}
