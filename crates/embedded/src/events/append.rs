//! Keeps events, each once.

use jiff::Timestamp;
use ports::LoggedEvent;
use rusqlite::{Connection, params};

use super::block::{Builder, Item};
use crate::error::Failure;
use crate::known::{Known, Session};

/// Keeps the events that are not known yet and returns how many these were.
pub(super) fn append(
    connection: &Connection,
    known: &Known,
    events: &[LoggedEvent],
    now: Timestamp,
) -> Result<usize, Failure> {
    let mut session = Session::new(connection, known)?;
    let mut builder = Builder::for_events(events);
    let mut new = 0;
    for (index, event) in events.iter().enumerate() {
        let block = session.next_block();
        if !session
            .marks(event.job_id)?
            .keep(event.event_id, block.cast_unsigned())
        {
            continue;
        }
        builder.push(&Item::new(event));
        new += 1;
        if builder.is_full() {
            let next = Builder::for_events(&events[index + 1..]);
            write(
                connection,
                &mut session,
                std::mem::replace(&mut builder, next),
                now,
            )?;
        }
    }
    if !builder.is_empty() {
        write(connection, &mut session, builder, now)?;
    }
    Ok(new)
}

fn write(
    connection: &Connection,
    session: &mut Session<'_>,
    builder: Builder,
    now: Timestamp,
) -> Result<(), Failure> {
    let seq = session.next_block();
    let (types, body) = builder.finish(0);
    let sql = "INSERT INTO event_blocks (seq, kept_at, types, body) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = connection.prepare_cached(sql)?;
    insert.execute(params![seq, now.as_microsecond(), types.bits(), body])?;
    session.wrote_block(seq);
    Ok(())
}
