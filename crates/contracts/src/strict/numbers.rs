//! Numbers that survive parsing and yet mean different things to different readers.
//!
//! The value already holds a rounded number, so this looks at the text, and only when the text has
//! a number that is not an integer of 64 bits.

use super::error::{NumberFault, StrictError};

/// Digits behind the decimal point that PostgreSQL's `numeric`, and with it `jsonb`, can hold.
pub(super) const MAX_SCALE: i64 = 16_383;

/// Refuses integers outside 64 bits and extreme scales, in text that is known to be JSON.
pub(super) fn check(text: &str) -> Result<(), StrictError> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        at = match bytes[at] {
            b'"' => after_string(bytes, at),
            b'-' | b'0'..=b'9' => {
                let end = after_number(bytes, at);
                if let Some(fault) = fault_of(&text[at..end]) {
                    return Err(StrictError::number(text, at, fault));
                }
                end
            }
            _ => at + 1,
        };
    }
    Ok(())
}

fn after_string(bytes: &[u8], opening: usize) -> usize {
    let mut at = opening + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

fn after_number(bytes: &[u8], start: usize) -> usize {
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    bytes[start..]
        .iter()
        .position(|byte| !is_part(byte))
        .map_or(bytes.len(), |length| start + length)
}

fn fault_of(literal: &str) -> Option<NumberFault> {
    if literal.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        (scale(literal) > MAX_SCALE).then_some(NumberFault::Scale)
    } else {
        (literal.parse::<i64>().is_err() && literal.parse::<u64>().is_err())
            .then_some(NumberFault::IntegerRange)
    }
}

/// How many digits stand behind the point once the exponent is applied.
fn scale(literal: &str) -> i64 {
    let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
    let written = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let written = i64::try_from(written).unwrap_or(i64::MAX);
    written.saturating_sub(exponent_of(exponent))
}

/// The exponent, or one beyond every limit where it does not fit a number.
fn exponent_of(digits: &str) -> i64 {
    digits.parse().unwrap_or(if digits.starts_with('-') {
        -i64::from(u32::MAX)
    } else {
        i64::from(u32::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_decimals_pass() {
        for text in [
            "1.5",
            "-0",
            "-0.0",
            "1e10",
            "1E+10",
            "[1.25e-3, 7]",
            r#"{"a\"1e-99999": "\\"}"#,
            "1e308",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn the_limits_of_64_bits_pass_and_the_next_integers_do_not() {
        assert_eq!(check("[18446744073709551615, -9223372036854775808]"), Ok(()));
        for text in ["18446744073709551616", "-9223372036854775809"] {
            let error = check(text).unwrap_err();
            assert_eq!(error.to_string(), "an integer outside 64 bits at line 1 column 1");
        }
    }

    #[test]
    fn a_scale_that_postgres_refuses_is_refused() {
        let edge = format!("0.{}", "0".repeat(16_383));
        assert_eq!(check(&edge), Ok(()));
        assert_eq!(check("1e-16383"), Ok(()));
        for text in [
            &format!("{edge}0"),
            "1e-16384",
            "0e-20000",
            "1e-99999999999999999999999",
            "1.5e-16383",
        ] {
            assert!(
                matches!(
                    check(text),
                    Err(StrictError::Number {
                        fault: NumberFault::Scale,
                        ..
                    })
                ),
                "{text:.20}"
            );
        }
    }

    #[test]
    fn the_place_of_the_number_is_told() {
        let error = check("{\n \"n\": 1e-20000}").unwrap_err();
        assert_eq!(
            error.to_string(),
            "a number with more than 16383 decimal places at line 2 column 7"
        );
    }
}
