//! Events oldest first, from a place on.

use mongodb::bson::{RawDocumentBuf, doc};
use ports::{Cursor, Followed, LoggedEvent, StoreError};

use crate::document::{self, EVENTS};
use crate::gaps;
use crate::log::{Log, find_some};
use crate::place::{read_followed, write_followed};
use crate::tail::Tail;

/// How many events are read at once.
const AT_ONCE: usize = 1_000;
/// The size of events, in bytes, beyond which no more are read at once.
const SIZE: usize = 8 * 1024 * 1024;

/// The events behind `after`, at most `limit`; none, and the end of the log, without `after`.
pub(crate) async fn follow(log: &Log, after: Option<&Cursor>, limit: usize) -> Result<Followed, StoreError> {
    let name = log.name().await?;
    let Some(after) = after else {
        let end = gaps::end(log).await?;
        return Ok(Followed {
            events: Vec::new(),
            cursor: write_followed(&name, end),
        });
    };
    let position = read_followed(&name, after)?;
    let (events, position) = match limit {
        0 => (Vec::new(), position),
        limit => go_on(log, position, limit).await?,
    };
    Ok(Followed {
        events,
        cursor: write_followed(&name, position),
    })
}

/// The events behind `position`, and the place up to which they were taken.
async fn go_on(log: &Log, position: i64, limit: usize) -> Result<(Vec<LoggedEvent>, i64), StoreError> {
    // Whoever waits here for another one's reading finds what that one has read.
    let mut tail = log.tail.lock().await;
    if position > tail.end() {
        check_end(log, position).await?;
        tail.skip_to(position);
    }
    if position >= tail.from() {
        return read(log, &mut tail, position, limit).await;
    }
    drop(tail);
    read(log, &mut Tail::behind(position), position, limit).await
}

/// Refuses a place that the log never came to.
async fn check_end(log: &Log, position: i64) -> Result<(), StoreError> {
    let next = log.state.number(EVENTS).await?.unwrap_or(1);
    if position < next {
        return Ok(());
    }
    Err(StoreError::Refused(
        "cursor is of another log: it is behind the end".to_owned(),
    ))
}

async fn read(
    log: &Log,
    tail: &mut Tail,
    mut position: i64,
    limit: usize,
) -> Result<(Vec<LoggedEvent>, i64), StoreError> {
    let mut taken = Vec::new();
    loop {
        let (events, seen) = tail.take(position, limit - taken.len());
        taken.extend(events);
        position = seen;
        if taken.len() >= limit || !read_on(log, tail).await? {
            return Ok((taken, position));
        }
    }
}

/// Reads what comes behind the tail; `false` when there is nothing that may be read now.
async fn read_on(log: &Log, tail: &mut Tail) -> Result<bool, StoreError> {
    let next = log.state.number(EVENTS).await?.unwrap_or(1);
    let missing = tail.end() + 1;
    if missing >= next {
        return Ok(false);
    }
    let filter = doc! { "position": { "$gte": missing } };
    let found = find_some(&log.events, filter, doc! { "position": 1 }, AT_ONCE, SIZE).await?;
    let end = push(tail, &found)?.unwrap_or(next);
    if tail.end() >= missing {
        log.gaps.settled_up_to(tail.end());
        return Ok(true);
    }
    let free = gaps::look_after(log, missing, end).await?;
    if free > missing {
        tail.skip_to(free - 1);
    }
    Ok(free > missing)
}

/// Adds what follows without a gap. Returns the position at which the first gap ends.
fn push(tail: &mut Tail, found: &[RawDocumentBuf]) -> Result<Option<i64>, StoreError> {
    for document in found {
        let position = document::position(EVENTS, document)?;
        if position != tail.end() + 1 {
            return Ok(Some(position));
        }
        tail.push(document::event(document)?);
    }
    Ok(None)
}
