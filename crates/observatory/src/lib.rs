//! The observatory command: `up`, `prove`, `bench`, `contracts`, and the commands of its clients.
//!
//! Start reading at [`cli::main`], which turns a command line into one of them. [`up`] is the observatory
//! itself; `prove` and `bench` start it as a child process and speak HTTP to it as any client would. `client` has the
//! commands of a person who works with one that runs.

mod api;
mod bench;
mod child;
pub mod cli;
mod client;
pub mod cluster;
mod contracts_check;
mod http_client;
mod interrupt;
mod job_ids;
mod manual;
mod measure;
mod output;
mod progress;
mod prove;
mod scratch;
mod seeded;
pub mod up;

pub use processor::{Context, Handler, HandlerError, HandlerRegistry};
