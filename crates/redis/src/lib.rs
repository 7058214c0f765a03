//! The live stats on Redis.
//!
//! Events are applied by one script, which Redis runs without anything in between: it finds out which identifiers are
//! new, remembers them and adds to the counters. So a batch is applied as a whole or not at all, each event once, and
//! several engines may apply at the same time. What is read together is read in one transaction.
//!
//! **Memory.** A remembered identifier takes 20 bytes where it is looked up and 16 where its age is known, until
//! retention forgets it; see [`keys`] for how. `redis/examples/apply.rs` measures it.
//!
//! **Durability** is Redis' own: what `appendfsync` has not written is lost with the machine. Nothing is lost for good,
//! for the stats can be rebuilt from the job store; [`Redis::epoch`] tells when that is needed. A loss of the latest
//! seconds alone, as after a crash with `appendfsync everysec`, is not noticed. Redis has to be told
//! `maxmemory-policy noeviction`: any other one throws counters away.
//!
//! Connections are supervised here, not by the client library: each step has a time-out, and what goes wrong drops the
//! connection, so that the next call makes a new one.
//!
//! Start reading at [`Redis`], then at `scripts/apply.lua`.

mod adapter;
mod batch;
mod failure;
pub mod keys;
mod link;
mod lives;
mod options;
mod read;
mod scripts;
mod tally;
mod time;

pub use adapter::{MAX_BATCH, Redis};
pub use options::{OpenError, Options};
