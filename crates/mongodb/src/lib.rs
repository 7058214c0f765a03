//! The event log on MongoDB.
//!
//! An event is a document of the collection `job_events` whose `_id` is the event's identifier, so it is kept once. Its
//! fields are those by which it is found, under the names that the published system gave them; `body` is the envelope as
//! it was published, byte for byte, which BSON cannot give back of every JSON. See [`document`].
//!
//! **Order.** Every event has a `position`, taken from a counter before it is inserted, so that several engines can append
//! at the same time. It may become visible after one with a greater position, and a follower must not pass it by then.
//! So positions have no gaps: a follower that finds one missing waits there. A position that will never be used, because
//! the event was known already, is filled by whoever took it; one that was taken by an engine that died is filled by the
//! follower after [`Options::settle_limit`]. Both is safe at any moment, for `position` is unique: an engine that comes
//! too late finds its position taken and takes another one. No clock has to agree with another.
//!
//! **Durability.** A call is answered when most members of the replica set have written to their journals, and events are
//! read in that state alone.
//!
//! Retention goes by position, in small batches; there is no index on times.
//!
//! Start reading at [`MongoDb`], then `append.rs` and `follow.rs`.

mod adapter;
mod append;
pub mod document;
mod failure;
mod follow;
mod gaps;
mod letters;
mod list;
mod log;
mod options;
mod place;
mod prune;
mod state;
mod tail;

pub use adapter::MongoDb;
pub use options::{OpenError, Options};
