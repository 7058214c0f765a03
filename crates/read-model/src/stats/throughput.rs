//! How many jobs are completed per second, now.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use ports::StatsBucket;

/// How far back "now" goes, in seconds.
const WINDOW: f64 = 10.0;

/// The least time between two samples, in seconds; it bounds how many there are.
const SPACING: f64 = 0.25;

/// The least time that a rate can be told from, in seconds.
const SHORTEST: f64 = 0.5;

/// The counter at the last few questions. Whoever asks regularly gets a rate that is seconds old, not minutes.
#[derive(Debug, Default)]
pub(crate) struct Throughput(Mutex<VecDeque<(Timestamp, u64)>>);

impl Throughput {
    /// Notes the counter and says how fast it grew; `None` when nobody has asked lately.
    pub(crate) fn observe(&self, now: Timestamp, completed: u64) -> Option<f64> {
        let mut samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if samples
            .back()
            .is_some_and(|(at, count)| *at > now || *count > completed)
        {
            samples.clear();
        }
        while samples.front().is_some_and(|(at, _)| seconds(*at, now) > WINDOW) {
            samples.pop_front();
        }
        let rate = samples
            .front()
            .and_then(|(at, count)| per_second(completed - count, seconds(*at, now)));
        if samples.back().is_none_or(|(at, _)| seconds(*at, now) >= SPACING) {
            samples.push_back((now, completed));
        }
        rate
    }
}

/// The rate over the last full minute and the part of the current one, for who asks for the first time.
pub(crate) fn recent_rate(now: Timestamp, buckets: &[StatsBucket]) -> f64 {
    let minute = now.as_second().div_euclid(60) * 60;
    let recent = buckets
        .iter()
        .filter(|bucket| bucket.minute == minute || bucket.minute == minute - 60);
    let completed = recent.map(|bucket| bucket.completed).fold(0, u64::saturating_add);
    let since = Timestamp::from_second(minute - 60).unwrap_or(now);
    per_second(completed, seconds(since, now)).unwrap_or(0.0)
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64()
}

fn per_second(count: u64, seconds: f64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a rate, rounded anyway")]
    let rate = count as f64 / seconds;
    (seconds >= SHORTEST).then(|| (rate * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_000_000_000 + millis).unwrap()
    }

    #[test]
    fn the_rate_is_that_of_the_last_ten_seconds() {
        let throughput = Throughput::default();
        assert_eq!(throughput.observe(at(0), 0), None);
        assert_eq!(throughput.observe(at(1000), 100), Some(100.0));
        assert_eq!(throughput.observe(at(2000), 400), Some(200.0));
        assert_eq!(throughput.observe(at(11_500), 400), Some(0.0));
    }

    #[test]
    fn a_first_question_and_a_late_one_have_no_rate() {
        let throughput = Throughput::default();
        throughput.observe(at(0), 5);
        assert_eq!(throughput.observe(at(100), 6), None);
        assert_eq!(throughput.observe(at(60_000), 600), None);
    }

    #[test]
    fn counters_that_were_rebuilt_start_anew() {
        let throughput = Throughput::default();
        throughput.observe(at(0), 500);
        assert_eq!(throughput.observe(at(1000), 20), None);
        assert_eq!(throughput.observe(at(2000), 30), Some(10.0));
    }

    #[test]
    fn many_questions_leave_few_samples() {
        let throughput = Throughput::default();
        for millis in 0..60_000 {
            throughput.observe(at(millis), 1);
        }
        assert!(throughput.0.lock().unwrap().len() <= 42);
    }

    #[test]
    fn the_first_rate_comes_from_the_minutes() {
        let now = Timestamp::from_second(60 * 1000 + 30).unwrap();
        let bucket = |minute: i64, completed| StatsBucket {
            minute: minute * 60,
            completed,
            ..StatsBucket::default()
        };
        let buckets = [bucket(998, 1_000_000), bucket(999, 600), bucket(1000, 300)];
        assert!((recent_rate(now, &buckets) - 10.0).abs() < f64::EPSILON);
        assert!(recent_rate(now, &[]).abs() < f64::EPSILON);
    }
}
