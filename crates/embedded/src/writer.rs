//! One thread writes. Whatever waits for it is committed together (group commit), so that the cost of a
//! durable commit is shared; nothing ever waits for a group to fill, groups form while the one before is
//! being made durable.
//!
//! An [`Operation`] must be repeatable: a group is first run as a whole, and only if something in it fails
//! it is rolled back and run again one by one, so that the usual case pays for no savepoints.

mod group;
mod inbox;
mod operation;
mod thread;

pub(crate) use inbox::{Closing, Inbox};
pub(crate) use operation::{Attendant, Attendants, Operation, Order, call};
pub(crate) use thread::{WriterThread, start};

#[cfg(test)]
mod tests;
