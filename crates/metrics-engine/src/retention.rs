//! Removes old events, dead letters and minute counters.

use std::future::Future;
use std::time::Duration;

use ports::StoreError;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::engine::EngineDeps;

/// How many go in one transaction: small, so that events are never kept waiting.
const BATCH: usize = 1_000;

/// The pause between two transactions of one sweep.
const BREATH: Duration = Duration::from_millis(20);

/// Sweeps until `stop` is cancelled.
pub(crate) async fn run(deps: &EngineDeps, stop: &CancellationToken) {
    let mut tick = interval(deps.config.retention_tick);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        let Ok(before) = deps.clock.now().checked_sub(deps.config.retention) else {
            continue;
        };
        sweep(deps, stop, || deps.log.prune(before, BATCH)).await;
        sweep(deps, stop, || deps.stats.prune(before, BATCH)).await;
    }
}

async fn sweep<F: Future<Output = Result<usize, StoreError>>>(
    deps: &EngineDeps,
    stop: &CancellationToken,
    mut prune: impl FnMut() -> F,
) {
    while !stop.is_cancelled() {
        match timeout(deps.config.call_limit, prune()).await {
            Ok(Ok(gone)) if gone >= BATCH => tokio::time::sleep(BREATH).await,
            Ok(Ok(_)) => return,
            Ok(Err(error)) => return tracing::warn!(%error, "old events not removed"),
            Err(_) => return tracing::warn!("old events not removed in time"),
        }
    }
}
