//! The job store. A transition loads the row, applies the rules of `domain`, and writes the row back with the
//! event in it: state and history are one write.
//!
//! | module | of the trait |
//! |---|---|
//! | [`admit`], [`claim`], [`record`] | what messages and results do |
//! | [`due`], [`leases`], [`outbox`] | what nobody's message does |
//! | [`detail`], [`list`], [`prune`] | questions and retention |

mod adapter;
mod admit;
mod body;
mod claim;
mod detail;
mod due;
mod history;
mod leases;
mod list;
mod outbox;
mod prune;
mod recent;
mod record;
mod row;
mod running;
mod state;
mod table;
mod types;

pub(crate) use adapter::JobStoreAdapter;
pub(crate) use recent::Recent;
