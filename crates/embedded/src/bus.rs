//! The event bus: one append-only log of messages, and for every queue a place in it.
//!
//! A message is stored once, whatever number of queues it goes to. A group commit appends one or a few
//! [`block`]s; a queue ([`queue`]) reads forward from them, out of memory ([`tail`]) or, when it has fallen
//! behind, from the file ([`replay`]). What a queue has delivered and not yet settled is a short list
//! ([`cursor`]), saved with the next group commit after it changed. Blocks that no queue needs any more are
//! deleted ([`retention`]).

mod adapter;
mod block;
mod cursor;
mod journal;
mod key;
mod pace;
mod publish;
mod queue;
mod recover;
mod replay;
mod retention;
mod shared;
mod subscription;
mod tail;
mod take;
mod thinning;

pub(crate) use adapter::BusAdapter;
pub(crate) use shared::Bus;

#[cfg(test)]
mod tests;
