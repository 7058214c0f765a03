//! Which events are known, by job: what makes both the event log and the live stats take an event once.
//!
//! Both write what they take to append-only tables (`event_blocks`, `stats_batches`); those are what is
//! durable. The index by job (`known_events`) is written behind: entries stay in memory until thousands have
//! gathered, so that a job is indexed once with all its events, next to its neighbours. After a crash the end
//! of the two tables is read again.

mod attend;
mod marks;
mod recover;
mod state;

pub(crate) use attend::Known;
pub(crate) use state::{ID_SIZE, Session};

#[cfg(test)]
mod tests;
