//! What leaves a store without a message of its own.

use std::sync::Arc;

use domain::JobEvent;

use super::NewJob;

/// A stored job whose next attempt is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// The job, as it was created.
    pub job: Arc<NewJob>,
    /// Which attempt to ask for.
    pub attempt: u32,
}

/// An event that has no message to be published with.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxEntry {
    /// What to clear it by.
    pub seq: u64,
    /// What to publish.
    pub post: Post,
}

/// What leaves a store by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Post {
    /// A transition.
    Event(JobEvent),
    /// A job that a schedule made: its `job.created`, which announces it to everybody.
    Created(Arc<NewJob>),
}
