//! How much work one page is worth.

use std::time::Duration;

use tokio::time::Instant;

/// How long a page is looked for. What is found by then is a page, and its cursor goes on from there.
const LIMIT: Duration = Duration::from_millis(20);

/// What is left of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget(Instant);

impl Budget {
    pub(super) fn start() -> Self {
        Self(Instant::now() + LIMIT)
    }

    /// Whether it is used up.
    pub(super) fn is_spent(self) -> bool {
        Instant::now() >= self.0
    }
}
