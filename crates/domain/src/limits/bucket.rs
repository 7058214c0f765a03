//! The tokens that starts under a rate are paid with.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Rate;

/// What rounding may take from a whole token, far less than a start of any rate.
const ROUNDING: f64 = 1e-6;

/// The tokens of a rate: it holds the rate's limit, fills at the rate, and each start takes one. So in any span of the
/// rate's length there are never more starts than twice the limit, and over a long time the rate holds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// How many there were,
    pub tokens: f64,
    /// at this moment.
    pub at: Timestamp,
}

impl Bucket {
    /// A full bucket.
    pub fn full(rate: &Rate, now: Timestamp) -> Self {
        Self {
            tokens: f64::from(rate.limit()),
            at: now,
        }
    }

    /// Takes a token, or says when there is one. A rate that was changed since counts from now on; a clock that goes
    /// back neither adds nor takes any.
    ///
    /// # Errors
    /// When there is none; the error is the moment at which there will be one if nobody else takes it.
    pub fn take(&mut self, rate: &Rate, now: Timestamp) -> Result<(), Timestamp> {
        self.fill(rate, now);
        if self.tokens < 1.0 - ROUNDING {
            return Err(self.next_token(rate));
        }
        self.tokens = (self.tokens - 1.0).max(0.0);
        Ok(())
    }

    fn fill(&mut self, rate: &Rate, now: Timestamp) {
        let passed = now.duration_since(self.at).as_secs_f64().max(0.0);
        let tokens = self.tokens + passed * rate.per_second();
        self.tokens = tokens.clamp(0.0, f64::from(rate.limit()));
        self.at = self.at.max(now);
    }

    /// The moment of the next token, on the next microsecond: stores and clocks know no finer time.
    fn next_token(&self, rate: &Rate) -> Timestamp {
        let seconds = (1.0 - self.tokens) / rate.per_second();
        let micros = Duration::from_secs_f64(seconds).as_nanos().div_ceil(1_000).max(1);
        let pause = Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX));
        self.at.saturating_add(pause).unwrap_or(Timestamp::MAX)
    }
}
