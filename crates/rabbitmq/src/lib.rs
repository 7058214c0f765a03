//! The event bus on RabbitMQ.
//!
//! One durable topic exchange and a quorum queue for every [`ports::Queue`]; see [`topology`] for what each of them
//! promises. Publications go over one connection and deliveries over another, because a broker that is short of memory
//! or disk stops reading from publishers: their acknowledgements would wait behind their publications.
//!
//! Connections are supervised here, not by the client library: each step has a time-out, and whatever goes wrong drops
//! the connection, cuts its socket and begins anew. Messages that were not confirmed are their publisher's to repeat,
//! and deliveries that were not acknowledged come again.
//!
//! Start reading at [`RabbitMq`].

mod adapter;
mod consumers;
mod dead;
mod depths;
mod kit;
mod line;
mod options;
mod publisher;
mod started;
mod subscription;
pub mod topology;
mod trust;
mod wire;

pub use adapter::RabbitMq;
pub use options::{OpenError, Options};
