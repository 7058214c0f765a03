//! The services shape: every role of the observatory as a process of its own, on servers that several processes share.
//!
//! This is its composition root: beside the `observatory` command the only place that sees services and adapters at
//! once. A role is a [`Role`]: the settings that it reads, and what it is assembled of. [`run()`] is the whole program
//! of one: it reads the [`config`], opens the [`adapters`] that the role needs, serves, and stops in two stages.
//!
//! Processors with handlers of one's own are a few lines: `run(Processor::with(|handlers| handlers.with("x", X)))`.

pub mod adapters;
pub mod config;
mod parts;
mod role;
mod roles;
mod run;
pub mod sections;

pub use role::{Assembled, Role, Work};
pub use roles::{
    EngineSettings, Gateway, GatewaySettings, MetricsEngine, Processor, ProcessorSettings, ReadModel,
    ReadModelSettings, WebUi, WebUiSettings, all_settings, of_programs,
};
pub use run::run;
