//! How many jobs start in a span of time.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::duration::Span;

/// The most starts of a rate.
pub const MAX_RATE: u32 = 1_000_000;

/// The shortest span of a rate.
pub const MIN_PERIOD: Span = Span::from_millis(1);

/// The longest span of a rate.
pub const MAX_PERIOD: Span = Span::from_secs(30 * 86_400);

/// So many starts in so much time; as many at once after a pause. `{"limit": 100, "per": "1s"}`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct Rate {
    limit: u32,
    per: Span,
}

/// A rate as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    limit: u32,
    per: Span,
}

/// Why a rate is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// None at all, or too many.
    #[error("a rate has a limit of 1 to {MAX_RATE}, to start nothing pause the type")]
    Limit,
    /// Too short or too long.
    #[error("a rate counts over {MIN_PERIOD} to {MAX_PERIOD}")]
    Period,
}

impl Rate {
    /// So many starts in so much time.
    ///
    /// # Errors
    /// When the limit is not 1 to [`MAX_RATE`], or the span not [`MIN_PERIOD`] to [`MAX_PERIOD`].
    pub fn new(limit: u32, per: Span) -> Result<Self, RateError> {
        if !(1..=MAX_RATE).contains(&limit) {
            return Err(RateError::Limit);
        }
        if !(MIN_PERIOD..=MAX_PERIOD).contains(&per) {
            return Err(RateError::Period);
        }
        Ok(Self { limit, per })
    }

    /// How many start in the span, and how many at once after a pause.
    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// The span.
    pub const fn per(&self) -> Duration {
        self.per.get()
    }

    /// Starts per second.
    pub(super) fn per_second(self) -> f64 {
        f64::from(self.limit) / self.per().as_secs_f64()
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} per {}", self.limit, self.per)
    }
}

impl TryFrom<Text> for Rate {
    type Error = RateError;

    fn try_from(text: Text) -> Result<Self, Self::Error> {
        Self::new(text.limit, text.per)
    }
}

impl From<Rate> for Text {
    fn from(rate: Rate) -> Self {
        Self {
            limit: rate.limit,
            per: rate.per,
        }
    }
}
