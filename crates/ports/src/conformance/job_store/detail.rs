//! One job, as it was written.

use bytes::Bytes;
use contracts::{EventType, JobStatus};
use domain::query::quoted;
use domain::{Outcome, event_id};
use jiff::Timestamp;

use super::support::{
    LATER, Store, StoreHarness, announced, at, at_micros, completed, id, job, query, result, retry, ticket,
    wish,
};
use crate::{Claim, NewJob};

use EventType::{Completed, Created, Executed, Retrying};

/// Absence is no error.
pub async fn an_unknown_job_is_absent(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(vec![job(1)]).await;
    assert_eq!(store.find(2).await, None);
}

/// Everything a client gave, before any worker came.
pub async fn a_pending_job_shows_what_was_admitted(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit_until(vec![job(1)], at(300)).await;
    let detail = store.detail(1).await;
    let (given, summary) = (job(1), &detail.summary);
    assert_eq!(
        (summary.id, &summary.job_type, summary.created_at),
        (given.id, &given.job_type, given.created_at)
    );
    assert_eq!(
        (summary.status, summary.attempt, summary.updated_at),
        (JobStatus::Pending, 0, at(0))
    );
    assert_eq!((&summary.error, summary.run_micros), (&None, None));
    assert_eq!((summary.priority, summary.held), (given.priority, None));
    assert_eq!(
        (detail.cancelling, detail.round, detail.logs.len()),
        (false, 0, 0)
    );
    assert_eq!(
        (detail.failures, detail.crashes, detail.summary.wake_at),
        (0, 0, Some(at(300)))
    );
    assert_eq!((&detail.body, &detail.result), (&given.body, &None));
    assert_eq!(detail.correlation_id, given.correlation_id);
    let created = &detail.history[0];
    assert_eq!(
        (detail.history.len(), created.event_type, created.attempt),
        (1, Created, 0)
    );
    assert_eq!(
        (created.job_id, created.at, created.created_at),
        (given.id, given.accepted_at, given.created_at)
    );
    assert_eq!(
        (&created.job_type, created.correlation_id),
        (&given.job_type, given.correlation_id)
    );
}

/// A retry, a death, a return and an end.
async fn eventful_life(store: &Store) {
    store.admit(vec![job(1)]).await;
    store.finish(1, retry(at(20))).await;
    store.heartbeat("dead", at(30)).await;
    store.start(&ticket("dead", 50, at(25)), wish(1, 2)).await;
    store.reap(at(31)).await;
    store.run(1, 3, "w", 51).await;
    store
        .apply(result(1, 3, "w", at(40), Outcome::HandedBack { run_at: at(41) }))
        .await;
    store.run(1, 4, "w", 52).await;
    store.apply(result(1, 4, "w", at(50), completed())).await;
}

/// Nothing is missing and nothing is twice there.
pub async fn the_history_tells_the_whole_life_in_order(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    eventful_life(&store).await;
    let expected = [
        (Created, 0),
        (Executed, 1),
        (Retrying, 1),
        (Executed, 2),
        (Retrying, 2),
        (Executed, 3),
        (Retrying, 3),
        (Executed, 4),
        (Completed, 4),
    ];
    assert_eq!(store.history(1).await, expected);
    let detail = store.detail(1).await;
    assert_eq!(
        (detail.failures, detail.crashes, detail.summary.attempt),
        (1, 1, 4)
    );
    let workers: Vec<_> = detail
        .history
        .iter()
        .filter(|event| event.event_type == Executed)
        .collect();
    assert_eq!(
        workers
            .iter()
            .map(|event| event.worker.as_deref())
            .collect::<Vec<_>>(),
        [Some("w"), Some("dead"), Some("w"), Some("w")]
    );
}

/// Whoever publishes an event names it the same, so no consumer applies it twice.
pub async fn event_identifiers_are_the_domains(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    eventful_life(&store).await;
    let history = store.detail(1).await.history;
    let mut seen = std::collections::BTreeSet::new();
    for event in &history {
        assert_eq!(event.id(), event_id(id(1), event.attempt, event.event_type));
        assert!(
            seen.insert(event.id()),
            "{:?} of attempt {} is there twice",
            event.event_type,
            event.attempt
        );
        assert_eq!(
            (event.job_id, event.correlation_id),
            (id(1), job(1).correlation_id)
        );
    }
}

/// Escaped NUL characters, text beyond the basic plane, quotes, lone surrogate escapes, long and empty text.
pub async fn odd_text_comes_back_as_it_was(harness: &StoreHarness) {
    const ODD: &str = r#"{"nul":"\u0000","lone":"\ud800","q":"'\"\\","crab":"🦀","n":1e400}"#;
    let store = Store::fresh(harness).await;
    let described = NewJob {
        job_type: "type.with:odd_\u{1f980}'\"".to_owned(),
        traceparent: Some(String::new()),
        tags: vec!["\u{1f980}".to_owned(), "'; --".to_owned(), "a,b\\".to_owned()],
        body: Bytes::from_static(ODD.as_bytes()),
        ..job(1)
    };
    let request = announced(described.clone());
    store.heartbeat("w\u{1f980}'", at(LATER)).await;
    assert!(matches!(
        store.claim_one(&ticket("w\u{1f980}'", 7, at(1)), request).await,
        Claim::Started(_)
    ));
    let error = "multi\nline \u{1f980} ' \" \\u0000 %s".to_owned();
    let again = Outcome::Retry {
        error: error.clone(),
        run_at: at(20),
    };
    store.apply(result(1, 1, "w\u{1f980}'", at(10), again)).await;
    assert_eq!(store.detail(1).await.summary.error, Some(error));
    assert_eq!(*store.due(at(20)).await[0].job, described);
    store.run(1, 2, "w", 8).await;
    store
        .apply(result(
            1,
            2,
            "w",
            at(30),
            Outcome::Completed {
                result: Some(ODD.to_owned()),
            },
        ))
        .await;
    let detail = store.detail(1).await;
    assert_eq!(
        (&*detail.body, detail.result.as_deref()),
        (ODD.as_bytes(), Some(ODD))
    );
    assert_eq!(detail.summary.job_type, described.job_type);
    let text = format!("type:{} tag:{}", quoted(&described.job_type), quoted("a,b\\"));
    assert_eq!(store.read(&query(&text), 5).await, [detail.summary]);
}

/// Large bodies and results are nothing special.
pub async fn a_body_of_one_mebibyte_comes_back_whole(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let text: String = (0_u32..)
        .flat_map(|n| n.to_string().into_bytes())
        .map(char::from)
        .take(1 << 20)
        .collect();
    let body = Bytes::from(format!("{{\"text\":\"{text}\"}}"));
    store
        .admit(vec![NewJob {
            body: body.clone(),
            ..job(1)
        }])
        .await;
    assert!(store.detail(1).await.body == body, "the body was changed");
    store
        .finish(
            1,
            Outcome::Completed {
                result: Some(format!("\"{text}\"")),
            },
        )
        .await;
    let detail = store.detail(1).await;
    assert!(detail.body == body, "the body was changed");
    assert!(
        detail.result.is_some_and(|result| result.len() == text.len() + 2),
        "the result was changed"
    );
}

/// Clients choose `createdAt` between the years 0 and 9999; finer than microseconds is not kept.
pub async fn far_away_times_come_back_as_they_were(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let times = [
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999999Z",
        "9999-12-30T22:00:00.999999Z",
    ];
    for (number, text) in (1..).zip(times) {
        let created_at: Timestamp = text.parse().unwrap_or(Timestamp::MIN);
        store
            .admit(vec![NewJob {
                created_at,
                ..job(number)
            }])
            .await;
        let detail = store.detail(number).await;
        assert_eq!(
            (detail.summary.created_at, detail.history[0].created_at),
            (created_at, created_at)
        );
        assert_eq!(store.read(&query(""), 1).await[0].created_at, created_at);
    }
    store.run(1, 1, "w", 9).await;
    let late = store
        .apply(result(
            1,
            1,
            "w",
            at_micros(10_000_001),
            retry(at_micros(20_000_001)),
        ))
        .await;
    assert_eq!(
        (late.event_type, late.at, late.run_at),
        (Retrying, at_micros(10_000_001), Some(at_micros(20_000_001)))
    );
    assert_eq!(store.wake_at(1).await, late.run_at);
}
