//! The front door: validates submissions, publishes `job.created`, and answers 202 once every bound queue
//! has the event durably. It needs the bus and nothing else.
//!
//! Start at [`Gateway`]. A request goes `routes` → `submission` (bytes become a complete, canonical job) →
//! `event` (the job becomes a message) → `intake` (the message reaches the bus, or the client learns why not).

mod api;
mod batch;
mod config;
mod event;
mod gateway;
mod intake;
mod metrics;
mod routes;
mod submission;

pub use config::{DEFAULT_ORIGINS, GatewayConfig};
pub use gateway::{Gateway, GatewayDeps, SetupError};
