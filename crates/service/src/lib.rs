//! What every service shares: one error format, correlation, limits, health, metrics, shutdown.
//!
//! Start at [`edge::Edge`], which stands in front of every API router, and at [`http_server::serve`], which
//! stands in front of every listener. Errors are [`problem::Problem`]s from the first line of a handler on.

pub mod admin;
pub mod api_docs;
pub mod ask;
pub mod body;
pub mod client;
pub mod correlation;
pub mod edge;
pub mod health;
pub mod http_server;
pub mod metrics;
pub mod ndjson;
pub mod open_files;
pub mod problem;
pub mod query;
pub mod shutdown;
pub mod telemetry;
pub mod upstream;
pub mod views;

/// The software version of every service; they are built and released together.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
