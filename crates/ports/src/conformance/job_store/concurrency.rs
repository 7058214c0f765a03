//! How many jobs of a type run at once.

use contracts::{JobStatus, Priority};
use domain::Outcome;
use domain::limits::Hold;

use super::support::{
    LATER, Store, StoreHarness, Turn, at, at_most, claims_of, completed, failed, id, job, jobs, jobs_of,
    most_at_once, paused, retry,
};
use crate::{Claim, NewJob};

const HELD: (JobStatus, Option<Hold>) = (JobStatus::Pending, Some(Hold::Concurrency));

/// A store in which so many jobs of `echo` run at once as may, of `1..=count`, and the others wait.
async fn waiting(harness: &StoreHarness, most: u32, count: u64) -> (Store, Turn) {
    let store = Store::fresh(harness).await;
    store.set_limits("echo", at_most(most)).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    let answers = turn.announce(jobs(1..count + 1), 1).await;
    let expected: Vec<_> = (1..=u64::from(most).min(count)).map(id).collect();
    assert_eq!(claims_of(&answers), expected);
    (store, turn)
}

/// The first ones start, the others wait, in one call and over several.
pub async fn no_more_jobs_of_a_type_run_than_may(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 2, 5).await;
    assert_eq!(
        turn.announce(jobs(6..8), 2).await,
        vec![Claim::Waits(Vec::new()); 2]
    );
    for number in 3..8 {
        assert_eq!(store.state(number).await, HELD);
    }
    assert!(turn.take(LATER).await.is_empty(), "there is no room");
}

/// What one type waits for is nothing to the others.
pub async fn every_type_has_its_own_room(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 1, 3).await;
    store.set_limits("sleep", at_most(2)).await;
    let batch = [jobs_of("sleep", 10..13), jobs_of("free", 20..23)].concat();
    let begun = claims_of(&turn.announce(batch, 2).await);
    assert_eq!(begun, [10, 11, 20, 21, 22].map(id));
    assert!(turn.end(10, 1, 5, completed()).await);
    assert_eq!(turn.take_all(6).await, [id(12)]);
}

/// Each end makes room for one: the higher priority first, then the earlier arrival.
pub async fn held_jobs_go_one_by_one_in_the_order_of_priority_and_arrival(harness: &StoreHarness) {
    let (_, mut turn) = waiting(harness, 1, 1).await;
    let priorities = [
        (2, Priority::Normal),
        (3, Priority::Low),
        (4, Priority::High),
        (5, Priority::Normal),
        (6, Priority::High),
    ];
    for (number, priority) in priorities {
        let job = NewJob {
            priority,
            ..job(number)
        };
        turn.announce(vec![job], 1).await;
    }
    let mut running = 1;
    for (second, next) in (10..).zip([4, 6, 2, 5, 3]) {
        assert!(
            turn.end(running, 1, second, completed()).await,
            "{next} may start"
        );
        assert_eq!(turn.take_all(second).await, [id(next)]);
        running = next;
    }
    assert!(!turn.end(running, 1, 20, completed()).await, "nobody waits");
    assert!(turn.take_all(LATER).await.is_empty());
}

/// The last place in the queue is for the last one who comes.
pub async fn fresh_jobs_do_not_overtake_those_that_wait(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 1, 3).await;
    assert!(turn.end(1, 1, 5, completed()).await);
    let high = NewJob {
        priority: Priority::High,
        ..job(9)
    };
    assert_eq!(
        turn.announce(vec![job(8), high], 6).await,
        vec![Claim::Waits(Vec::new()); 2]
    );
    let taken = store.take_due(at(7), at(300), 1000).await;
    assert_eq!(taken.len(), 1, "there is room for one");
    assert_eq!(turn.announce(vec![job(10)], 7).await, [Claim::Waits(Vec::new())]);
    assert_eq!(claims_of(&turn.dispatch(taken, 8).await), [id(9)]);
}

/// However an attempt ends, there is room afterwards.
pub async fn every_end_of_an_attempt_makes_room(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 1, 6).await;
    let back = Outcome::HandedBack { run_at: at(LATER) };
    let mut running = 1;
    for outcome in [completed(), failed(), retry(at(LATER)), back] {
        assert!(turn.end(running, 1, 10, outcome).await);
        running += 1;
        assert_eq!(turn.take_all(11).await, [id(running)]);
    }
    store.retire("w").await;
    assert_eq!(store.reap(at(12)).await, 1);
    let mut turn = Turn::new(&store, "v", 100).await;
    assert_eq!(turn.take_all(12).await, [id(6)]);
}

/// Its dispatch found no room and it waits again: that the dispatch was published says nothing any more.
pub async fn a_job_that_was_held_again_is_not_put_off(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 1, 3).await;
    assert!(turn.end(1, 1, 5, completed()).await);
    let taken = store.take_due(at(6), at(10), 1000).await;
    store.set_limits("echo", paused()).await;
    assert!(claims_of(&turn.dispatch(taken.clone(), 7).await).is_empty());
    store.put_off(&taken, at(LATER)).await;
    store.set_limits("echo", at_most(1)).await;
    assert_eq!(turn.take_all(8).await, [id(2)], "there is room");
}

/// A dispatch that was lost is repeated; the job has not lost its turn.
pub async fn a_held_job_that_was_taken_comes_again_if_nobody_starts_it(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 1, 2).await;
    assert!(turn.end(1, 1, 5, completed()).await);
    let taken = store.take_due(at(6), at(10), 1000).await;
    assert_eq!(taken.len(), 1);
    assert!(turn.take(9).await.is_empty());
    assert_eq!(turn.take_all(10).await, [id(2)]);
}

/// What ran before the crash runs still.
pub async fn room_is_counted_over_a_crash(harness: &StoreHarness) {
    let (store, turn) = waiting(harness, 2, 4).await;
    drop(turn);
    let store = store.reopen(harness).await;
    let mut turn = Turn::new(&store, "w", 50).await;
    assert!(turn.take(2).await.is_empty());
    assert_eq!(turn.announce(vec![job(5)], 2).await, [Claim::Waits(Vec::new())]);
    assert!(turn.end(2, 1, 10, completed()).await);
    assert_eq!(turn.take_all(11).await, [id(3)]);
}

/// Workers and schedulers in parallel: at no moment does one too many run, and every job gets its turn.
pub async fn many_claimers_never_start_more_than_may(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.set_limits("echo", at_most(3)).await;
    let most = most_at_once(&store, jobs(0..100)).await;
    assert!((1..=3).contains(&most), "{most} ran at once, 3 may");
    assert_eq!(store.found("state:completed").await.len(), 100);
}
