//! What a handler writes down while it runs.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most lines that are kept of one attempt; the first ones are, and a last one says how many are missing.
pub const MAX_LOG_LINES: usize = 200;

/// The longest line that is kept, in characters.
pub const MAX_LOG_LINE: usize = 1_000;

/// A line of an attempt's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When it was written.
    pub at: Timestamp,
    /// What it says: one line, without NUL.
    pub text: String,
}
