//! Tells running attempts that their jobs were withdrawn.

use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::processor::Shared;

/// Asks the store, as long as anything runs, until `shared.hard` is cancelled.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut tick = interval(shared.config.cancel_tick);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.hard.cancelled() => return,
            _ = tick.tick() => {}
        }
        if shared.running.len() > 0 {
            tell(&shared).await;
        }
    }
}

async fn tell(shared: &Shared) {
    let call = shared.jobs.cancellations(&shared.runner.worker);
    match timeout(shared.config.call_limit, call).await {
        Ok(Ok(attempts)) => {
            for (job, number) in attempts {
                shared.running.cancel(job, number);
            }
        }
        Ok(Err(error)) => tracing::warn!(%error, "cannot ask which jobs were withdrawn"),
        Err(_) => tracing::warn!("not told in time which jobs were withdrawn"),
    }
}
