//! Indexing, behind the write path.
//!
//! A task reads some chunks that are complete on a reader's connection, and has the writer store what it made of
//! them, together with the watermark, as late work; then it goes on until nothing is left, and ends. Whoever comes by
//! starts it again: the scheduler when it looks for due jobs, retention, and each search. Nothing is lost with it,
//! the next one goes on from the watermark.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::time::{Instant, sleep};

use super::chunk::chunk_of;
use super::digest::Digest;
use super::watermark::Watermark;
use crate::core::Core;
use crate::error::Failure;
use crate::jobs::list::ends;
use crate::writer::Order;

/// How many chunks are read, and then written, at a time. Reading one takes some ten milliseconds, writing all of
/// them takes the writer one or two.
const BATCH: i64 = 4;

/// How long nobody looks again whether there is something to index.
const REST: Duration = Duration::from_secs(1);

/// With more than so many jobs arriving in a second, the machine has better things to do.
const BUSY: f64 = 500.0;

/// How much longer than it worked the task then pauses: indexing takes a twentieth of one core at most.
const PAUSE: u32 = 19;

/// The task, of which there is one at most.
#[derive(Clone, Default)]
pub(crate) struct CatchUp(Arc<Mutex<State>>);

#[derive(Default)]
enum State {
    #[default]
    Fresh,
    Running,
    Rested(Instant),
}

impl CatchUp {
    /// Starts the task, unless it runs or has just ended.
    pub(in crate::jobs) fn start(&self, core: &Core) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rests = match &*state {
            State::Fresh => false,
            State::Running => true,
            State::Rested(since) => since.elapsed() < REST,
        };
        if !rests {
            *state = State::Running;
            let (core, running) = (core.clone(), Running(Arc::clone(&self.0)));
            tokio::spawn(async move {
                if let Err(failure) = catch_up(&core).await {
                    tracing::debug!(%failure, "indexing stopped, the next search or sweep goes on with it");
                }
                drop(running);
            });
        }
    }
}

/// Says that the task has ended, also when it is dropped with its runtime.
struct Running(Arc<Mutex<State>>);

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::Rested(Instant::now());
    }
}

/// Chunks that are complete and not indexed.
struct Stretch {
    from: Watermark,
    chunks: Range<i64>,
    /// The number of the latest job.
    latest: i64,
}

async fn catch_up(core: &Core) -> Result<(), Failure> {
    let mut arrivals = Arrivals::default();
    while let Some(stretch) = core.read(Stretch::next).await? {
        let started = Instant::now();
        let mut digests = Vec::new();
        for chunk in stretch.chunks.clone() {
            // Each for itself: a snapshot that is held for long keeps the write-ahead log from starting over.
            digests.push(
                core.read(move |connection| Digest::read(connection, chunk))
                    .await?,
            );
        }
        let pause = arrivals.pause(stretch.latest, started.elapsed());
        core.write(Order::Late, 0, move |connection| {
            stretch.store(connection, &digests)
        })
        .await?;
        sleep(pause).await;
    }
    Ok(())
}

/// All of it at once.
#[cfg(test)]
pub(in crate::jobs) fn index(connection: &Connection) {
    while let Some(stretch) = Stretch::next(connection).unwrap() {
        stretch.store(connection, &stretch.digests(connection)).unwrap();
    }
}

impl Stretch {
    /// The next chunks; `None` if all are indexed. A chunk is complete once the next one has begun.
    fn next(connection: &Connection) -> Result<Option<Self>, Failure> {
        let snapshot = connection.unchecked_transaction()?;
        let Some((first, latest)) = ends(&snapshot)? else {
            return Ok(None);
        };
        let from = Watermark::read(&snapshot)?;
        let start = from.chunk.max(chunk_of(first));
        let end = chunk_of(latest).min(start + BATCH);
        Ok((start < end).then_some(Self {
            from,
            chunks: start..end,
            latest,
        }))
    }

    /// Stores what was read of them, unless their numbers were given to others meanwhile.
    fn store(&self, connection: &Connection, digests: &[Digest]) -> Result<(), Failure> {
        if self.from.advance(connection, self.chunks.end)? {
            digests.iter().try_for_each(|digest| digest.write(connection))?;
        }
        Ok(())
    }

    #[cfg(test)]
    fn digests(&self, connection: &Connection) -> Vec<Digest> {
        let digests = self.chunks.clone().map(|chunk| Digest::read(connection, chunk));
        digests.collect::<Result<_, _>>().unwrap()
    }
}

/// How fast jobs arrive.
#[derive(Default)]
struct Arrivals(Option<(Instant, i64)>);

impl Arrivals {
    /// How long to pause after so much work, the latest job being of number `latest`.
    fn pause(&mut self, latest: i64, worked: Duration) -> Duration {
        let now = Instant::now();
        let before = self.0.replace((now, latest));
        let busy = before.is_none_or(|(then, number)| {
            let arrived = u32::try_from(latest - number).unwrap_or(u32::MAX);
            f64::from(arrived) > BUSY * (now - then).as_secs_f64()
        });
        if busy { worked * PAUSE } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests;
