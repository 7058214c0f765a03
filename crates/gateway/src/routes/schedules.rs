//! `/schedules`.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod pause;
pub(super) mod preview;
pub(super) mod put;
pub(super) mod resume;
pub(super) mod run;
