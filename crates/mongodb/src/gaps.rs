//! Positions that are missing.
//!
//! One is missing for a moment between being taken and being used, and for ever when its engine died in between. How long
//! that is measured by whoever waits, from when it noticed, so that no clock has to agree with another.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mongodb::bson::doc;
use ports::StoreError;
use tokio::time::Instant;

use crate::append::fill;
use crate::document::{self, EVENTS};
use crate::failure::of;
use crate::log::{Log, find};
use crate::state::{PRUNED, SETTLED};

/// How many gaps are watched at most: followers come to the lowest one first.
const WATCHED: usize = 64;
/// How many positions are filled at once.
const FILLED: i64 = 1_000;
/// How many positions are looked at together when the end of the log is sought.
const STEP: i64 = 1_000_000;
/// A gap that is wider than all engines together take was not left by them: somebody removed events by hand.
const WIDEST: i64 = 1_000_000;

/// What this process knows of missing positions.
#[derive(Default)]
pub(crate) struct Gaps {
    /// No position up to this one is missing.
    settled: AtomicI64,
    /// The first position of each gap, with the time at which it was noticed.
    noticed: Mutex<BTreeMap<i64, Instant>>,
}

impl Gaps {
    /// All positions from `first` on, before `end`, are used or filled.
    pub(crate) fn settle(&self, first: i64, end: i64) {
        let order = Ordering::Relaxed;
        let _somebody_else_is_amid = self.settled.compare_exchange(first - 1, end - 1, order, order);
    }

    /// No position up to `position` is missing.
    pub(crate) fn settled_up_to(&self, position: i64) {
        self.settled.fetch_max(position, Ordering::Relaxed);
    }

    fn settled(&self) -> i64 {
        self.settled.load(Ordering::Relaxed)
    }

    /// For how long, at `now`, the gap that begins at `position` has been noticed.
    fn age(&self, position: i64, now: Instant) -> Duration {
        let mut noticed = self.noticed.lock().unwrap_or_else(PoisonError::into_inner);
        if !noticed.contains_key(&position) && noticed.len() >= WATCHED {
            noticed.pop_first();
        }
        now.duration_since(*noticed.entry(position).or_insert(now))
    }

    pub(crate) fn forget(&self) {
        self.settled.store(0, Ordering::Relaxed);
        self.noticed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// Looks after the gap that begins at `missing` and ends before `end`. Returns the position from which on it is no
/// obstacle any more, `missing` itself while its event may still come.
pub(crate) async fn look_after(log: &Log, missing: i64, end: i64) -> Result<i64, StoreError> {
    let pruned = log.state.number(PRUNED).await?.unwrap_or(0);
    if pruned >= missing {
        return Ok(end.min(pruned.saturating_add(1)));
    }
    if log.gaps.age(missing, Instant::now()) < log.options.settle_limit {
        return Ok(missing);
    }
    if end - missing > WIDEST {
        tracing::warn!(
            missing,
            end,
            "events are missing in the log, they are passed over"
        );
        return Ok(end);
    }
    tracing::warn!(
        missing,
        end,
        "places in the log were taken and not used, they are filled"
    );
    let end = end.min(missing + FILLED);
    fill(log, missing..end).await?;
    Ok(missing)
}

/// The last position before the lowest gap: the end of the log for who begins to follow it.
pub(crate) async fn end(log: &Log) -> Result<i64, StoreError> {
    log.name().await?;
    let last = log.state.number(EVENTS).await?.unwrap_or(1) - 1;
    if log.gaps.settled() >= last {
        return Ok(last);
    }
    for mark in [SETTLED, PRUNED] {
        let position = log.state.number(mark).await?.unwrap_or(0);
        log.gaps.settled_up_to(position.min(last));
    }
    while log.gaps.settled() < last {
        let settled = log.gaps.settled();
        let upto = last.min(settled + STEP);
        if is_whole(log, settled, upto).await? {
            log.gaps.settled_up_to(upto);
            continue;
        }
        let missing = lowest_gap(log, settled, upto).await?;
        log.gaps.settled_up_to(missing - 1);
        let end = next_after(log, missing).await?.unwrap_or(last + 1);
        let free = look_after(log, missing, end).await?;
        if free == missing {
            break;
        }
        log.gaps.settled_up_to(free - 1);
    }
    let settled = log.gaps.settled();
    log.state.raise(SETTLED, settled).await?;
    Ok(settled)
}

/// Whether no position behind `after` and up to `upto` is missing.
async fn is_whole(log: &Log, after: i64, upto: i64) -> Result<bool, StoreError> {
    let filter = doc! { "position": { "$gt": after, "$lte": upto } };
    let count = log
        .events
        .count_documents(filter)
        .await
        .map_err(|error| of(&error))?;
    Ok(i64::try_from(count) == Ok(upto - after))
}

/// The lowest missing position behind `after`, of which one is up to `upto`.
async fn lowest_gap(log: &Log, mut after: i64, mut upto: i64) -> Result<i64, StoreError> {
    while upto - after > 1 {
        let middle = after + (upto - after) / 2;
        if is_whole(log, after, middle).await? {
            after = middle;
        } else {
            upto = middle;
        }
    }
    Ok(upto)
}

/// The lowest position behind `position` that is used.
async fn next_after(log: &Log, position: i64) -> Result<Option<i64>, StoreError> {
    let filter = doc! { "position": { "$gt": position } };
    let found = find(&log.events, filter, doc! { "position": 1 }, 1).await?;
    found
        .first()
        .map(|document| document::position(EVENTS, document))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_on_what_is_settled_is_settled() {
        let gaps = Gaps::default();
        gaps.settle(1, 11);
        assert_eq!(gaps.settled(), 10);
        gaps.settle(21, 31);
        assert_eq!(gaps.settled(), 10, "eleven to twenty are somebody else's");
        gaps.settled_up_to(20);
        gaps.settled_up_to(15);
        assert_eq!(gaps.settled(), 20);
    }

    #[test]
    fn a_gap_ages_from_when_it_was_noticed() {
        let (gaps, start, pause) = (Gaps::default(), Instant::now(), Duration::from_secs(3));
        assert_eq!(gaps.age(5, start), Duration::ZERO);
        assert_eq!(gaps.age(5, start + pause), pause);
        assert_eq!(gaps.age(6, start + pause), Duration::ZERO);
        for other in 100..200 {
            gaps.age(other, start);
        }
        let watched = gaps.noticed.lock().unwrap().len();
        assert_eq!(watched, WATCHED);
    }
}
