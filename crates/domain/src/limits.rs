//! What holds jobs of a type back: a pause, how many run at once, how many start in a span of time.
//!
//! [`gate`] is the one rule; [`Limits`] is what people set, [`Bucket`] what a store keeps to count starts.

mod bucket;
mod gate;
mod hold;
mod rate;

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

pub use bucket::Bucket;
pub use gate::{Gate, Verdict, gate};
pub use hold::{Hold, UnknownHold};
pub use rate::{MAX_PERIOD, MAX_RATE, MIN_PERIOD, Rate, RateError};

/// The limits of one job type. Without any of them jobs start as they come.
///
/// ```json
/// {"paused": false, "concurrency": 5, "rate": {"limit": 100, "per": "1s"}}
/// ```
///
/// Every value that can be held here is valid; what is not is refused where it is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Nothing starts until somebody resumes the type.
    pub paused: bool,
    /// How many run at once.
    pub concurrency: Option<NonZeroU32>,
    /// How many start in a span of time.
    pub rate: Option<Rate>,
}

impl Limits {
    /// Whether nothing is limited, so that a store need not keep them.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests;
