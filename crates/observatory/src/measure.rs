//! Latencies: recorded in microseconds, reported in milliseconds.

use hdrhistogram::Histogram;
use serde::Serialize;

/// Milliseconds, to the microsecond.
pub(crate) type Millis = f64;

/// The longest latency that is told apart from longer ones, in microseconds: ten minutes.
const LONGEST: u64 = 600_000_000;

/// An empty histogram of microseconds, exact to three digits.
pub(crate) fn histogram() -> Histogram<u64> {
    match Histogram::new_with_bounds(1, LONGEST, 3) {
        Ok(histogram) => histogram,
        Err(error) => unreachable!("constant bounds are refused: {error}"),
    }
}

/// Microseconds as milliseconds.
#[expect(
    clippy::cast_precision_loss,
    reason = "no latency needs 53 bits of microseconds"
)]
pub(crate) fn millis(micros: u64) -> Millis {
    micros as f64 / 1000.0
}

/// The percentiles that a report shows, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Percentiles {
    /// The median.
    pub(crate) p50: Millis,
    /// 95 of 100 are no longer.
    pub(crate) p95: Millis,
    /// 99 of 100 are no longer.
    pub(crate) p99: Millis,
    /// The longest.
    pub(crate) max: Millis,
}

impl From<&Histogram<u64>> for Percentiles {
    fn from(histogram: &Histogram<u64>) -> Self {
        let at = |quantile| millis(histogram.value_at_quantile(quantile));
        Self {
            p50: at(0.50),
            p95: at(0.95),
            p99: at(0.99),
            max: millis(histogram.max()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_milliseconds() {
        let mut histogram = histogram();
        for micros in 1..=1_000 {
            histogram.saturating_record(micros * 10);
        }
        let percentiles = Percentiles::from(&histogram);
        assert!((percentiles.p50 - 5.0).abs() < 0.01, "{percentiles:?}");
        assert!((percentiles.p95 - 9.5).abs() < 0.01, "{percentiles:?}");
        assert!((percentiles.p99 - 9.9).abs() < 0.01, "{percentiles:?}");
        assert!((percentiles.max - 10.0).abs() < 0.01, "{percentiles:?}");
    }

    #[test]
    fn the_longest_latencies_are_kept() {
        let mut histogram = histogram();
        histogram.saturating_record(u64::MAX);
        assert!(histogram.max() >= LONGEST);
    }
}
