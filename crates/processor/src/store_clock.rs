//! The time by which every processor of one job store lives.
//!
//! Leases, delays and schedules are moments that one process writes and others read. Were each to take its own machine's
//! word, one whose clock is ahead would reap the living, and one whose clock is behind would be reaped alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::Clock;
use jiff::Timestamp;
use ports::StoreError;

/// A difference worth telling somebody.
const NOTABLE: Duration = Duration::from_secs(1);

/// The machine's clock, corrected to that of the job store's server.
pub(crate) struct StoreClock {
    machine: Arc<dyn Clock>,
    /// How far the server is ahead of the machine, in microseconds.
    ahead: AtomicI64,
}

impl StoreClock {
    pub(crate) fn new(machine: Arc<dyn Clock>) -> Self {
        Self {
            machine,
            ahead: AtomicI64::new(0),
        }
    }

    /// Compares with the server, which `ask` asks for its time. The answer was true at some moment between the question
    /// and its arrival; the correction changes no more than that proves, so a slow answer makes no good clock worse.
    ///
    /// # Errors
    /// That of `ask`; the correction stays as it was.
    pub(crate) async fn compare(
        &self,
        ask: impl Future<Output = Result<Option<Timestamp>, StoreError>>,
    ) -> Result<(), StoreError> {
        let asked = self.machine.now();
        let answer = ask.await?;
        let answered = self.machine.now();
        let Some(server) = answer else { return Ok(()) };
        // Somebody who sets the machine's clock meanwhile makes this no interval; the next answer will.
        if answered < asked {
            return Ok(());
        }
        let (least, most) = (micros(answered, server), micros(asked, server));
        let before = self.ahead.load(Ordering::Relaxed);
        let ahead = before.clamp(least, most);
        self.ahead.store(ahead, Ordering::Relaxed);
        if Duration::from_micros(ahead.abs_diff(before)) >= NOTABLE {
            let seconds = ahead / 1_000_000;
            tracing::warn!(
                seconds,
                "this machine's clock differs from the job store's, which counts"
            );
        }
        Ok(())
    }
}

impl Clock for StoreClock {
    fn now(&self) -> Timestamp {
        let micros = self.machine.now().as_microsecond();
        let corrected = micros.saturating_add(self.ahead.load(Ordering::Relaxed));
        Timestamp::from_microsecond(corrected).unwrap_or(Timestamp::MAX)
    }
}

/// From `machine` to `server`.
fn micros(machine: Timestamp, server: Timestamp) -> i64 {
    server.as_microsecond().saturating_sub(machine.as_microsecond())
}

#[cfg(test)]
mod tests;
