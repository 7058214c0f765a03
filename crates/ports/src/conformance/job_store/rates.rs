//! How many jobs of a type start in a span of time.

use contracts::{JobStatus, Priority};
use domain::limits::{Hold, Limits};
use uuid::Uuid;

use super::support::{
    LATER, Store, StoreHarness, Turn, at_most, claims_of, completed, id, job, jobs, jobs_of, rate,
};
use crate::{Claim, NewJob};

const HELD: (JobStatus, Option<Hold>) = (JobStatus::Pending, Some(Hold::Rate));

/// A store in which three jobs of `echo` start in 30 seconds, after jobs `1..=count` have come at second 0.
async fn waiting(harness: &StoreHarness, count: u64) -> (Store, Turn) {
    let store = Store::fresh(harness).await;
    store.set_limits("echo", rate(3, 30)).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    let answers = turn.announce(jobs(1..count + 1), 0).await;
    assert_eq!(
        claims_of(&answers),
        (1..=count.min(3)).map(id).collect::<Vec<_>>()
    );
    (store, turn)
}

/// A burst starts, what follows waits, also when what runs has ended.
pub async fn no_more_jobs_start_than_the_rate_allows(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 5).await;
    for number in [4, 5] {
        assert_eq!(store.state(number).await, HELD);
    }
    for number in 1..=3 {
        turn.end(number, 1, 1, completed()).await;
    }
    assert!(turn.take(1).await.is_empty());
    assert_eq!(turn.announce(vec![job(6)], 2).await, [Claim::Waits(Vec::new())]);
    assert_eq!(turn.announce(jobs_of("sleep", 7..17), 2).await.len(), 10);
    assert!(store.found("held:rate type:sleep").await.is_empty());
}

/// Every ten seconds one, the higher priority first, then the earlier arrival.
pub async fn tokens_come_back_one_by_one(harness: &StoreHarness) {
    let (_, mut turn) = waiting(harness, 5).await;
    let high = NewJob {
        priority: Priority::High,
        ..job(6)
    };
    turn.announce(vec![high], 1).await;
    for (second, expected) in [
        (9, None),
        (10, Some(6)),
        (19, None),
        (20, Some(4)),
        (30, Some(5)),
        (LATER - 1, None),
    ] {
        let expected: Vec<Uuid> = expected.into_iter().map(id).collect();
        assert_eq!(turn.take_all(second).await, expected, "at second {second}");
    }
}

/// Over a long time, with fresh jobs all along: as many as the rate allows, no more and no fewer.
pub async fn a_rate_holds_over_a_long_time(harness: &StoreHarness) {
    let (store, mut turn) = waiting(harness, 3).await;
    let mut starts = vec![0_i64; 3];
    for (second, next) in (1..=300).zip(100..) {
        let mut begun = turn.take_all(second).await.len();
        begun += claims_of(&turn.announce(jobs(next..next + 1), second).await).len();
        starts.extend(vec![second; begun]);
    }
    for (first, from) in starts.iter().enumerate() {
        let within = starts[first..].iter().take_while(|at| **at < from + 30).count();
        assert!(within <= 6, "{within} starts in 30 seconds from second {from}");
    }
    assert!((32..=33).contains(&starts.len()), "{} starts", starts.len());
    let running = store.found("state:executing").await.len();
    assert_eq!(running, starts.len());
}

/// A quiet time saves up one burst and no more.
pub async fn a_rate_saves_up_no_more_than_a_burst(harness: &StoreHarness) {
    let (_, mut turn) = waiting(harness, 1).await;
    let answers = turn.announce(jobs(10..20), 100_000).await;
    assert_eq!(claims_of(&answers), [10, 11, 12].map(id));
    assert_eq!(turn.take_all(200_000).await, [13, 14, 15].map(id));
}

/// Rate and concurrency together: a job that waits for room pays no token.
pub async fn a_job_that_waits_for_room_pays_no_token(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let both = Limits {
        concurrency: at_most(1).concurrency,
        ..rate(2, 50_000)
    };
    store.set_limits("echo", both).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    let answers = turn.announce(jobs(1..4), 0).await;
    assert_eq!(claims_of(&answers), [id(1)]);
    for second in 1..5 {
        assert!(turn.take(second).await.is_empty());
    }
    turn.end(1, 1, 5, completed()).await;
    assert_eq!(turn.take_all(6).await, [id(2)], "a token is left");
    turn.end(2, 1, 7, completed()).await;
    assert!(turn.take_all(8).await.is_empty(), "no token is left");
    assert_eq!(turn.take_all(25_000).await, [id(3)]);
}

/// A store that comes back has not forgotten what was started.
pub async fn a_rate_holds_over_a_crash(harness: &StoreHarness) {
    let (store, turn) = waiting(harness, 4).await;
    drop(turn);
    let store = store.reopen(harness).await;
    let mut turn = Turn::new(&store, "w", 50).await;
    assert!(turn.take_all(5).await.is_empty());
    assert_eq!(turn.announce(vec![job(5)], 5).await, [Claim::Waits(Vec::new())]);
    assert_eq!(turn.take_all(10).await, [id(4)]);
    assert_eq!(turn.take_all(20).await, [id(5)]);
}
