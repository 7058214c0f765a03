//! `/jobs/{id}`.

pub(super) mod cancel;
pub(super) mod delete;
pub(super) mod retry;
