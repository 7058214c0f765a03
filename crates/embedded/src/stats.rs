//! The live stats: counters, groups of errors, and which events they have counted already.

mod adapter;
mod apply;
mod errors;
mod prune;
mod read;
mod rebuild;

pub(crate) use adapter::LiveStatsAdapter;
