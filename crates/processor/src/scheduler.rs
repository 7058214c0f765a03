//! Fires schedules and dispatches stored jobs whose time has come: delayed ones, retries, those that were held back
//! and have room now, and those whose message was lost.

use std::sync::Arc;

use domain::Clock;
use ports::Dispatch;
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
            _ = tick.tick() => fire(&shared).await,
            () = shared.room.notified() => {}
        }
        while dispatch_due(&shared).await == BATCH {}
    }
}

/// Makes the jobs of schedules whose time has come; they leave through the outbox.
async fn fire(shared: &Shared) {
    let call = shared
        .jobs
        .fire_schedules(shared.clock.now(), shared.redispatch_at(), BATCH);
    match timeout(shared.config.call_limit, call).await {
        Ok(Ok(0)) => {}
        Ok(Ok(fired)) => {
            shared.metrics.fired.inc_by(fired as u64);
            shared.outbox_filled.notify_one();
        }
        Ok(Err(error)) => tracing::warn!(%error, "cannot look for due schedules"),
        Err(_) => tracing::warn!("schedules not looked at in time"),
    }
}

/// Dispatches one batch and returns its size. Between taking jobs and publishing their dispatch the process may
/// die, so they are due again soon until the bus has confirmed, and only then late.
async fn dispatch_due(shared: &Shared) -> usize {
    let soon = shared.after(shared.config.lease);
    let call = shared.jobs.take_due(shared.clock.now(), soon, BATCH);
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
        put_off(shared, &due).await;
    }
    due.len()
}

/// A job that is not put off is only dispatched once more than needed.
async fn put_off(shared: &Shared, dispatched: &[Dispatch]) {
    let taken = dispatched
        .iter()
        .map(|dispatch| (dispatch.job.id, dispatch.attempt))
        .collect();
    let call = shared.jobs.put_off(taken, shared.redispatch_at());
    if let Ok(Err(error)) = timeout(shared.config.call_limit, call).await {
        tracing::warn!(%error, "dispatched jobs not put off");
    }
}
