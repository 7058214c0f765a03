//! The event log: events by arrival, each once, and dead letters.

mod adapter;
mod append;
mod letters;
mod list;
mod prune;

pub(crate) use adapter::EventLogAdapter;
