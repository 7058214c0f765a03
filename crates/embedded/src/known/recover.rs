//! Reads what is not indexed yet.

use std::collections::hash_map::Entry;

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::marks::Marks;
use super::state::{Extent, ID_SIZE, State, load};
use crate::codec::Malformed;
use crate::codes::uuid;
use crate::error::Failure;
use crate::events;

/// The marks of everything behind the index.
pub(super) fn recover(connection: &Connection) -> Result<State, Failure> {
    let indexed = Extent {
        block: number(connection, "SELECT value FROM meta WHERE name = 'known_to_block'")?,
        batch: number(connection, "SELECT value FROM meta WHERE name = 'known_to_batch'")?,
    };
    let mut state = State {
        old_to: indexed,
        latest: Extent {
            block: number(
                connection,
                "SELECT seq FROM sqlite_sequence WHERE name = 'event_blocks'",
            )?,
            batch: number(
                connection,
                "SELECT seq FROM sqlite_sequence WHERE name = 'stats_batches'",
            )?,
        },
        indexed_max: greatest(connection)?,
        ..State::default()
    };
    read_blocks(connection, &mut state, indexed.block)?;
    read_batches(connection, &mut state, indexed.batch)?;
    Ok(state)
}

fn number(connection: &Connection, sql: &str) -> Result<i64, Failure> {
    let number = connection.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(number.unwrap_or(0))
}

fn greatest(connection: &Connection) -> Result<Uuid, Failure> {
    let sql = "SELECT job_id FROM known_events ORDER BY job_id DESC LIMIT 1";
    let greatest = connection.query_row(sql, [], |row| Ok(uuid(row, 0))).optional()?;
    let greatest = greatest
        .transpose()
        .map_err(|what| Failure::corrupt("known_events", what))?;
    Ok(greatest.unwrap_or_default())
}

fn read_blocks(connection: &Connection, state: &mut State, after: i64) -> Result<(), Failure> {
    let mut find =
        connection.prepare_cached("SELECT seq, body FROM event_blocks WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = find.query([after])?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        let events = events::identifiers(seq, body)?;
        for (job_id, event_id) in events {
            entry(connection, state, job_id)?.keep(event_id, seq.cast_unsigned());
        }
    }
    Ok(())
}

fn read_batches(connection: &Connection, state: &mut State, after: i64) -> Result<(), Failure> {
    let mut find =
        connection.prepare_cached("SELECT seq, ids FROM stats_batches WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = find.query([after])?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let ids = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        for id in ids.chunks(ID_SIZE) {
            let (job_id, event_id) = id.split_at_checked(ID_SIZE / 2).unwrap_or_default();
            let (job_id, event_id) = (Uuid::from_slice(job_id), Uuid::from_slice(event_id));
            let (Ok(job_id), Ok(event_id)) = (job_id, event_id) else {
                return Err(Failure::corrupt(
                    format_args!("stats_batches {seq}"),
                    Malformed::Short,
                ));
            };
            entry(connection, state, job_id)?.count(event_id);
        }
    }
    Ok(())
}

fn entry<'s>(connection: &Connection, state: &'s mut State, job_id: Uuid) -> Result<&'s mut Marks, Failure> {
    match state.young.entry(job_id) {
        Entry::Occupied(known) => Ok(known.into_mut()),
        Entry::Vacant(unknown) => {
            let mut find = connection.prepare_cached("SELECT marks FROM known_events WHERE job_id = ?1")?;
            Ok(unknown.insert(load(&mut find, job_id)?.unwrap_or_default()))
        }
    }
}
