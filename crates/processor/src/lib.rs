//! The processor: takes work from the bus, runs it under the job store's authority, says what happened.
//!
//! A delivery's way: [`work_queues`] picks it by priority → [`intake`] decodes and claims it in batches → [`attempt`] runs its handler →
//! [`recorder`] records the result, publishes the events and acknowledges the message. Beside it, small loops
//! keep the promise when a message or a worker is lost: [`ledger`], [`scheduler`], [`lease`], [`relay`]. All of them live
//! by [`store_clock`].
//! Start reading at [`Processor`]; to add a kind of work, at [`Handler`].

mod attempt;
mod cancellations;
mod config;
mod decode;
mod deliveries;
mod handler;
pub mod handlers;
mod intake;
mod lease;
mod ledger;
mod log;
mod metrics;
mod processor;
mod publish;
mod recorder;
mod registry;
mod relay;
mod retention;
mod running;
mod scheduler;
mod start;
mod store_clock;
mod turns;
mod work_queues;

pub use config::ProcessorConfig;
pub use handler::{Context, Handler, HandlerError};
pub use log::AttemptLog;
pub use metrics::ProcessorMetrics;
pub use processor::{Processor, ProcessorDeps};
pub use registry::{HandlerRegistry, RESULT_LIMIT};
