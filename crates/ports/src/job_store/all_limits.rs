//! The limits that are set.

use std::collections::BTreeMap;

use domain::limits::Limits;
use serde::{Deserialize, Serialize};

/// The most job types that limits are kept for.
pub const MAX_LIMITED_TYPES: usize = 1_000;

/// Every limit that is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AllLimits {
    /// Whether everything is paused.
    pub paused: bool,
    /// The limits by job type; open ones are absent.
    pub types: BTreeMap<String, Limits>,
}

/// A change of limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LimitChange {
    /// Pause or resume everything.
    PauseAll(bool),
    /// Pause or resume a type and leave its other limits alone.
    Pause(String, bool),
    /// Replace the limits of a type; open ones are forgotten.
    Of(String, Limits),
}
