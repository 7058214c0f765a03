//! The four ports on one SQLite file, durable across power loss, for a single process.
//!
//! Start reading at [`Database`]. One writer thread owns the only connection that writes
//! ([`writer`]): everything that waits for it is committed together, so that the cost of making something
//! durable is shared. Readers have connections of their own ([`readers`]).
//!
//! | module | port | tables |
//! |---|---|---|
//! | [`bus`] | `EventBus` | `bus_log`, `bus_queue` |
//! | [`jobs`] | `JobStore` | `jobs`, `job_*`, `jobs_running`, `forgotten_jobs`, `leases`, `limits`, `outbox`, `schedules`, `unique_keys` |
//! | [`events`] | `EventLog` | `event_blocks`, `dead_letters`, `known_events` |
//! | [`stats`] | `LiveStats` | `stats_*`, `known_events` |

mod bus;
mod codec;
mod codes;
mod core;
mod database;
mod error;
mod events;
mod hash;
mod jobs;
mod known;
mod place;
mod readers;
mod stats;
mod writer;

pub use database::{Database, OpenOptions};
pub use error::OpenError;
