//! Publishes events that have no message of their own: those of commands, of the scheduler and of the reaper.

use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::processor::Shared;
use crate::running::ANNOUNCE_AFTER;

/// How many events are published at a time.
const BATCH: usize = 500;

/// Relays until `shared.hard` is cancelled.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut tick = interval(shared.config.relay_tick);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.hard.cancelled() => return,
            _ = tick.tick() => {}
            () = shared.outbox_filled.notified() => {}
        }
        while relay(&shared).await == BATCH {}
    }
}

/// Publishes one batch, clears it once it is confirmed, and returns its size; 0 when something is away.
async fn relay(shared: &Shared) -> usize {
    let limit = shared.config.call_limit;
    let entries = match timeout(limit, shared.jobs.outbox(BATCH)).await {
        Ok(Ok(entries)) => entries,
        Ok(Err(error)) => {
            tracing::warn!(%error, "cannot read the outbox");
            return 0;
        }
        Err(_) => return 0,
    };
    if entries.is_empty() {
        return 0;
    }
    let messages = entries
        .iter()
        .filter_map(|entry| shared.scribe.post(&entry.post))
        .collect();
    if !shared.publish(messages).await {
        return 0;
    }
    let seqs = entries.iter().map(|entry| entry.seq).collect();
    match timeout(limit, shared.jobs.clear_outbox(seqs)).await {
        Ok(Ok(())) => shared.metrics.relayed.inc_by(entries.len() as u64),
        Ok(Err(error)) => tracing::warn!(%error, "outbox not cleared, events will be published again"),
        Err(_) => tracing::warn!("outbox not cleared in time, events will be published again"),
    }
    entries.len()
}

/// Announces attempts that have run for a while, until `shared.hard` is cancelled. Losing one is harmless: the
/// event is published with the result, too.
pub(crate) async fn announce(shared: Arc<Shared>) {
    let mut tick = interval(ANNOUNCE_AFTER);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.hard.cancelled() => return,
            _ = tick.tick() => {}
        }
        let events = shared.running.unannounced();
        if !events.is_empty() {
            shared.publish(shared.scribe.events(&events)).await;
        }
    }
}
