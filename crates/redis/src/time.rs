//! Times as scripts compare them.

use jiff::Timestamp;

/// Makes every time positive, so that texts of equal length sort as the times do.
const SHIFT: i64 = 1_000_000_000_000_000_000;

/// How long [`text`] is.
pub(crate) const TEXT: usize = 19;

/// A time to the microsecond in 19 digits.
pub(crate) fn text(at: Timestamp) -> String {
    format!("{:019}", at.as_microsecond() + SHIFT)
}

/// The time of a [`text`].
pub(crate) fn of_text(text: &str) -> Option<Timestamp> {
    let micros = text.parse::<i64>().ok()?.checked_sub(SHIFT)?;
    Timestamp::from_microsecond(micros).ok()
}

/// Whole seconds since 1970 and the microseconds beyond: numbers that a script's floating point has exactly.
pub(crate) fn parts(at: Timestamp) -> (i64, u32) {
    let micros = at.as_microsecond();
    let beyond = micros.rem_euclid(1_000_000);
    (micros.div_euclid(1_000_000), u32::try_from(beyond).unwrap_or(0))
}

/// The time of [`parts`].
pub(crate) fn of_parts(second: i64, micro: u32) -> Option<Timestamp> {
    let micros = second.checked_mul(1_000_000)?.checked_add(micro.into())?;
    Timestamp::from_microsecond(micros).ok()
}

/// The start of the minute that a moment is in, in seconds since 1970.
pub(crate) fn minute(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(60_000_000) * 60
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: [i64; 6] = [
        -377_705_000_000_000_001,
        -1,
        0,
        1,
        1_760_000_000_123_457,
        253_402_200_000_999_999,
    ];

    fn moments() -> Vec<Timestamp> {
        let moments = TIMES.map(|micros| Timestamp::from_microsecond(micros).unwrap());
        moments.into()
    }

    #[test]
    fn texts_sort_as_the_times_do_and_lead_back() {
        let texts: Vec<_> = moments().into_iter().map(text).collect();
        assert!(texts.is_sorted());
        assert!(texts.iter().all(|text| text.len() == TEXT));
        let back: Vec<_> = texts.iter().filter_map(|text| of_text(text)).collect();
        assert_eq!(back, moments());
        assert_eq!(of_text("x"), None);
    }

    #[test]
    fn parts_lead_back() {
        for moment in moments() {
            let (second, micro) = parts(moment);
            assert_eq!(of_parts(second, micro), Some(moment));
        }
        assert_eq!(of_parts(i64::MAX, 0), None);
    }

    #[test]
    fn a_minute_before_1970_begins_before_it() {
        let minutes = [-1, 0, 59_999_999, 60_000_000].map(|micros| {
            let moment = Timestamp::from_microsecond(micros).unwrap();
            minute(moment)
        });
        assert_eq!(minutes, [-60, 0, 0, 60]);
    }
}
