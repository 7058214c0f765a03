//! Retention, by arrival: positions go up with it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use mongodb::Collection;
use mongodb::bson::{Document, RawDocumentBuf, doc};
use ports::StoreError;

use crate::document::{EVENTS, kept_at, position};
use crate::failure::of;
use crate::letters::LETTERS;
use crate::log::{Log, find};
use crate::state::PRUNED;

/// How many documents are removed at once: small, so that nobody waits long.
const AT_ONCE: usize = 1_000;

/// By how much the clocks of engines may differ.
const SKEW: Duration = Duration::from_mins(1);

/// Removes what was kept before `before`, oldest first, at most `limit` of each kind.
pub(crate) async fn prune(log: &Log, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
    let [young_events, young_letters] = &log.young;
    let all = doc! { "eventtype": { "$exists": true } };
    let mut events = Sweep::new(log, &log.events, all, before, young_events);
    let mut gone = 0;
    while let Some(some) = events.oldest(limit - gone).await? {
        remove_events(log, &some).await?;
        gone += some.len();
    }
    let mut letters = Sweep::new(log, &log.letters, doc! {}, before, young_letters);
    let mut gone_letters = 0;
    while let Some(some) = letters.oldest(limit - gone_letters).await? {
        remove_letters(log, &some).await?;
        gone_letters += some.len();
    }
    Ok(gone + gone_letters)
}

/// One collection, from the oldest on.
struct Sweep<'l> {
    log: &'l Log,
    collection: &'l Collection<RawDocumentBuf>,
    filter: Document,
    /// In milliseconds since 1970, as below.
    before: i64,
    /// Nothing older than this is there: where that is known, nothing is asked.
    young: &'l AtomicI64,
}

impl<'l> Sweep<'l> {
    fn new(
        log: &'l Log,
        collection: &'l Collection<RawDocumentBuf>,
        filter: Document,
        before: Timestamp,
        young: &'l AtomicI64,
    ) -> Self {
        Self {
            log,
            collection,
            filter,
            before: before.as_millisecond(),
            young,
        }
    }

    /// The oldest documents that are to go, at most `limit`; `None` when there are no more.
    async fn oldest(&mut self, limit: usize) -> Result<Option<Vec<RawDocumentBuf>>, StoreError> {
        let limit = limit.min(AT_ONCE);
        if limit == 0 || self.young.load(Ordering::Relaxed) >= self.before {
            return Ok(None);
        }
        let now = self.log.clock().now();
        let order = doc! { "position": 1 };
        let mut found = find(self.collection, self.filter.clone(), order, limit).await?;
        let mut young = now.saturating_sub(SKEW).unwrap_or(now).as_millisecond();
        for (index, document) in found.iter().enumerate() {
            let kept_at = kept_at(self.collection.name(), document)?;
            if kept_at >= self.before {
                young = kept_at;
                found.truncate(index);
                break;
            }
        }
        if found.is_empty() {
            self.young.fetch_max(young, Ordering::Relaxed);
            return Ok(None);
        }
        Ok(Some(found))
    }
}

/// Removes the oldest events, and whatever fills places among them. Followers are told before, so that none waits for
/// what is gone.
async fn remove_events(log: &Log, oldest: &[RawDocumentBuf]) -> Result<(), StoreError> {
    let Some(last) = oldest.last() else { return Ok(()) };
    let last = position(EVENTS, last)?;
    log.name().await?;
    log.state.raise(PRUNED, last).await?;
    log.tail.lock().await.forget(last);
    let old = doc! { "position": { "$lte": last } };
    log.events.delete_many(old).await.map_err(|error| of(&error))?;
    Ok(())
}

async fn remove_letters(log: &Log, oldest: &[RawDocumentBuf]) -> Result<(), StoreError> {
    let Some(last) = oldest.last() else { return Ok(()) };
    let old = doc! { "position": { "$lte": position(LETTERS, last)? } };
    log.letters.delete_many(old).await.map_err(|error| of(&error))?;
    Ok(())
}
