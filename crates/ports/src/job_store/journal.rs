//! Everything that has happened, out of the authority on it.

use domain::JobEvent;

use super::NewJob;

/// A job and its life so far.
#[derive(Clone, Debug, PartialEq)]
pub struct JobJournal {
    /// The job, as it was created.
    pub job: NewJob,
    /// What has happened to it, `job.created` first.
    pub history: Vec<JobEvent>,
}
