//! `/limits`.

pub(super) mod all;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod pause;
pub(super) mod put;
pub(super) mod resume;
