//! Text that the database itself does not take.

use std::sync::Arc;

use bytes::Bytes;
use domain::query::{Query, quoted};
use domain::{AttemptResult, LogLine, Outcome};
use ports::{JobStore, NewJob, Reservation, Reserved};

use crate::support::{LATER, announced, at, completed, job, open, options, server, started, ticket};

/// NUL, and what stands for it in the database.
const ODD: &str = "a\0b\u{1a}0c\u{1a}";

fn odd(number: u64) -> Arc<NewJob> {
    Arc::new(NewJob {
        job_type: ODD.to_owned(),
        traceparent: Some(ODD.to_owned()),
        tags: vec![ODD.to_owned(), "plain".to_owned()],
        unique_key: Some(ODD.to_owned()),
        schedule: Some(ODD.to_owned()),
        body: Bytes::from_static(b"\0\xff no text"),
        ..(*job(number)).clone()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_character_comes_back() {
    let store = open(server().await, &options());
    store.heartbeat(ODD, at(LATER)).await.unwrap();
    store.admit(vec![odd(1)], at(5)).await.unwrap();
    let taken = store.take_due(at(5), at(9), 10).await.unwrap();
    assert_eq!(taken[0].job, odd(1));
    let claims = store
        .claim(&ticket(ODD), vec![announced(odd(1)), announced(odd(2))])
        .await
        .unwrap();
    let begun = started(&claims);
    assert_eq!(begun.len(), 1, "the other one waits for the key: {claims:?}");
    let log = vec![LogLine {
        at: at(1),
        text: ODD.to_owned(),
    }];
    let failed = AttemptResult {
        outcome: Outcome::Failed {
            error: ODD.to_owned(),
        },
        log: log.clone(),
        ..completed(ODD, begun[0])
    };
    store.record(vec![failed]).await.unwrap();
    let detail = store.job(odd(1).id).await.unwrap().unwrap();
    assert_eq!(
        (&*detail.summary.job_type, detail.summary.error.as_deref()),
        (ODD, Some(ODD))
    );
    assert_eq!((&detail.body, &detail.logs[0].lines), (&odd(1).body, &log));
    assert_eq!(detail.history[1].worker.as_deref(), Some(ODD));
    let wish = Reservation {
        key: ODD.to_owned(),
        job_id: job(9).id,
        until: at(9),
    };
    let reserved = store.reserve(vec![wish], at(3)).await.unwrap();
    assert_eq!(reserved, [Reserved::HeldBy(odd(2).id)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_for_nul_is_another_text() {
    let store = open(server().await, &options());
    let likeness = Arc::new(NewJob {
        job_type: "\u{1a}0".to_owned(),
        ..(*job(3)).clone()
    });
    let nul = Arc::new(NewJob {
        job_type: "\0".to_owned(),
        ..(*job(4)).clone()
    });
    store.admit(vec![likeness, nul], at(5)).await.unwrap();
    let query = Query::parse(&format!("type:{}", quoted("\u{1a}0"))).unwrap();
    let found = store.list(&query, at(9), None, 10).await.unwrap().items;
    assert_eq!(found.iter().map(|item| item.id).collect::<Vec<_>>(), [job(3).id]);
}
