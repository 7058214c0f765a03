//! Batches at a pace: what costs the same for one as for many waits a moment for more.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Keeps the beginnings of batches apart. What comes after a lull is taken at once, so that one job alone waits for
/// nobody; under load a batch has what came since the last one, and after a full batch there is no pause.
#[derive(Debug)]
pub struct Pace {
    apart: Duration,
    next: Option<Instant>,
}

impl Pace {
    /// Batches begin at least `apart` from each other; with zero there is no pause.
    pub fn new(apart: Duration) -> Self {
        Self { apart, next: None }
    }

    /// Waits until the next batch may begin. Cancel-safe.
    pub async fn wait(&self) {
        if let Some(next) = self.next {
            sleep_until(next).await;
        }
    }

    /// A batch begins now; `full` says that there is more where it came from.
    pub fn begin(&mut self, full: bool) {
        self.next = (!full && !self.apart.is_zero()).then(|| Instant::now() + self.apart);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const APART: Duration = Duration::from_millis(50);

    #[tokio::test(start_paused = true)]
    async fn only_what_follows_soon_after_a_partial_batch_waits() {
        let mut pace = Pace::new(APART);
        let begun = Instant::now();
        pace.wait().await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
        pace.begin(false);
        pace.wait().await;
        assert_eq!(begun.elapsed(), APART);
        pace.begin(true);
        pace.wait().await;
        assert_eq!(begun.elapsed(), APART);
        pace.begin(false);
        tokio::time::advance(APART * 3).await;
        pace.wait().await;
        assert_eq!(begun.elapsed(), APART * 4);
    }

    #[tokio::test(start_paused = true)]
    async fn no_distance_is_no_pause() {
        let mut pace = Pace::new(Duration::ZERO);
        let begun = Instant::now();
        pace.begin(false);
        pace.wait().await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }
}
