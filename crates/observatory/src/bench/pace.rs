//! When each request of a load is due.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

/// An open-loop schedule: request `n` is due at `n / rate`, whatever became of the requests before it. Latencies
/// count from there, so a server that stalls is charged for everything that waited (no coordinated omission).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Schedule {
    interval: f64,
}

impl Schedule {
    /// `jobs_per_second` in requests of `batch` jobs each.
    pub(super) fn new(jobs_per_second: f64, batch: u32) -> Self {
        Self {
            interval: f64::from(batch) / jobs_per_second,
        }
    }

    /// How long after the start request `request` is due.
    #[expect(clippy::cast_precision_loss, reason = "a load of 2^53 requests never ends")]
    pub(super) fn due(self, request: u64) -> Duration {
        Duration::from_secs_f64(self.interval * request as f64)
    }
}

/// Lets requests through when they are due. The timer of the async runtime is good to a millisecond, which is as
/// much as what is measured; a thread that sleeps is good to a few microseconds.
#[derive(Debug)]
pub(super) struct Ticker {
    due: Arc<Semaphore>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts letting `requests` requests through, the first at `start`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(schedule: Schedule, start: Instant, requests: u64) -> std::io::Result<Self> {
        let due = Arc::new(Semaphore::new(0));
        let stop = Arc::new(AtomicBool::new(false));
        let thread = std::thread::Builder::new().name("ticker".into()).spawn({
            let (due, stop) = (Arc::clone(&due), Arc::clone(&stop));
            move || tick(schedule, start, requests, &due, &stop)
        })?;
        Ok(Self {
            due,
            stop,
            thread: Some(thread),
        })
    }

    /// Returns when one more request is due.
    pub(super) async fn wait(&self) {
        if let Ok(permit) = self.due.acquire().await {
            permit.forget();
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // It does nothing that could panic.
            let _ = thread.join();
        }
    }
}

fn tick(schedule: Schedule, start: Instant, requests: u64, due: &Semaphore, stop: &AtomicBool) {
    for request in 0..requests {
        let at = start + schedule.due(request);
        loop {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let left = at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            std::thread::park_timeout(left);
        }
        due.add_permits(1);
    }
    // Whoever still waits learns that there is nothing left to send.
    due.add_permits(Semaphore::MAX_PERMITS / 2);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_due_evenly_from_the_start() {
        let schedule = Schedule::new(500.0, 1);
        assert_eq!(schedule.due(0), Duration::ZERO);
        assert_eq!(schedule.due(1), Duration::from_millis(2));
        assert_eq!(schedule.due(5_000), Duration::from_secs(10));
        assert_eq!(Schedule::new(500.0, 50).due(10), Duration::from_secs(1));
    }

    #[tokio::test]
    async fn requests_pass_no_sooner_than_they_are_due() {
        let start = Instant::now();
        let ticker = Ticker::start(Schedule::new(1_000.0, 1), start, 20).unwrap();
        for request in 0..20 {
            ticker.wait().await;
            assert!(start.elapsed() >= Duration::from_millis(request));
        }
    }

    #[tokio::test]
    async fn a_ticker_can_be_dropped_before_its_end() {
        let ticker = Ticker::start(Schedule::new(0.001, 1), Instant::now(), 1_000).unwrap();
        ticker.wait().await;
        drop(ticker);
    }
}
