//! Limits that change while jobs wait for them.

use std::collections::BTreeSet;

use contracts::JobStatus;
use domain::limits::{Hold, Limits};

use super::support::{
    Store, StoreHarness, Turn, announced, at, at_most, claims_of, completed, dispatched, id, job, jobs,
    paused, rate, ticket,
};
use crate::conformance::wait::within;
use crate::{Claim, LimitChange, MAX_LIMITED_TYPES, StoreError};

/// A store in which so many jobs of `echo` run, of `1..=count`, and the others wait.
async fn waiting(harness: &StoreHarness, most: u32, count: u64) -> (Store, Turn) {
    let store = Store::fresh(harness).await;
    store.set_limits("echo", at_most(most)).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    turn.announce(jobs(1..count + 1), 1).await;
    (store, turn)
}

/// More room is used at once, and no more than there is.
pub async fn a_raised_limit_lets_more_jobs_go(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 1, 5).await;
    store.set_limits("echo", at_most(3)).await;
    let taken = store.take_due(at(2), at(300), 1000).await;
    assert_eq!(taken.len(), 2, "there is room for two more");
    assert_eq!(claims_of(&turn.dispatch(taken, 2).await), [2, 3].map(id));
    assert!(turn.take_all(3).await.is_empty());
}

/// What runs goes on, and nothing starts before there is room by the new measure.
pub async fn a_lowered_limit_waits_for_running_jobs(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 3, 5).await;
    store.set_limits("echo", at_most(1)).await;
    for running in 1..=2 {
        turn.end(running, 1, 5, completed()).await;
        assert!(turn.take_all(5).await.is_empty(), "too many run");
    }
    assert!(turn.end(3, 1, 6, completed()).await);
    assert_eq!(turn.take_all(6).await, [id(4)]);
}

/// Nothing is left to wait for, for those that wait and for those that come.
pub async fn a_removed_limit_lets_every_job_go(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 1, 5).await;
    store.set_limits("echo", Limits::default()).await;
    let fresh = turn.announce(vec![job(6)], 2).await;
    assert_eq!(claims_of(&fresh), [id(6)]);
    assert_eq!(turn.take_all(2).await, (2..=5).map(id).collect::<Vec<_>>());
}

/// A limit that comes late counts what runs already.
pub async fn a_new_limit_counts_what_runs_already(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    turn.announce(jobs(1..4), 1).await;
    store.set_limits("echo", at_most(3)).await;
    assert_eq!(turn.announce(vec![job(4)], 2).await, [Claim::Waits(Vec::new())]);
    turn.end(1, 1, 5, completed()).await;
    assert_eq!(turn.take_all(5).await, [id(4)]);
}

/// Jobs that waited for one reason wait for another, and then go.
pub async fn a_pause_over_a_limit_ends_with_the_limit_in_force(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 1, 4).await;
    let both = Limits {
        paused: true,
        ..at_most(1)
    };
    store.set_limits("echo", both).await;
    turn.announce(vec![job(5)], 2).await;
    turn.end(1, 1, 5, completed()).await;
    assert!(turn.take_all(5).await.is_empty());
    store.set_limits("echo", at_most(1)).await;
    for next in 2..=5 {
        assert_eq!(turn.take_all(6).await, [id(next)]);
        turn.end(next, 1, 6, completed()).await;
    }
}

/// A faster rate and a slower one count from the moment they are set.
pub async fn a_changed_rate_counts_at_once(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.set_limits("echo", rate(1, 100_000)).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    turn.announce(jobs(1..6), 0).await;
    assert_eq!(store.state(2).await, (JobStatus::Pending, Some(Hold::Rate)));
    assert!(turn.take_all(1_000).await.is_empty());
    store.set_limits("echo", rate(1, 10)).await;
    assert_eq!(turn.take_all(1_010).await, [id(2)]);
    assert_eq!(turn.take_all(1_020).await, [id(3)]);
    store.set_limits("echo", rate(1, 100_000)).await;
    assert!(turn.take_all(2_000).await.is_empty());
    store.set_limits("echo", Limits::default()).await;
    assert_eq!(turn.take_all(2_001).await, [id(4), id(5)]);
}

/// What was set is told, what is open is forgotten, and a crash changes nothing.
pub async fn limits_are_kept_as_they_were_set(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    assert_eq!(store.limits().await, crate::AllLimits::default());
    let all = Limits {
        paused: true,
        ..Limits {
            concurrency: at_most(7).concurrency,
            ..rate(100, 1)
        }
    };
    let odd = "type.with:odd_\u{1f980}'\"%";
    store.set_limits("echo", all).await;
    store.set_limits(odd, paused()).await;
    store.set_limits("echo", at_most(2)).await;
    store.set_limits("gone", rate(5, 60)).await;
    store.set_limits("gone", Limits::default()).await;
    store.pause_all(true).await;
    let expected = crate::AllLimits {
        paused: true,
        types: [("echo".to_owned(), at_most(2)), (odd.to_owned(), paused())].into(),
    };
    assert_eq!(store.limits().await, expected);
    let store = store.reopen(harness).await;
    assert_eq!(store.limits().await, expected);
    store.pause_all(false).await;
    store.set_limits(odd, all).await;
    let limits = store.reopen(harness).await.limits().await;
    assert_eq!((limits.paused, limits.types.get(odd)), (false, Some(&all)));
}

/// Pausing touches nothing else; a type that is open after all is forgotten.
pub async fn a_pause_leaves_other_limits_alone(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.set_limits("echo", at_most(7)).await;
    store.pause("echo", true).await;
    store.pause("other", true).await;
    store.pause("never", false).await;
    let both = Limits {
        paused: true,
        ..at_most(7)
    };
    let expected = [("echo".to_owned(), both), ("other".to_owned(), paused())];
    let store = store.reopen(harness).await;
    assert_eq!(store.limits().await.types, expected.into());
    store.pause("echo", false).await;
    store.pause("other", false).await;
    assert_eq!(
        store.limits().await.types,
        [("echo".to_owned(), at_most(7))].into()
    );
}

/// Clients choose the names of types, so there is a bound.
pub async fn limits_of_too_many_types_are_refused(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 0..MAX_LIMITED_TYPES {
        store.set_limits(&format!("type-{number}"), paused()).await;
    }
    let one_more = || LimitChange::Of("one-more".to_owned(), paused());
    let answer = async { Ok::<_, StoreError>(store.0.set_limits(one_more()).await) };
    let answer = within("setting limits", answer).await;
    assert!(matches!(answer, Err(StoreError::Refused(_))), "{answer:?}");
    let pause = LimitChange::Pause("one-more".to_owned(), true);
    let answer = async { Ok::<_, StoreError>(store.0.set_limits(pause).await) };
    let answer = within("pausing", answer).await;
    assert!(matches!(answer, Err(StoreError::Refused(_))), "{answer:?}");
    store.set_limits("type-7", at_most(1)).await;
    assert_eq!(store.limits().await.types.len(), MAX_LIMITED_TYPES);
    store.set_limits("type-8", Limits::default()).await;
    within("setting limits", store.0.set_limits(one_more())).await;
}

/// The backlog of a long pause goes in batches, each job once, in the order of arrival.
pub async fn twenty_thousand_held_jobs_go_in_batches(harness: &StoreHarness) {
    const JOBS: u64 = 20_000;
    const BATCH: usize = 500;
    let store = Store::fresh(harness).await;
    store.heartbeat("w", at(super::support::LATER)).await;
    store.set_limits("echo", paused()).await;
    for (claim, first) in (1..).zip((0..JOBS).step_by(BATCH)) {
        let wishes = jobs(first..first + BATCH as u64).into_iter().map(announced);
        let answers = store.claim(&ticket("w", claim, at(1)), wishes.collect()).await;
        assert!(answers.iter().all(|claim| *claim == Claim::Waits(Vec::new())));
    }
    assert!(store.due(at(2)).await.is_empty());
    store.set_limits("echo", Limits::default()).await;
    let (mut begun, mut claim) = (Vec::new(), 1_000);
    loop {
        let taken = store.take_due(at(3), at(300), BATCH).await;
        if taken.is_empty() {
            break;
        }
        claim += 1;
        let wishes = taken
            .into_iter()
            .map(|taken| dispatched((*taken.job).clone(), taken.attempt));
        let answers = store.claim(&ticket("w", claim, at(3)), wishes.collect()).await;
        begun.extend(claims_of(&answers));
    }
    assert_eq!(begun.iter().collect::<BTreeSet<_>>().len(), begun.len());
    assert!(
        begun == (0..JOBS).map(id).collect::<Vec<_>>(),
        "{} jobs started",
        begun.len()
    );
}
