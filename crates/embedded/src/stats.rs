//! The live stats: counters, and which events they have counted already.

mod adapter;
mod apply;
mod prune;
mod read;

pub(crate) use adapter::LiveStatsAdapter;
