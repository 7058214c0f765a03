//! The four ports on one SQLite file, durable across power loss, for a single process.
//!
//! Start reading at [`Database`]. One writer thread owns the only connection that writes
//! ([`writer`]): everything that waits for it is committed together, so that the cost of making something
//! durable is shared. Readers have connections of their own ([`readers`]).
//!
//! | module | port | tables |
//! |---|---|---|
//! | [`bus`] | `EventBus` | `bus_log`, `bus_queue` |
//! | [`jobs`] | `JobStore` | `jobs`, `job_bodies`, `leases`, `outbox` |
//! | [`events`] | `EventLog` | `events`, `dead_letters` |
//! | [`stats`] | `LiveStats` | `stats_*` |

mod bus;
mod codec;
mod codes;
mod core;
mod database;
mod error;
mod events;
mod jobs;
mod place;
mod readers;
mod stats;
mod writer;

pub use database::{Database, OpenOptions};
pub use error::OpenError;
