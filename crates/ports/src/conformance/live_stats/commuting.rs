//! The order of arrival means nothing.

use super::support::{
    MINUTE, Stats, StatsHarness, expected, expected_errors, expected_history, mixed, second, sorted,
    sorted_errors,
};
use crate::StatEvent;
use crate::conformance::dice::Dice;

/// Applies everything on top of an earlier shuffle's duplicates, and compares.
async fn check(stats: &Stats, all: &[StatEvent]) {
    let snapshot = stats.snapshot().await;
    assert_eq!(sorted(snapshot), sorted(expected(all)));
    assert_eq!(stats.history(second(MINUTE)).await, expected_history(all));
    assert_eq!(sorted_errors(stats.errors(100).await), expected_errors(all));
}

/// Whatever comes first, with half of it coming twice, also the order within the snapshot is the same.
pub async fn any_order_gives_the_same_snapshot(harness: &StatsHarness) {
    let all = mixed(150);
    let stats = Stats::fresh(harness).await;
    let mut shuffled = [all.clone(), all[..75].to_vec()].concat();
    Dice::new(1).shuffle(&mut shuffled);
    for batch in shuffled.chunks(10) {
        stats.apply(batch.to_vec()).await;
    }
    check(&stats, &all).await;
    let first = stats.snapshot().await;
    for seed in 2..6 {
        Dice::new(seed).shuffle(&mut shuffled);
        assert_eq!(stats.apply(shuffled.clone()).await, 0);
        assert_eq!(stats.snapshot().await, first, "seed {seed}");
    }
}

/// How events are grouped means nothing either.
pub async fn any_batches_give_the_same_snapshot(harness: &StatsHarness) {
    let all = mixed(120);
    let stats = Stats::fresh(harness).await;
    let mut shuffled = all.clone();
    Dice::new(77).shuffle(&mut shuffled);
    let mut rest = shuffled.as_slice();
    for size in (1..).take_while(|size| size * (size + 1) / 2 <= 120) {
        let (batch, tail) = rest.split_at(size);
        assert_eq!(stats.apply(batch.to_vec()).await, size);
        rest = tail;
    }
    assert!(rest.is_empty());
    check(&stats, &all).await;
}
