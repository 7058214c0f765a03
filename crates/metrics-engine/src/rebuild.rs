//! Builds what is derived anew, out of the histories in the job store, while everything runs.
//!
//! Events of the history and events from the bus have the same identifiers, so that each counts once, whichever comes
//! first. What retention has removed from the job store is not built again.

mod desk;
mod walk;

use serde::Serialize;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use crate::consume::persisted;
use crate::engine::EngineDeps;
pub(crate) use desk::Desk;
pub use desk::{RebuildStatus, Rebuilt, Running};

/// What is derived from the job store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Derived {
    /// Counters. They are forgotten first, and grow while they are built.
    LiveStats,
    /// Events. Those that are there stay; those that are missing are added.
    EventLog,
}

impl Derived {
    /// Both.
    pub const ALL: [Self; 2] = [Self::LiveStats, Self::EventLog];

    /// The name that people and paths use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LiveStats => "live-stats",
            Self::EventLog => "event-log",
        }
    }

    /// What has that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|derived| derived.name() == name)
    }
}

/// Rebuilds what is asked for, and live stats that say that they are not complete, until `stop` is cancelled.
pub(crate) async fn run(deps: &EngineDeps, desk: &Desk, stop: &CancellationToken) {
    let mut tick = interval(deps.config.completeness_tick);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => look(deps, desk).await,
            () = desk.wanted() => {}
        }
        while let Some(derived) = desk.begin() {
            match one(deps, desk, derived, stop).await {
                Some(()) => desk.done(deps.clock.now()),
                None if stop.is_cancelled() => return,
                None => desk.failed(),
            }
        }
    }
}

/// Wants the live stats where they say that they are not complete. Whether they are is asked again at the next tick
/// where they are away.
async fn look(deps: &EngineDeps, desk: &Desk) {
    match timeout(deps.config.call_limit, deps.stats.is_complete()).await {
        Ok(Ok(false)) => desk.want(Derived::LiveStats),
        Ok(Ok(true)) => {}
        Ok(Err(error)) => tracing::debug!(%error, "live stats do not say whether they are complete"),
        Err(_) => tracing::debug!("live stats do not say in time whether they are complete"),
    }
}

/// `None` when the engine stops, or a store refuses for ever.
async fn one(deps: &EngineDeps, desk: &Desk, derived: Derived, stop: &CancellationToken) -> Option<()> {
    tracing::info!(what = derived.name(), "rebuilding");
    if derived == Derived::LiveStats {
        persisted("clear", deps, stop, || deps.stats.clear()).await?;
    }
    walk::all(deps, desk, derived, stop).await?;
    if derived == Derived::LiveStats {
        persisted("set_complete", deps, stop, || deps.stats.set_complete()).await?;
    }
    deps.metrics.rebuilds.inc();
    tracing::info!(what = derived.name(), "rebuilt");
    Some(())
}
