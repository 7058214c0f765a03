//! Commands over many things: page by page, told line by line while it goes on.
//!
//! A page is listed, commanded and told before the next one is asked for, so that a million matches take the memory
//! of one page and never hold a store. The answer goes on only as its client reads it, and ends where the client
//! leaves; whatever was done until then is done, and repeating the rest is safe.

mod tally;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use serde::Serialize;
use service::ndjson::{self, Lines};
use service::problem::Problem;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::gateway::Shared;
pub(crate) use tally::{Outcome, Tally};

/// The longest time without a word of how far it is.
const PROGRESS: Duration = Duration::from_secs(1);

/// Something to do page by page.
pub(crate) trait Task: Send + 'static {
    /// What is told of each thing.
    type Item: Item;

    /// Its name in metrics.
    fn kind(&self) -> &'static str;

    /// Does the next page; `None` when there is none. A page may be empty.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<Self::Item>>, Problem>> + Send;
}

/// What is told of one thing.
pub(crate) trait Item: Serialize + Send + Sync {
    /// What the command came to.
    fn outcome(&self) -> Outcome;
}

/// A place among the commands over many things that may be under way at once.
///
/// # Errors
/// 503 when there is none.
pub(crate) fn place(shared: &Shared) -> Result<OwnedSemaphorePermit, Problem> {
    let busy = |_| Problem::overloaded().detail("too many commands over many things at once");
    Arc::clone(&shared.streams).try_acquire_owned().map_err(busy)
}

/// Does the first page, then answers with a line for each thing, progress at least every second, and a summary.
///
/// # Errors
/// What goes wrong with the first page; later it is a line of the answer, the last one.
pub(crate) async fn answer<T: Task>(
    shared: &Arc<Shared>,
    mut task: T,
    tally: Tally,
) -> Result<Response, Problem> {
    let place = place(shared)?;
    let first = task.next().await?;
    let run = Run {
        shared: Arc::clone(shared),
        tally,
        progress: every(PROGRESS),
        _place: place,
    };
    Ok(ndjson::answer(|lines| run.finish(task, first, lines)))
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

/// The lines that are about no single thing.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Word<'a> {
    Progress(&'a Tally),
    Summary {
        #[serde(flatten)]
        tally: &'a Tally,
        complete: bool,
    },
    Error(&'a Problem),
}

struct Run {
    shared: Arc<Shared>,
    tally: Tally,
    progress: Interval,
    _place: OwnedSemaphorePermit,
}

impl Run {
    async fn finish<T: Task>(mut self, mut task: T, first: Option<Vec<T::Item>>, lines: Lines) {
        let mut page = Ok(first);
        loop {
            match page {
                Ok(Some(items)) => self.tell(task.kind(), &items, &lines).await,
                Ok(None) => return self.conclude(&lines).await,
                Err(problem) => return self.give_up(&problem, &lines).await,
            }
            page = self.next(&mut task, &lines).await;
        }
    }

    async fn tell<I: Item>(&mut self, kind: &'static str, items: &[I], lines: &Lines) {
        for item in items {
            self.tally.add(item.outcome());
        }
        for outcome in Outcome::ALL {
            let times = items.iter().filter(|item| item.outcome() == outcome).count();
            if times > 0 {
                self.shared.metrics.command(kind, outcome.as_str(), times as u64);
            }
        }
        lines.lines(items).await;
    }

    /// Waits for a page, and says how far it is when it is time to.
    async fn next<T: Task>(&mut self, task: &mut T, lines: &Lines) -> Result<Option<Vec<T::Item>>, Problem> {
        let mut page = pin!(task.next());
        loop {
            tokio::select! {
                biased;
                _ = self.progress.tick() => lines.line(&Word::Progress(&self.tally)).await,
                page = &mut page => return page,
            }
        }
    }

    async fn conclude(&self, lines: &Lines) {
        let tally = &self.tally;
        lines
            .line(&Word::Summary {
                tally,
                complete: true,
            })
            .await;
    }

    async fn give_up(&self, problem: &Problem, lines: &Lines) {
        lines.line(&Word::Progress(&self.tally)).await;
        lines.line(&Word::Error(problem)).await;
    }
}
