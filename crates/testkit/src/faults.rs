//! Ports that fail on purpose: each wrapper implements a port over another one and follows a [`FaultPlan`].

mod bus;
mod event_log;
mod job_store;
mod live_stats;
mod plan;
mod subscription;

pub use bus::FaultyBus;
pub use event_log::FaultyEventLog;
pub use job_store::FaultyJobStore;
pub use live_stats::FaultyLiveStats;
pub use plan::{FaultPlan, FaultRates};

#[cfg(test)]
mod tests;
