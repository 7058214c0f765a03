//! Keeps documents under positions of their own, each once.

use std::collections::HashSet;

use jiff::Timestamp;
use mongodb::Collection;
use mongodb::bson::{RawDocumentBuf, doc};
use ports::{LoggedEvent, StoreError};
use uuid::Uuid;

use crate::document::{self, EVENTS};
use crate::failure::{Clash, Unique, clashes, of};
use crate::log::{Log, find};

/// How often positions are taken anew when others have taken them. Where the server counts without a mistake they never
/// have, but for what followers filled because it came too late.
const TRIES: usize = 20;

/// What is kept under an identifier and a position.
pub(crate) trait Item {
    fn id(&self) -> Uuid;
    fn document(&self, position: i64, kept_at: Timestamp) -> RawDocumentBuf;
}

impl Item for LoggedEvent {
    fn id(&self) -> Uuid {
        self.event_id
    }

    fn document(&self, position: i64, kept_at: Timestamp) -> RawDocumentBuf {
        document::of_event(self, position, kept_at)
    }
}

/// Keeps the events that are not known yet and returns how many these were.
pub(crate) async fn append(log: &Log, events: Vec<LoggedEvent>) -> Result<usize, StoreError> {
    let mut waiting = distinct(events);
    let mut new = 0;
    for _ in 0..TRIES {
        let count = waiting.len();
        if count == 0 {
            return Ok(new);
        }
        let first = log.take(EVENTS, count).await?;
        let Clashing { known: unused, taken } = insert(log, &log.events, &waiting, first).await?;
        new += count - unused.len() - taken.len();
        fill(log, unused.into_iter().map(|index| place(first, index))).await?;
        log.gaps.settle(first, place(first, count));
        waiting = pick(waiting, &taken);
        pass_taken(log, EVENTS, &log.events, &taken).await?;
    }
    Err(contended())
}

/// Keeps items whose positions may have gaps, and returns how many were new.
pub(crate) async fn append_loosely<T: Item>(
    log: &Log,
    counter: &str,
    collection: &Collection<RawDocumentBuf>,
    items: Vec<T>,
) -> Result<usize, StoreError> {
    let mut waiting = distinct(items);
    let mut new = 0;
    for _ in 0..TRIES {
        let count = waiting.len();
        if count == 0 {
            return Ok(new);
        }
        let first = log.take(counter, count).await?;
        let Clashing { known, taken } = insert(log, collection, &waiting, first).await?;
        new += count - known.len() - taken.len();
        waiting = pick(waiting, &taken);
        pass_taken(log, counter, collection, &taken).await?;
    }
    Err(contended())
}

fn contended() -> StoreError {
    StoreError::Unavailable(format!("mongodb: positions were taken by others {TRIES} times"))
}

/// The position of item `index` of those that begin at `first`.
fn place(first: i64, index: usize) -> i64 {
    first.saturating_add(i64::try_from(index).unwrap_or(i64::MAX))
}

/// The first item under each identifier.
fn distinct<T: Item>(items: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::with_capacity(items.len());
    items.into_iter().filter(|item| seen.insert(item.id())).collect()
}

/// The items at the given places, which are in order.
fn pick<T>(items: Vec<T>, places: &[usize]) -> Vec<T> {
    let mut wanted = places.iter().copied().peekable();
    let numbered = items.into_iter().enumerate();
    let picked = numbered.filter(|(index, _)| wanted.next_if_eq(index).is_some());
    picked.map(|(_, item)| item).collect()
}

/// The places of items that were not taken, in order.
#[derive(Debug, Default)]
struct Clashing {
    /// Those that are there already.
    known: Vec<usize>,
    /// Those whose position was taken by something else.
    taken: Vec<usize>,
}

/// Inserts items and returns which ones were not taken.
async fn insert<T: Item>(
    log: &Log,
    collection: &Collection<RawDocumentBuf>,
    items: &[T],
    first: i64,
) -> Result<Clashing, StoreError> {
    let now = log.clock().now();
    let numbered = items.iter().enumerate();
    let documents = numbered.map(|(index, item)| item.document(place(first, index), now));
    let mut clashing = Clashing::default();
    let mut unclear = Vec::new();
    for Clash { index, value } in insert_all(collection, documents).await? {
        match value {
            Some(Unique::Identifier) => clashing.known.push(index),
            Some(Unique::Position) => clashing.taken.push(index),
            None => unclear.push(index),
        }
    }
    if !unclear.is_empty() {
        probe(log, collection, items, &unclear, &mut clashing).await?;
    }
    clashing.known.sort_unstable();
    clashing.taken.sort_unstable();
    Ok(clashing)
}

/// Finds out which of the items are there, on a server that does not say it and that goes through all documents to answer
/// a question, while it knows at once what it has when something is inserted: they are inserted once more, each under a
/// position that nobody else can have and no follower looks at. What that takes was not there, and is taken out again.
///
/// Should this process end in between, the event is kept and listed, and followers do not get it.
async fn probe<T: Item>(
    log: &Log,
    collection: &Collection<RawDocumentBuf>,
    items: &[T],
    unclear: &[usize],
    clashing: &mut Clashing,
) -> Result<(), StoreError> {
    let now = log.clock().now();
    let documents = unclear
        .iter()
        .map(|index| items[*index].document(aside(items[*index].id()), now));
    let there = insert_all(collection, documents).await?;
    let there: HashSet<_> = there.into_iter().map(|clash| unclear[clash.index]).collect();
    let (known, taken): (Vec<usize>, Vec<usize>) = unclear.iter().partition(|index| there.contains(index));
    if !taken.is_empty() {
        let ids: Vec<_> = taken.iter().map(|index| items[*index].id().to_string()).collect();
        let inserted = doc! { "_id": { "$in": ids }, "position": { "$lt": 0 } };
        collection
            .delete_many(inserted)
            .await
            .map_err(|error| of(&error))?;
    }
    clashing.known.extend(known);
    clashing.taken.extend(taken);
    Ok(())
}

/// A position that no other item has: half of an identifier, below zero. It must not follow from the position that was
/// taken, which a server that counts with mistakes gives to several engines.
fn aside(id: Uuid) -> i64 {
    let (_, low) = id.as_u64_pair();
    !i64::try_from(low >> 1).unwrap_or(i64::MAX)
}

async fn insert_all(
    collection: &Collection<RawDocumentBuf>,
    documents: impl Iterator<Item = RawDocumentBuf>,
) -> Result<Vec<Clash>, StoreError> {
    match collection.insert_many(documents).ordered(false).await {
        Ok(_inserted) => Ok(Vec::new()),
        Err(error) => clashes(&error),
    }
}

/// Fills positions that no event will take; some may be taken already.
pub(crate) async fn fill(log: &Log, positions: impl Iterator<Item = i64>) -> Result<(), StoreError> {
    let now = log.clock().now();
    let mut fillers = positions
        .map(|position| document::filler(position, now))
        .peekable();
    if fillers.peek().is_some() {
        insert_all(&log.events, fillers).await?;
    }
    Ok(())
}

/// Where positions were taken already the counter is behind them, as a server that counts with mistakes leaves it.
async fn pass_taken(
    log: &Log,
    counter: &str,
    collection: &Collection<RawDocumentBuf>,
    taken: &[usize],
) -> Result<(), StoreError> {
    if taken.is_empty() {
        return Ok(());
    }
    let last = find(collection, doc! {}, doc! { "position": -1 }, 1).await?;
    match last.first() {
        Some(last) => {
            let position = document::position(collection.name(), last)?;
            log.state.raise(counter, position.saturating_add(1)).await
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_picked_by_their_places() {
        assert_eq!(pick(vec!['a', 'b', 'c', 'd'], &[1, 3]), ['b', 'd']);
        assert_eq!(pick(vec!['a'], &[]), [] as [char; 0]);
    }

    #[test]
    fn positions_aside_are_below_zero_and_differ() {
        let ids: Vec<_> = (0..1_000u128)
            .map(|number| Uuid::from_u128(number << 1))
            .collect();
        let aside: HashSet<_> = ids.iter().map(|id| aside(*id)).collect();
        assert_eq!(aside.len(), ids.len());
        assert!(aside.iter().all(|position| *position < 0));
    }
}
