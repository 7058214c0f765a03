//! Says that this worker lives, and takes back the attempts of those that do not.

use std::sync::Arc;

use domain::Clock;
use ports::StoreError;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::processor::Shared;

/// How many attempts are taken back in one transaction.
const BATCH: usize = 500;

/// Renews the lease and reaps until `shared.hard` is cancelled: a worker that drains still lives.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut tick = interval(shared.config.heartbeat);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.hard.cancelled() => return,
            _ = tick.tick() => beat(&shared).await,
        }
    }
}

async fn beat(shared: &Shared) {
    if let Err(error) = tell_time(shared).await {
        tracing::warn!(%error, "the job store did not tell the time, the last difference counts");
    }
    if let Err(error) = renew(shared).await {
        tracing::warn!(%error, "lease not renewed");
    }
    if !shared.intake.is_cancelled() {
        reap(shared).await;
    }
}

/// Compares the clock with the job store's.
pub(crate) async fn tell_time(shared: &Shared) -> Result<(), StoreError> {
    shared.clock.compare(within(shared, shared.jobs.time())).await
}

/// Renews this worker's lease.
pub(crate) async fn renew(shared: &Shared) -> Result<(), StoreError> {
    let until = shared.after(shared.config.lease);
    within(shared, shared.jobs.heartbeat(&shared.runner.worker, until)).await
}

async fn within<T>(
    shared: &Shared,
    call: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    timeout(shared.config.call_limit, call)
        .await
        .unwrap_or_else(|_| Err(StoreError::Unavailable("no answer in time".to_owned())))
}

/// Takes back every attempt of a dead worker.
pub(crate) async fn reap(shared: &Shared) {
    loop {
        let call = shared.jobs.reap(shared.clock.now(), BATCH);
        let taken = match timeout(shared.config.call_limit, call).await {
            Ok(Ok(taken)) => taken,
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot look for dead workers");
                return;
            }
            Err(_) => return,
        };
        if taken > 0 {
            tracing::warn!(attempts = taken, "took attempts back from dead workers");
            shared.metrics.reaped.inc_by(taken as u64);
            shared.outbox_filled.notify_one();
        }
        if taken < BATCH {
            return;
        }
    }
}
