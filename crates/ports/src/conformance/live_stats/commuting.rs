//! The order of arrival means nothing.

use super::support::{MINUTE, Stats, StatsHarness, expected, expected_history, mixed, second, sorted};
use crate::StatEvent;

/// A shuffle that is the same for the same seed (a linear congruential generator is random enough here).
fn shuffle(events: &mut [StatEvent], seed: u64) {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    for at in (1..events.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = (state >> 33) % (at as u64 + 1);
        events.swap(at, usize::try_from(other).unwrap_or(0));
    }
}

/// Applies everything on top of an earlier shuffle's duplicates, and compares.
async fn check(stats: &Stats, all: &[StatEvent]) {
    let snapshot = stats.snapshot().await;
    assert_eq!(sorted(snapshot), sorted(expected(all)));
    assert_eq!(stats.history(second(MINUTE)).await, expected_history(all));
}

/// Whatever comes first, with half of it coming twice, also the order within the snapshot is the same.
pub async fn any_order_gives_the_same_snapshot(harness: &StatsHarness) {
    let all = mixed(150);
    let stats = Stats::fresh(harness).await;
    let mut shuffled = [all.clone(), all[..75].to_vec()].concat();
    shuffle(&mut shuffled, 1);
    for batch in shuffled.chunks(10) {
        stats.apply(batch.to_vec()).await;
    }
    check(&stats, &all).await;
    let first = stats.snapshot().await;
    for seed in 2..6 {
        shuffle(&mut shuffled, seed);
        assert_eq!(stats.apply(shuffled.clone()).await, 0);
        assert_eq!(stats.snapshot().await, first, "seed {seed}");
    }
}

/// How events are grouped means nothing either.
pub async fn any_batches_give_the_same_snapshot(harness: &StatsHarness) {
    let all = mixed(120);
    let stats = Stats::fresh(harness).await;
    let mut shuffled = all.clone();
    shuffle(&mut shuffled, 77);
    let mut rest = shuffled.as_slice();
    for size in (1..).take_while(|size| size * (size + 1) / 2 <= 120) {
        let (batch, tail) = rest.split_at(size);
        assert_eq!(stats.apply(batch.to_vec()).await, size);
        rest = tail;
    }
    assert!(rest.is_empty());
    check(&stats, &all).await;
}
