//! The job store. A transition loads the row, applies the rules of `domain`, and writes the row back with the
//! event in it: state and history are one write.
//!
//! | module | of the trait |
//! |---|---|
//! | [`admit`], [`claim`], [`record`] | what messages and results do |
//! | [`due`], [`fire`], [`leases`], [`outbox`] | what nobody's message does |
//! | [`command`], [`unique`], [`limits`], [`schedules`] | what clients want |
//! | [`detail`], [`list`], [`prune`] | questions and retention |
//!
//! What keeps a job from starting is found by [`obstacle`]; the jobs that it holds back are kept beside the table
//! ([`holds`]), and go when there is [`room`]. What narrows a [`list`] is kept for many jobs together ([`search`]).

mod adapter;
mod admit;
mod body;
mod claim;
mod codes;
mod command;
mod detail;
mod due;
mod facts;
mod fire;
#[cfg(test)]
mod fixtures;
mod forgotten;
mod history;
mod holds;
mod journal;
mod leases;
mod limits;
mod list;
mod logs;
mod obstacle;
mod outbox;
mod prune;
mod recent;
mod record;
mod released;
mod room;
mod row;
mod running;
mod schedules;
mod search;
mod state;
mod table;
mod types;
mod unique;

pub(crate) use adapter::JobStoreAdapter;
pub(crate) use recent::Recent;
pub(crate) use search::CatchUp;

#[cfg(test)]
mod tests;
