//! The last minutes, the empty ones too.

use jiff::Timestamp;
use ports::StatsBucket;

/// The length of a slice, in seconds.
pub(crate) const STEP: i64 = 60;

/// The start of the first of the last `minutes`, the one that `now` is in included, in seconds since 1970.
pub(crate) fn first_minute(now: Timestamp, minutes: usize) -> i64 {
    let current = now.as_second().div_euclid(STEP) * STEP;
    current - STEP * (i64::try_from(minutes).unwrap_or(i64::MAX / STEP) - 1).max(0)
}

/// One bucket for every one of `minutes` minutes from `first` on; those that had no event are zero. The known
/// ones are sorted by time.
pub(crate) fn fill(first: i64, minutes: usize, known: &[StatsBucket]) -> Vec<StatsBucket> {
    let starts = (first..).step_by(60).take(minutes);
    starts
        .map(|minute| {
            let found = known.binary_search_by_key(&minute, |bucket| bucket.minute);
            found.map_or(
                StatsBucket {
                    minute,
                    ..StatsBucket::default()
                },
                |at| known[at].clone(),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_minutes_are_zero_and_the_current_one_is_last() {
        let now = Timestamp::from_second(1000 * 60 + 59).unwrap();
        let first = first_minute(now, 3);
        let known = [StatsBucket {
            minute: 999 * 60,
            created: 7,
            completed: 5,
            failed: 1,
        }];
        let filled = fill(first, 3, &known);
        let told: Vec<_> = filled
            .iter()
            .map(|bucket| (bucket.minute / 60, bucket.created))
            .collect();
        assert_eq!(told, [(998, 0), (999, 7), (1000, 0)]);
    }
}
