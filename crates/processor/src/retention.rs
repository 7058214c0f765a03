//! Removes jobs that ended long ago, so that a store left alone for a year does not fill its disk.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::processor::Shared;

/// How many jobs go in one transaction: small, so that work is never kept waiting.
const BATCH: usize = 1_000;

/// The pause between two transactions of one sweep.
const BREATH: Duration = Duration::from_millis(20);

/// Sweeps until `shared.intake` is cancelled.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut tick = interval(shared.config.retention_tick);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.intake.cancelled() => return,
            _ = tick.tick() => sweep(&shared).await,
        }
    }
}

async fn sweep(shared: &Shared) {
    let Ok(before) = shared.clock.now().checked_sub(shared.config.retention) else {
        return;
    };
    while !shared.intake.is_cancelled() {
        match timeout(shared.config.call_limit, shared.jobs.prune(before, BATCH)).await {
            Ok(Ok(gone)) if gone == BATCH => tokio::time::sleep(BREATH).await,
            Ok(Ok(_)) => return,
            Ok(Err(error)) => return tracing::warn!(%error, "old jobs not removed"),
            Err(_) => return tracing::warn!("old jobs not removed in time"),
        }
    }
}
