//! Answers every question: numbers, jobs, events, dead letters. It only ever reads.
//!
//! Start at [`ReadModel`]. Every route asks one or two stores through `service::ask`, which bounds the time and names
//! the part that is away; `views` turn what the ports give into what clients read. The live stream is in `stream`.

mod api;
mod attempts;
mod config;
mod current;
mod metrics;
mod parameters;
mod read_model;
mod routes;
mod search;
mod stats;
mod stream;
mod timeline;
mod views;

pub use config::{DEFAULT_ORIGINS, ReadModelConfig};
pub use read_model::{ReadModel, ReadModelDeps, SetupError};
