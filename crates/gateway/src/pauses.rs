//! Pauses between two looks at something that is about to change.

use std::time::Duration;

/// Pauses that double up to a longest one.
pub(crate) struct Pauses {
    next: Duration,
    longest: Duration,
}

impl Pauses {
    /// From the first pause to the longest.
    pub(crate) fn new((first, longest): (Duration, Duration)) -> Self {
        Self { next: first, longest }
    }

    /// Sleeps for the next pause.
    pub(crate) async fn next(&mut self) {
        tokio::time::sleep(self.next).await;
        self.next = self.longest.min(self.next * 2);
    }
}
