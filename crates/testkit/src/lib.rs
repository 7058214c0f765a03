//! What tests share: ports that fail on purpose, servers in containers, waiting with a limit, directories that go away.
//!
//! For tests only; no service depends on it. Start reading at [`FaultPlan`].

mod data_dir;
pub mod faults;
pub mod proxy;
pub mod servers;
mod wait;

pub use data_dir::DataDir;
pub use faults::{FaultPlan, FaultRates, FaultyBus, FaultyEventLog, FaultyJobStore, FaultyLiveStats};
pub use wait::{wait_for, wait_until};
