//! When a failed or crashed attempt is followed by another one.

use std::time::Duration;

use contracts::{Backoff, RetryOptions};

/// How many workers may die under one job before it is taken for the cause.
pub const CRASH_LIMIT: u32 = 3;

/// The pause after a worker died, per death: long enough that two quick restarts of a whole process do not
/// count twice against every job it ran, short enough for the recovery target of ten seconds.
const CRASH_PAUSE: Duration = Duration::from_millis(500);

/// A retry policy with every wish of the client settled.
///
/// Defaults: 3 attempts, exponential from 1 s to at most 10 min, a quarter of each pause drawn at random.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    /// How many attempts may fail before the job does.
    pub max_attempts: u32,
    /// How the pause grows.
    pub backoff: Backoff,
    /// The pause before the second attempt.
    pub initial_delay: Duration,
    /// The longest pause.
    pub max_delay: Duration,
    /// The share of a pause, 0 to 1, that is drawn at random.
    pub jitter: f64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            backoff: Backoff::Exponential,
            initial_delay: Duration::from_secs(1),
            max_delay: Duration::from_mins(10),
            jitter: 0.25,
        }
    }
}

impl RetryPolicy {
    /// Settles a client's wishes against the defaults. Values outside the contract's range are brought into it.
    pub fn from_options(options: Option<&RetryOptions>) -> Self {
        let default = Self::default();
        let Some(options) = options else { return default };
        let initial_delay = seconds(options.initial_delay).unwrap_or(default.initial_delay);
        Self {
            max_attempts: options.max_attempts.unwrap_or(default.max_attempts).max(1),
            backoff: options.backoff.unwrap_or(default.backoff),
            initial_delay,
            // A default never cuts what the client asked for.
            max_delay: seconds(options.max_delay).unwrap_or(default.max_delay.max(initial_delay)),
            jitter: options.jitter.unwrap_or(default.jitter).clamp(0.0, 1.0),
        }
    }

    /// The pause after the `failures`-th failure, or `None` when no attempt is left.
    ///
    /// `random` is uniform in 0..1 and comes from the caller.
    pub fn pause_after(&self, failures: u32, random: f64) -> Option<Duration> {
        if failures >= self.max_attempts {
            return None;
        }
        let step = failures.max(1);
        let factor = match self.backoff {
            Backoff::Fixed => 1.0,
            Backoff::Linear => f64::from(step),
            Backoff::Exponential => 2_f64.powi(i32::try_from(step - 1).unwrap_or(i32::MAX)),
        };
        let longest = self.max_delay.as_secs_f64();
        let full = (self.initial_delay.as_secs_f64() * factor).min(longest);
        Some(Duration::from_secs_f64(full * (1.0 - self.jitter * random)))
    }
}

fn seconds(value: Option<f64>) -> Option<Duration> {
    Duration::try_from_secs_f64(value?).ok()
}

/// What follows the death of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashVerdict {
    /// Another attempt, after the pause.
    Retry(Duration),
    /// Too many deaths: the job is set aside.
    Quarantine,
}

/// The verdict on a job under which `crashes` workers have died, the last one counted.
pub fn after_crash(crashes: u32) -> CrashVerdict {
    if crashes >= CRASH_LIMIT {
        CrashVerdict::Quarantine
    } else {
        CrashVerdict::Retry(CRASH_PAUSE * crashes.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(backoff: Backoff) -> RetryPolicy {
        RetryPolicy {
            backoff,
            jitter: 0.0,
            max_attempts: 100,
            ..RetryPolicy::default()
        }
    }

    #[test]
    fn exponential_pauses_double_up_to_the_longest() {
        let policy = exact(Backoff::Exponential);
        let pauses: Vec<_> = (1..=12)
            .filter_map(|n| policy.pause_after(n, 0.0))
            .map(|d| d.as_secs())
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
    }

    #[test]
    fn linear_and_fixed_pauses_grow_as_named() {
        assert_eq!(
            exact(Backoff::Linear).pause_after(5, 0.0),
            Some(Duration::from_secs(5))
        );
        assert_eq!(
            exact(Backoff::Fixed).pause_after(5, 0.0),
            Some(Duration::from_secs(1))
        );
    }

    #[test]
    fn no_pause_follows_the_last_attempt() {
        let policy = RetryPolicy {
            max_attempts: 2,
            ..RetryPolicy::default()
        };
        assert!(policy.pause_after(1, 0.5).is_some());
        assert_eq!(policy.pause_after(2, 0.5), None);
    }

    #[test]
    fn jitter_only_shortens_and_by_no_more_than_its_share() {
        let policy = RetryPolicy {
            jitter: 0.5,
            ..exact(Backoff::Fixed)
        };
        assert_eq!(policy.pause_after(1, 0.0), Some(Duration::from_secs(1)));
        assert_eq!(policy.pause_after(1, 1.0), Some(Duration::from_millis(500)));
    }

    #[test]
    fn a_long_first_pause_is_not_cut_by_the_default_longest_one() {
        let options = RetryOptions {
            initial_delay: Some(3600.0),
            jitter: Some(0.0),
            ..RetryOptions::default()
        };
        let policy = RetryPolicy::from_options(Some(&options));
        assert_eq!(policy.pause_after(1, 0.5), Some(Duration::from_hours(1)));
    }

    #[test]
    fn absurd_wishes_are_brought_into_range() {
        let options = RetryOptions {
            max_attempts: Some(0),
            initial_delay: Some(-5.0),
            max_delay: Some(f64::INFINITY),
            jitter: Some(7.0),
            ..RetryOptions::default()
        };
        let policy = RetryPolicy::from_options(Some(&options));
        assert_eq!(policy.max_attempts, 1);
        assert_eq!(policy.initial_delay, RetryPolicy::default().initial_delay);
        assert!((policy.jitter - 1.0).abs() < f64::EPSILON);
        assert!(policy.pause_after(u32::MAX, 0.3).is_none());
    }

    #[test]
    fn the_third_dead_worker_quarantines() {
        assert!(matches!(after_crash(1), CrashVerdict::Retry(_)));
        assert!(matches!(after_crash(2), CrashVerdict::Retry(pause) if pause <= Duration::from_secs(2)));
        assert_eq!(after_crash(3), CrashVerdict::Quarantine);
    }
}
