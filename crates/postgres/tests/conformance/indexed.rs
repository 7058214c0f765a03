//! What the suite does not wait for: searches by the index say what searches without it say.

use std::collections::BTreeSet;
use std::sync::Arc;

use contracts::Priority;
use domain::query::Query;
use domain::{AttemptResult, Outcome};
use jiff::Timestamp;
use ports::{Claim, ClaimRequest, ClaimTicket, JobStore, NewJob};
use postgres_adapter::PostgresStore;
use uuid::Uuid;

use super::Schema;

/// More than three chunks.
const JOBS: u32 = 3_600;

const BATCH: u32 = 300;

pub(super) fn at(second: u32) -> Timestamp {
    Timestamp::from_second(1_760_000_000 + i64::from(second)).expect("it is a moment")
}

/// Job `number`: some are of a rare type, have a rare tag, key or value, each in few chunks.
pub(super) fn job(number: u32) -> NewJob {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, &number.to_be_bytes());
    let rare = number % 1_500 == 3;
    let body = serde_json::json!({
        "id": id,
        "payload": {"number": number, "rare": rare, "user": {"id": number % 97}},
        "metadata": {"team": if rare { "blue" } else { "red" }},
    });
    NewJob {
        id,
        job_type: if rare { "report.yearly" } else { "echo" }.to_owned(),
        created_at: at(number),
        accepted_at: at(number + 1),
        correlation_id: id,
        traceparent: None,
        tags: if rare {
            vec!["Audit".to_owned()]
        } else {
            Vec::new()
        },
        priority: if number % 2_000 == 9 {
            Priority::High
        } else {
            Priority::Normal
        },
        run_at: None,
        unique_key: (number % 1_200 == 5).then(|| format!("key-{number}")),
        schedule: (number % 1_300 == 4).then(|| "nightly".to_owned()),
        body: body.to_string().into(),
    }
}

/// A store with all the jobs, most of which have ended, some of them badly; and the name of its schema.
pub(super) async fn store() -> (String, Arc<PostgresStore>) {
    let schema = Schema::new();
    let store = schema.empty().await;
    store
        .heartbeat("w", at(1_000_000))
        .await
        .expect("the store answers");
    for first in (0..JOBS).step_by(BATCH as usize) {
        let jobs: Vec<_> = (first..first + BATCH)
            .map(|number| Arc::new(job(number)))
            .collect();
        let started = jobs.iter().take(250).cloned().map(|job| ClaimRequest {
            job,
            attempt: 1,
            dispatched: false,
        });
        let ticket = ClaimTicket {
            worker: "w".to_owned(),
            claim: u64::from(first) + 1,
            now: at(first + 10_000),
        };
        let claims = store
            .claim(&ticket, started.collect())
            .await
            .expect("the store answers");
        store.admit(jobs, at(1_000_000)).await.expect("the store answers");
        let results = (first..)
            .zip(claims)
            .filter_map(|(number, claim)| ended(number, claim));
        store.record(results.collect()).await.expect("the store answers");
    }
    (schema.name(), store)
}

fn ended(number: u32, claim: Claim) -> Option<AttemptResult> {
    let Claim::Started(started) = claim else {
        return None;
    };
    let outcome = match number % 400 {
        3 => Outcome::Failed {
            error: format!("timed out after {number} s"),
        },
        11 => Outcome::Failed {
            error: "no audit possible".to_owned(),
        },
        13 => return None,
        _ => Outcome::Completed { result: None },
    };
    Some(AttemptResult {
        job_id: started.event.job_id,
        attempt: 1,
        worker: "w".to_owned(),
        at: at(number + 20_000),
        run_micros: 5,
        outcome,
        log: Vec::new(),
    })
}

pub(super) const QUERIES: [&str; 26] = [
    "",
    "type:report.yearly",
    "type:report.*",
    "type:re*",
    "-type:echo",
    "tag:Audit",
    "audit",
    "AUDIT state:failed",
    "yearly,possible",
    "ye",
    "key:key-2405",
    "key:key-5,key-2405,none",
    "schedule:nightly",
    "priority:high",
    "payload.rare:true",
    "payload.user.id:42 payload.number:42",
    "payload.number:9999",
    "metadata.team:blue tag:Audit -state:completed",
    "state:failed",
    "error~\"timed out\"",
    "error:\"timed out after 803 s\"",
    "state:pending,executing",
    "worker:w",
    "created>2025-10-09T09:30:00Z created<2025-10-09T09:31:00Z",
    "age>25h state:completed payload.user.id:5",
    "tag:none",
];

/// A list to its end, and how many pages it took.
pub(super) async fn read(store: &PostgresStore, text: &str) -> (Vec<Uuid>, usize) {
    let query = Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let (mut all, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = store
            .list(&query, at(100_000), cursor.as_ref(), 100)
            .await
            .expect("the store answers");
        pages += 1;
        all.extend(page.items.into_iter().map(|job| job.id));
        match page.next {
            Some(next) => cursor = Some(next),
            None => return (all, pages),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_changes_no_list() {
    let (_, store) = store().await;
    let mut before = Vec::new();
    for text in QUERIES {
        before.push(read(&store, text).await.0);
    }
    assert_eq!(before[0].len(), JOBS as usize);
    assert_eq!(
        before.iter().filter(|found| found.is_empty()).count(),
        2,
        "the others find something"
    );
    store.index().await.unwrap();
    for (text, before) in QUERIES.iter().zip(before) {
        let (after, _) = read(&store, text).await;
        assert_eq!(after.iter().collect::<BTreeSet<_>>().len(), after.len(), "{text}");
        assert_eq!(after, before, "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_changed_or_arrived_since_is_found_all_the_same() {
    let (_, store) = store().await;
    store.index().await.unwrap();
    let late = NewJob {
        tags: vec!["Audit".to_owned()],
        ..job(JOBS)
    };
    store
        .admit(vec![Arc::new(late.clone())], at(1_000_000))
        .await
        .unwrap();
    assert!(read(&store, "tag:Audit").await.0.contains(&late.id));
    let running = read(&store, "state:executing").await.0;
    let result = AttemptResult {
        job_id: running[0],
        attempt: 1,
        worker: "w".to_owned(),
        at: at(90_000),
        run_micros: 5,
        outcome: Outcome::Failed {
            error: "something new".to_owned(),
        },
        log: Vec::new(),
    };
    store.record(vec![result]).await.unwrap();
    for text in [
        "error:\"something new\"",
        "\"thing new\"",
        "state:failed \"thing new\"",
    ] {
        assert_eq!(read(&store, text).await.0, [running[0]], "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_is_not_found_and_retention_passes_over_what_is_too_young() {
    let (_, store) = store().await;
    store.index().await.unwrap();
    let gone = read(&store, "type:report.yearly state:completed").await.0;
    assert!(!gone.is_empty());
    let outcomes = store
        .command(gone.clone(), ports::Command::Delete, at(90_001))
        .await
        .unwrap();
    assert!(
        outcomes
            .iter()
            .all(|outcome| *outcome == ports::CommandOutcome::Done)
    );
    assert!(
        read(&store, "type:report.yearly state:completed")
            .await
            .0
            .is_empty()
    );
    let pruned = store.prune(at(20_900), 10_000).await.unwrap();
    assert!((600..900).contains(&pruned), "{pruned}");
    assert_eq!(store.prune(at(20_900), 10_000).await.unwrap(), 0);
}
