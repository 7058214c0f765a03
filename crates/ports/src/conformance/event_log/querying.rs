//! Lists of events.

use std::collections::BTreeSet;

use contracts::EventType;
use uuid::Uuid;

use super::support::{ALL, Log, LogHarness, event, events, id, job_of, moment};
use crate::conformance::wait::within;
use crate::{Cursor, EventQuery, LoggedEvent, StoreError};

fn ids(events: &[LoggedEvent]) -> Vec<Uuid> {
    events.iter().map(|event| event.event_id).collect()
}

/// By arrival.
pub async fn events_are_listed_newest_first(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    for number in 0..20 {
        log.append(vec![event(number)]).await;
    }
    log.append(vec![event(3)]).await;
    assert_eq!(
        ids(&log.read(&ALL, 100).await),
        (0..20).rev().map(id).collect::<Vec<_>>()
    );
    assert_eq!(ids(&log.page(&ALL, None, 2).await.items), [id(19), id(18)]);
}

/// Producers' clocks disagree; the order of the log does not depend on them.
pub async fn arrival_counts_and_not_the_producers_clock(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    for number in 0..10_u64 {
        let occurred_at = moment(1_760_000_000_000_000 - number.cast_signed() * 1_000_000);
        log.append(vec![LoggedEvent {
            occurred_at,
            ..event(number)
        }])
        .await;
    }
    for limit in [3, 100] {
        assert_eq!(
            ids(&log.read(&ALL, limit).await),
            (0..10).rev().map(id).collect::<Vec<_>>()
        );
    }
}

/// Job, type, both.
pub async fn conditions_hold_together(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    for number in 0..54 {
        log.append(vec![event(number)]).await;
    }
    let all = log.read(&ALL, 100).await;
    let jobs = [None, Some(job_of(0)), Some(job_of(1)), Some(Uuid::from_u128(99))];
    let types = EventType::ALL.into_iter().map(Some).chain([None]);
    for event_type in types {
        for job_id in jobs {
            let query = EventQuery { job_id, event_type };
            let fits = |event: &&LoggedEvent| {
                job_id.is_none_or(|id| event.job_id == id)
                    && event_type.is_none_or(|kind| event.event_type == kind)
            };
            let expected: Vec<_> = all.iter().filter(fits).cloned().collect();
            for limit in [1, 100] {
                assert_eq!(
                    log.read(&query, limit).await,
                    expected,
                    "{query:?} in pages of {limit}"
                );
            }
        }
    }
}

/// Every page size reads the same list.
pub async fn pages_are_complete_and_without_repetition(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    for start in (0..1000).step_by(250) {
        log.append(events(start..start + 250)).await;
    }
    let whole = log.read(&ALL, 1000).await;
    assert_eq!(ids(&whole).into_iter().collect::<BTreeSet<_>>().len(), 1000);
    for limit in [97, 250, 999, 1001] {
        assert_eq!(log.read(&ALL, limit).await, whole, "in pages of {limit}");
    }
}

/// A reader who turns pages while events arrive sees every old event once.
pub async fn pages_stay_stable_while_events_arrive(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append(events(0..50)).await;
    let (mut seen, mut cursor, mut arrived) = (BTreeSet::new(), None, 50);
    loop {
        let page = log.page(&ALL, cursor.as_ref(), 7).await;
        for event in &page.items {
            assert!(seen.insert(event.event_id), "{} is listed twice", event.event_id);
        }
        log.append(events(arrived..arrived + 5)).await;
        arrived += 5;
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(
        seen,
        (0..50).map(id).collect(),
        "exactly what was there when reading began"
    );
}

/// Nothing to show, nothing to continue.
pub async fn an_empty_log_is_one_empty_page(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let page = log.page(&ALL, None, 10).await;
    assert_eq!((page.items, page.next), (Vec::new(), None));
    assert_eq!(log.read_letters(10).await, []);
}

/// Cursors come from clients: text of the right letters that this log never wrote is refused, or at worst a
/// place in the list, but no fault of the log.
pub async fn a_foreign_cursor_is_refused(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append(events(0..5)).await;
    for text in [
        "x",
        "-",
        "0",
        "-1",
        "1.5",
        "99999999999999999999999",
        "1_2-3.4",
        "not-a-place",
        "7fffffffffffffff",
    ] {
        let cursor = Cursor::new(text);
        let answers = within("reading", async {
            Ok::<_, StoreError>([
                log.0.events(&ALL, Some(&cursor), 10).await.map(drop),
                log.0.follow(Some(&cursor), 10).await.map(drop),
                log.0.dead_letters(None, Some(&cursor), 10).await.map(drop),
            ])
        })
        .await;
        for answer in answers {
            assert!(
                matches!(answer, Ok(()) | Err(StoreError::Refused(_))),
                "cursor {text}: {answer:?}"
            );
        }
    }
    assert_eq!(log.read(&ALL, 100).await.len(), 5);
}
