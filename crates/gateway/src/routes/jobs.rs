//! `/jobs`, and commands over all the jobs that match.

pub(super) mod batch;
pub(super) mod cancel;
pub(super) mod delete;
pub(super) mod retry;
pub(super) mod submit;
