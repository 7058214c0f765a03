//! Records results, publishes the events of the attempts, acknowledges their messages: in this order.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{AttemptResult, JobEvent, Outcome};
use ports::{DeliveryTag, GaveUp, Pace, Recorded, Settle, StoreError, Subscription, persist};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::deliveries::settle;
use crate::processor::Shared;

/// How many results go into one transaction.
const BATCH: usize = 512;

/// How many recorded batches may wait for the bus at once.
const PUBLISHING: usize = 4;

/// An attempt that has ended.
pub(crate) struct Finished {
    pub(crate) result: AttemptResult,
    /// The event of its start, published with its end.
    pub(crate) executed: JobEvent,
    pub(crate) tag: DeliveryTag,
    pub(crate) subscription: Arc<dyn Subscription>,
    /// The place among those that run at once, given back with the message.
    pub(crate) slot: OwnedSemaphorePermit,
    /// Held until the attempt is recorded, published and acknowledged: a drain waits for it.
    pub(crate) open: TaskTrackerToken,
}

/// Runs until every sender is gone and everything is recorded.
pub(crate) async fn run(shared: Arc<Shared>, mut finished: mpsc::Receiver<Finished>) {
    let publishing = Arc::new(Semaphore::new(PUBLISHING));
    let mut batch = Vec::with_capacity(BATCH);
    let mut pace = Pace::new(shared.config.work_pace);
    while finished.recv_many(&mut batch, BATCH).await > 0 {
        pace.begin(batch.len() == BATCH);
        let ended = std::mem::take(&mut batch);
        let Some(recorded) = record(&shared, &ended).await else {
            continue;
        };
        let Ok(permit) = Arc::clone(&publishing).acquire_owned().await else {
            return;
        };
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            announce(&shared, ended, recorded).await;
            drop(permit);
        });
        pace.wait().await;
    }
}

/// `None` when the processor stops hard: the results are lost with it, and the attempts will be reaped.
async fn record(shared: &Shared, ended: &[Finished]) -> Option<Vec<Recorded>> {
    let results: Vec<_> = ended.iter().map(|finished| finished.result.clone()).collect();
    let call = || shared.jobs.record(results.clone());
    match persist("record", shared.config.call_limit, &shared.hard, call).await {
        Ok(recorded) => Some(recorded),
        Err(GaveUp::Stopped) => None,
        Err(GaveUp::Permanent(error)) => {
            tracing::warn!(%error, size = results.len(), "results refused, recording one by one");
            let mut recorded = Vec::with_capacity(results.len());
            for result in results {
                recorded.push(record_one(shared, result).await?);
            }
            Some(recorded)
        }
    }
}

/// A result that the store refuses for ever fails its job; if even that is refused, the attempt is left to
/// the reaper of another worker.
async fn record_one(shared: &Shared, mut result: AttemptResult) -> Option<Recorded> {
    let mut last: Option<StoreError> = None;
    for _ in 0..2 {
        let call = || shared.jobs.record(vec![result.clone()]);
        match persist("record", shared.config.call_limit, &shared.hard, call).await {
            Ok(recorded) => return recorded.into_iter().next(),
            Err(GaveUp::Stopped) => return None,
            Err(GaveUp::Permanent(error)) => {
                result.outcome = Outcome::Failed {
                    error: format!("result could not be stored: {error}"),
                };
                last = Some(error);
            }
        }
    }
    tracing::error!(error = ?last, job = %result.job_id, "store refuses every result of a job");
    Some(Recorded::Stale)
}

async fn announce(shared: &Shared, ended: Vec<Finished>, recorded: Vec<Recorded>) {
    let mut messages = Vec::with_capacity(ended.len() * 2);
    let mut room = false;
    for (finished, recorded) in ended.iter().zip(&recorded) {
        messages.extend(shared.scribe.event(&finished.executed));
        match recorded {
            Recorded::Applied { event, makes_room } => {
                messages.extend(shared.scribe.event(event));
                room |= *makes_room;
            }
            Recorded::Stale => tracing::warn!(job = %finished.result.job_id, "stale result refused"),
        }
        count(shared, &finished.result, recorded);
    }
    if room {
        shared.room.notify_one();
    }
    if shared.publish(messages).await {
        acknowledge(ended).await;
    }
}

/// Acks by subscription: a batch can span the end of one and the start of another.
async fn acknowledge(ended: Vec<Finished>) {
    let mut open = Vec::with_capacity(ended.len());
    let mut by_subscription: HashMap<usize, (Arc<dyn Subscription>, Vec<_>)> = HashMap::new();
    for finished in ended {
        let key = Arc::as_ptr(&finished.subscription).cast::<()>().addr();
        let (_, acks) = by_subscription
            .entry(key)
            .or_insert_with(|| (finished.subscription, Vec::new()));
        acks.push((finished.tag, Settle::Ack));
        open.push((finished.open, finished.slot));
    }
    for (subscription, acks) in by_subscription.into_values() {
        settle(&subscription, acks).await;
    }
    drop(open);
}

fn count(shared: &Shared, result: &AttemptResult, recorded: &Recorded) {
    let metrics = &shared.metrics;
    if *recorded == Recorded::Stale {
        metrics.stale_results.inc();
        return;
    }
    match result.outcome {
        Outcome::Completed { .. } => {
            metrics.completed.inc();
            metrics
                .processing_seconds
                .observe(std::time::Duration::from_micros(result.run_micros).as_secs_f64());
        }
        Outcome::Failed { .. } => metrics.failed.inc(),
        Outcome::Retry { .. } => metrics.retried.inc(),
        Outcome::HandedBack { .. } => metrics.handed_back.inc(),
        Outcome::Cancelled { .. } => metrics.cancelled.inc(),
    }
}
