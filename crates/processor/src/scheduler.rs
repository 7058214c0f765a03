//! Dispatches stored jobs whose time has come: retries, and jobs whose message was lost.

use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::processor::Shared;

/// How many jobs are dispatched at a time.
const BATCH: usize = 500;

/// Runs until `shared.intake` is cancelled.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut tick = interval(shared.config.schedule_tick);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.intake.cancelled() => return,
            _ = tick.tick() => while dispatch_due(&shared).await == BATCH {},
        }
    }
}

/// Dispatches one batch and returns its size. A job whose dispatch is lost is due again later.
async fn dispatch_due(shared: &Shared) -> usize {
    let call = shared
        .jobs
        .take_due(shared.clock.now(), shared.redispatch_at(), BATCH);
    let due = match timeout(shared.config.call_limit, call).await {
        Ok(Ok(due)) => due,
        Ok(Err(error)) => {
            tracing::warn!(%error, "cannot look for due jobs");
            return 0;
        }
        Err(_) => return 0,
    };
    if due.is_empty() {
        return 0;
    }
    let messages = due
        .iter()
        .filter_map(|dispatch| shared.scribe.dispatch(dispatch))
        .collect();
    if shared.publish(messages).await {
        shared.metrics.dispatched.inc_by(due.len() as u64);
    }
    due.len()
}
