//! How much work one page is worth.

use std::time::{Duration, Instant};

/// How long a page is looked for. What is found by then is a page, and its cursor goes on from there. A reader's
/// connection is taken for so long, and so is a snapshot of the database.
const LIMIT: Duration = Duration::from_millis(20);

/// What is left of it.
#[derive(Debug)]
pub(super) enum Budget {
    /// Until a moment.
    Until(Instant),
    /// For so many looks, in tests.
    #[cfg(test)]
    Looks(u32),
}

impl Budget {
    pub(super) fn start() -> Self {
        Self::Until(Instant::now() + LIMIT)
    }

    /// Whether it is used up, with this look.
    pub(super) fn is_spent(&mut self) -> bool {
        match self {
            Self::Until(moment) => Instant::now() >= *moment,
            #[cfg(test)]
            Self::Looks(left) => {
                *left = left.saturating_sub(1);
                *left == 0
            }
        }
    }
}
