//! Spans of time as people write them: `500ms`, `2s`, `1h30m`, `7d`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The units in the order in which they are written, with their length in milliseconds.
const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// A span of time of whole milliseconds that reads and prints as people write it.
///
/// The text is one number and unit or several, the longest unit first and each at most once: `90s`, `1h30m`,
/// `1d12h`. A number without a unit is refused, since nobody can know whether seconds were meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of so many milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// A span of so many seconds; at most what fits.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// How many milliseconds it has.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// The same as a [`Duration`].
    pub const fn get(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        span.get()
    }
}

impl From<Duration> for Span {
    /// What is finer than a millisecond is dropped.
    fn from(duration: Duration) -> Self {
        Self(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (unit, millis) in UNITS {
            if rest >= millis {
                write!(f, "{}{unit}", rest / millis)?;
                rest %= millis;
            }
        }
        Ok(())
    }
}

/// Why a text is no span of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// It does not read as numbers with units.
    #[error("expected numbers with units (d, h, m, s, ms), e.g. 500ms, 1h30m or 7d")]
    Form,
    /// A number has no unit.
    #[error("the number {0} has no unit; write e.g. {0}s or {0}m (d, h, m, s, ms)")]
    NoUnit(String),
    /// A unit comes twice, or after a shorter one.
    #[error("the unit `{0}` is out of order; write the longest first and each once, e.g. 1h30m")]
    Order(&'static str),
    /// It is longer than can be counted.
    #[error("longer than can be counted")]
    TooLong,
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(SpanError::Form);
        }
        let (mut rest, mut units, mut total) = (text, UNITS.as_slice(), 0_u64);
        while !rest.is_empty() {
            let (millis, position, left) = piece(rest)?;
            let unit = UNITS.len() - units.len();
            if position < unit {
                return Err(SpanError::Order(UNITS[position].0));
            }
            units = &UNITS[position + 1..];
            total = total.checked_add(millis).ok_or(SpanError::TooLong)?;
            rest = left;
        }
        Ok(Self(total))
    }
}

/// Reads one number with its unit: the milliseconds, the position of the unit, and what is left.
fn piece(text: &str) -> Result<(u64, usize, &str), SpanError> {
    let (number, rest) = split(text, |c| c.is_ascii_digit());
    let (unit, rest) = split(rest, |c| c.is_ascii_alphabetic());
    if number.is_empty() {
        return Err(SpanError::Form);
    }
    if unit.is_empty() && rest.is_empty() {
        return Err(SpanError::NoUnit(number.chars().take(20).collect()));
    }
    let position = UNITS
        .iter()
        .position(|(name, _)| *name == unit)
        .ok_or(SpanError::Form)?;
    let millis = number
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(UNITS[position].1));
    Ok((millis.ok_or(SpanError::TooLong)?, position, rest))
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spans_read_as_people_write_them() {
        for (text, millis) in [
            ("500ms", 500),
            ("2s", 2_000),
            ("90m", 5_400_000),
            ("1h30m", 5_400_000),
            ("7d", 604_800_000),
            ("1d1h1m1s1ms", 90_061_001),
            ("0s", 0),
        ] {
            assert_eq!(text.parse(), Ok(Span::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused_with_the_reason() {
        let error = |text: &str| text.parse::<Span>().unwrap_err();
        assert_eq!(error("90"), SpanError::NoUnit("90".into()));
        assert_eq!(error("1h90"), SpanError::NoUnit("90".into()));
        assert_eq!(error("30m1h"), SpanError::Order("h"));
        assert_eq!(error("1m1m"), SpanError::Order("m"));
        assert_eq!(error("99999999999999999999d"), SpanError::TooLong);
        assert_eq!(error("18446744073709551615d"), SpanError::TooLong);
        assert_eq!(error("18446744073709551615ms1s"), SpanError::Order("s"));
        for text in ["", "d", "7w", "-1s", "1.5h", "1 h", "1h ", "1µs", "5M"] {
            assert_eq!(error(text), SpanError::Form, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(millis: u64) {
            let span = Span::from_millis(millis);
            prop_assert_eq!(span.to_string().parse(), Ok(span));
        }

        #[test]
        fn no_text_is_a_panic(text in "[0-9dhms. é]{0,24}") {
            let _ = text.parse::<Span>();
        }
    }
}
