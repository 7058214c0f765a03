//! Random lives of live stats, checked against a set.

use std::collections::BTreeMap;

use super::support::{
    MINUTE, Stats, StatsHarness, expected, expected_errors, expected_history, failure_of, hours_from_now,
    second, sorted, sorted_errors,
};
use crate::StatEvent;
use crate::conformance::dice::Dice;
use crate::conformance::facts::fact;

fn event(number: u64) -> StatEvent {
    let fact = fact(number);
    StatEvent {
        event_id: fact.event_id,
        job_id: fact.job_id,
        job_type: ["echo", "sleep", "http"][usize::try_from(number % 3).unwrap_or(0)].to_owned(),
        event_type: fact.event_type,
        at: second(MINUTE + (number * 7 % 3_000).cast_signed()),
        attempt_ended: number.is_multiple_of(2),
        failure: failure_of(fact.event_type, number % 13),
    }
}

/// New events and old ones again, crashes and retention over more jobs than fit into a cache.
pub async fn any_life_of_the_stats_counts_each_event_once(harness: &StatsHarness) {
    let mut dice = Dice::new(8);
    let mut stats = Stats::fresh(harness).await;
    let mut applied: BTreeMap<u64, StatEvent> = BTreeMap::new();
    let mut next = 0;
    for _ in 0..400 {
        match dice.below(100) {
            0..90 => {
                let new = dice.below(120);
                let mut numbers: Vec<u64> = (next..next + new).collect();
                next += new;
                numbers.extend((0..dice.below(20)).map(|_| dice.below(next + 1)));
                next = next.max(numbers.iter().max().map_or(0, |last| last + 1));
                dice.shuffle(&mut numbers);
                let before = applied.len();
                applied.extend(numbers.iter().map(|number| (*number, event(*number))));
                let new = stats.apply(numbers.into_iter().map(event).collect()).await;
                assert_eq!(new, applied.len() - before);
            }
            90..94 => stats.prune(hours_from_now(-24 * 365 * 50)).await,
            _ => stats = stats.reopen(harness).await,
        }
    }
    let applied: Vec<_> = applied.into_values().collect();
    assert_eq!(sorted(stats.snapshot().await), sorted(expected(&applied)));
    assert_eq!(stats.history(second(0)).await, expected_history(&applied));
    assert_eq!(sorted_errors(stats.errors(100).await), expected_errors(&applied));
}
