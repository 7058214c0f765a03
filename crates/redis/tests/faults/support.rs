//! Events, stats, and how long things may take.

use std::sync::Arc;
use std::time::Duration;

use contracts::EventType;
use domain::SystemClock;
use domain::fingerprint::Fingerprint;
use jiff::Timestamp;
use ports::{Failure, LiveStats, StatEvent, StoreError};
use redis_adapter::{Options, Redis};
use testkit::wait_for;
use uuid::Uuid;

/// Far above what a server needs to come back on a slow machine.
pub(crate) const HEALED: Duration = Duration::from_mins(2);

/// The limits of these tests' stats: short, so that waiting for them is cheap.
pub(crate) const LIMIT: Duration = Duration::from_secs(2);

/// What a call may take beyond its limits on a busy machine.
pub(crate) const SLACK: Duration = Duration::from_secs(3);

pub(crate) fn options() -> Options {
    Options {
        call_limit: LIMIT,
        connect_limit: LIMIT,
        ..Options::new(Arc::new(SystemClock))
    }
}

pub(crate) fn open(url: &str) -> Arc<Redis> {
    Redis::open(url, options()).expect("the URL reads as one")
}

/// Event number `number`: types, job types, minutes and errors take turns.
pub(crate) fn event(number: u64) -> StatEvent {
    let types = EventType::ALL;
    let turn = usize::try_from(number).unwrap_or(0) % types.len();
    let second = 1_760_000_040 + (number % 300).cast_signed();
    StatEvent {
        event_id: Uuid::new_v5(&Uuid::NAMESPACE_URL, &number.to_be_bytes()),
        job_id: Uuid::from_u128(u128::from(number)),
        job_type: format!("type-{}", number % 5),
        event_type: types[turn],
        at: Timestamp::from_second(second).expect("a second of our time"),
        attempt_ended: number.is_multiple_of(2),
        failure: (types[turn] == EventType::Failed).then(|| Failure {
            fingerprint: Fingerprint(number % 3),
            title: format!("cause {}", number % 3),
        }),
    }
}

pub(crate) fn events(numbers: std::ops::Range<u64>) -> Vec<StatEvent> {
    numbers.map(event).collect()
}

/// How many events were applied by now.
pub(crate) async fn total(stats: &Redis) -> u64 {
    let snapshot = stats.snapshot().await.expect("the stats answer");
    snapshot.events.iter().map(|(_, count)| count).sum()
}

/// Applies events as often as it takes.
pub(crate) async fn applied(stats: &Redis, numbers: std::ops::Range<u64>) -> usize {
    wait_for(HEALED, "applied events", || stats.apply(events(numbers.clone()))).await
}

/// How long a failing call took, and with what.
pub(crate) async fn failure<T>(call: impl Future<Output = Result<T, StoreError>>) -> (Duration, StoreError) {
    let since = tokio::time::Instant::now();
    match call.await {
        Ok(_) => panic!("the call succeeded"),
        Err(error) => (since.elapsed(), error),
    }
}
