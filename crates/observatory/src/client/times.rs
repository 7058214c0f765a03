//! Moments and spans as people read them.

use domain::duration::Span;
use jiff::Timestamp;

/// The units of a coarse span, in milliseconds, the longest first.
const UNITS: [(u64, &str); 4] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];

/// A span as its longest unit, such as `3m`.
pub(super) fn coarse(span: Span) -> String {
    let millis = span.as_millis();
    let unit = UNITS.iter().find(|(length, _)| millis >= *length);
    unit.map_or_else(
        || "0s".to_owned(),
        |(length, name)| format!("{}{name}", millis / length),
    )
}

/// How far a moment is from now: `3m ago`, `in 2h`.
pub(super) fn distance(at: Timestamp, now: Timestamp) -> String {
    let span = |from: Timestamp, to: Timestamp| {
        Span::from_millis(u64::try_from(to.as_millisecond() - from.as_millisecond()).unwrap_or(0))
    };
    if at > now {
        format!("in {}", coarse(span(now, at)))
    } else {
        format!("{} ago", coarse(span(at, now)))
    }
}

/// How long ago a moment was, for a column: `3m`.
pub(super) fn age(at: Timestamp, now: Timestamp) -> String {
    let millis = now.as_millisecond() - at.as_millisecond();
    coarse(Span::from_millis(u64::try_from(millis).unwrap_or(0)))
}

/// A moment to the millisecond, in UTC.
pub(super) fn moment(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The time of day to the millisecond, in UTC.
pub(super) fn time_of_day(at: Timestamp) -> String {
    let text = moment(at);
    let time = text.split_once('T').map_or(&*text, |(_, time)| time);
    time.trim_end_matches('Z').to_owned()
}

/// Milliseconds, as precise as they are worth.
pub(super) fn millis(millis: f64) -> String {
    if millis < 10.0 {
        format!("{millis:.2} ms")
    } else if millis < 10_000.0 {
        format!("{millis:.0} ms")
    } else {
        format!("{:.1} s", millis / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_767_323_045_000 + millis).unwrap()
    }

    #[test]
    fn distances_are_told_in_one_unit() {
        assert_eq!(distance(at(0), at(400)), "0s ago");
        assert_eq!(distance(at(0), at(150_000)), "2m ago");
        assert_eq!(distance(at(7_200_000), at(0)), "in 2h");
        assert_eq!(age(at(0), at(3 * 86_400_000)), "3d");
        assert_eq!(age(at(5), at(0)), "0s");
    }

    #[test]
    fn moments_are_told_to_the_millisecond() {
        assert_eq!(moment(at(123)), "2026-01-02T03:04:05.123Z");
        assert_eq!(time_of_day(at(123)), "03:04:05.123");
    }

    #[test]
    fn durations_have_few_digits() {
        assert_eq!(
            [0.1234, 12.7, 65_432.0].map(millis),
            ["0.12 ms", "13 ms", "65.4 s"]
        );
    }
}
