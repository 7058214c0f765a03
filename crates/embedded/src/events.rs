//! The event log: events by arrival, many to a row, and dead letters.
//!
//! That an event is kept once, and where a job's events are, is known by [`crate::known`].

mod adapter;
mod append;
mod block;
mod follow;
mod letters;
mod list;
mod prune;
mod spot;

pub(crate) use adapter::EventLogAdapter;
pub(crate) use block::identifiers;

#[cfg(test)]
mod tests;
