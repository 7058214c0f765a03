//! The front door: takes every command. Submissions are validated and published as `job.created`, and answered with
//! 202 once every bound queue has the event durably; that needs the bus and nothing else. Commands on what is there
//! (jobs, limits, schedules, dead letters) are transactions in the stores.
//!
//! Start at [`Gateway`]. A submission goes `routes` → `submission` (bytes become a complete, canonical job) → `event`
//! (the job becomes a message) → `submit` (its unique key is reserved, if it has one) → `intake` (the message reaches
//! the bus, or the client learns why not). A command goes `routes` → `members` (a body of which every member is known)
//! → `commands`, `limits`, `schedules` or `letters` → `stores` (each call bounded); over many things it goes through
//! `bulk`.

mod api;
mod batch;
mod bulk;
mod commands;
mod config;
mod event;
mod gateway;
mod intake;
mod letters;
mod limits;
mod members;
mod metrics;
mod parameters;
mod pauses;
mod routes;
mod schedules;
mod stores;
mod submission;
mod submit;
mod unique;
mod wait;

pub use config::{DEFAULT_ORIGINS, GatewayConfig};
pub use gateway::{Gateway, GatewayDeps, SetupError};
