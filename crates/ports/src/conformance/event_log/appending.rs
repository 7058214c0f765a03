//! Each event once.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use contracts::EventType;
use tokio::task::JoinSet;

use super::support::{ALL, Log, LogHarness, event, events, id, moment};
use crate::LoggedEvent;
use crate::conformance::wait::within;

/// Every field, odd text, any size, times to the microsecond.
pub async fn an_event_is_kept_as_it_was(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let text: String = (0..200_000)
        .map(|n: u32| char::from(b'a' + (n % 26) as u8))
        .collect();
    let bodies = [
        "{}".to_owned(),
        "{\"t\":\"\\u0000 \u{1f980} '\\\"\"}".to_owned(),
        format!("{{\"t\":\"{text}\"}}"),
    ];
    let times = [0, -1, 253_402_200_000_999_999];
    for ((number, body), time) in (0..).zip(bodies).zip(times) {
        let sent = LoggedEvent {
            body: Bytes::from(body),
            occurred_at: moment(time),
            ..event(number)
        };
        assert_eq!(log.append(vec![sent.clone()]).await, 1);
        assert_eq!(log.page(&ALL, None, 1).await.items, [sent]);
    }
    for (number, event_type) in (10..).zip(EventType::ALL) {
        let sent = LoggedEvent {
            event_type,
            ..event(number)
        };
        log.append(vec![sent.clone()]).await;
        assert_eq!(log.page(&ALL, None, 1).await.items, [sent]);
    }
}

/// However often it is published, alone or among others.
pub async fn an_event_is_kept_once(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    assert_eq!(log.append(events(0..5)).await, 5);
    assert_eq!(log.append(events(0..5)).await, 0);
    assert_eq!(log.append(events(3..8)).await, 3);
    assert_eq!(log.append(vec![event(9), event(1), event(8), event(4)]).await, 2);
    let all = log.read(&ALL, 100).await;
    assert_eq!(all.len(), 10);
    assert_eq!(
        all.iter().map(|event| event.event_id).collect::<BTreeSet<_>>(),
        (0..10).map(id).collect()
    );
}

/// A duplicate in the same batch is a duplicate.
pub async fn an_event_twice_in_a_batch_is_kept_once(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    assert_eq!(
        log.append(vec![event(1), event(2), event(1), event(1), event(3)])
            .await,
        3
    );
    assert_eq!(log.read(&ALL, 100).await.len(), 3);
    assert_eq!(log.append(vec![event(4), event(4), event(2)]).await, 1);
    assert_eq!(log.read(&ALL, 100).await.len(), 4);
}

/// An identifier names one fact for ever.
pub async fn the_first_text_under_an_identifier_stays(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append(vec![event(1)]).await;
    let changed = LoggedEvent {
        body: Bytes::from_static(b"{}"),
        occurred_at: moment(1),
        ..event(1)
    };
    assert_eq!(log.append(vec![changed]).await, 0);
    assert_eq!(log.read(&ALL, 100).await, [event(1)]);
}

/// An empty batch succeeds.
pub async fn appending_nothing_is_no_error(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    assert_eq!(log.append(Vec::new()).await, 0);
    assert_eq!(log.append_letters(Vec::new()).await, 0);
}

/// Two engines with the same deliveries.
pub async fn concurrent_overlapping_batches_keep_each_event_once(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let mut engines = JoinSet::new();
    for engine in 0..4_u64 {
        let log = log.clone();
        engines.spawn(async move {
            let mut new = 0;
            for start in (0..10).map(|batch| batch * 20 + engine * 5) {
                new += log.append(events(start..start + 40)).await;
            }
            new
        });
    }
    let new: usize = engines.join_all().await.into_iter().sum();
    let all = log.read(&ALL, 50).await;
    assert_eq!((new, all.len()), (235, 235), "0 to 234, each new once");
    assert_eq!(
        all.iter()
            .map(|event| event.event_id)
            .collect::<BTreeSet<_>>()
            .len(),
        235
    );
}

/// A healthy log says so.
pub async fn a_ping_answers_within_its_limit(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    within("pinging", log.0.ping(Duration::from_secs(20))).await;
}
