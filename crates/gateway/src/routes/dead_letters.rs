//! `/dead-letters`.

pub(super) mod discard;
pub(super) mod discard_many;
pub(super) mod replay;
pub(super) mod replay_many;
