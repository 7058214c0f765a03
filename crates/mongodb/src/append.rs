//! Keeps documents under positions of their own, each once.

use std::collections::HashSet;
use std::future::ready;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use mongodb::Collection;
use mongodb::bson::{Document, RawDocumentBuf, doc};
use mongodb::error::Result as Answer;
use ports::{LoggedEvent, StoreError};
use uuid::Uuid;

use crate::document::{self, EVENTS};
use crate::failure::{clashes, of};
use crate::log::{Log, find};

/// How often positions are taken anew when others have taken them. Where the server counts without a mistake they never
/// have, but for what followers filled because it came too late.
const TRIES: usize = 20;

/// How many documents are asked for at once.
const QUESTIONS: usize = 8;

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
        let clashing = insert(log, &log.events, &waiting, first).await?;
        new += count - clashing.len();
        let known = known(&log.events, &waiting, &clashing).await?;
        let (unused, taken): (Vec<_>, Vec<_>) = clashing
            .into_iter()
            .partition(|index| known.contains(&waiting[*index].id()));
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
        let clashing = insert(log, collection, &waiting, first).await?;
        new += count - clashing.len();
        let known = known(collection, &waiting, &clashing).await?;
        let taken: Vec<_> = clashing
            .into_iter()
            .filter(|index| !known.contains(&waiting[*index].id()))
            .collect();
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

/// Inserts items and returns which ones were not taken, in order.
async fn insert<T: Item>(
    log: &Log,
    collection: &Collection<RawDocumentBuf>,
    items: &[T],
    first: i64,
) -> Result<Vec<usize>, StoreError> {
    let now = log.clock().now();
    let numbered = items.iter().enumerate();
    let documents = numbered.map(|(index, item)| item.document(place(first, index), now));
    insert_all(collection, documents).await
}

async fn insert_all(
    collection: &Collection<RawDocumentBuf>,
    documents: impl Iterator<Item = RawDocumentBuf>,
) -> Result<Vec<usize>, StoreError> {
    match collection.insert_many(documents).ordered(false).await {
        Ok(_inserted) => Ok(Vec::new()),
        Err(error) => {
            let mut clashing = clashes(&error)?;
            clashing.sort_unstable();
            Ok(clashing)
        }
    }
}

/// Which of the clashing items are there: the others found their position taken.
async fn known<T: Item>(
    collection: &Collection<RawDocumentBuf>,
    items: &[T],
    clashing: &[usize],
) -> Result<HashSet<Uuid>, StoreError> {
    let documents = collection.clone_with_type::<Document>();
    // One by one: every server answers that by its index, and not all do for several at once. They are many only when
    // a batch comes again.
    let ids: Vec<_> = clashing.iter().map(|index| items[*index].id()).collect();
    let asked = stream::iter(ids).map(|id| is_there(documents.clone(), id));
    let found = asked.buffer_unordered(QUESTIONS);
    let known = found.try_filter_map(|id| ready(Ok(id))).try_collect();
    known.await.map_err(|error| of(&error))
}

/// The identifier, if a document has it.
async fn is_there(documents: Collection<Document>, id: Uuid) -> Answer<Option<Uuid>> {
    let question = documents.find_one(doc! { "_id": id.to_string() });
    let found = question.projection(doc! { "_id": 1 }).await?;
    Ok(found.map(|_document| id))
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
}
