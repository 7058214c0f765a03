//! The metrics engine: applies every event once to the live stats and the event log.
//!
//! Both are derived: each recognises an event by its identifier, so the engine may be given an event twice,
//! in any order, and may die between any two steps. Start reading at [`MetricsEngine`].

mod consume;
mod engine;
mod events;
mod facts;
mod failure;
mod letters;
mod metrics;
mod rebuild;
mod retention;
mod routes;

pub use engine::{EngineConfig, EngineDeps, MetricsEngine};
pub use metrics::EngineMetrics;
pub use rebuild::{Derived, RebuildStatus, Rebuilt, Running};
