//! The jobs: of a few types, most of them completed, one in twenty with an error, the latest still waiting.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use contracts::Priority;
use domain::{AttemptResult, Outcome};
use jiff::Timestamp;
use ports::{Claim, ClaimRequest, ClaimTicket, JobStore, NewJob};
use uuid::Uuid;

use crate::Failed;

const BATCH: u64 = 500;
const WORKER: &str = "bench";

/// How many of the latest jobs wait.
pub(crate) const WAITING: u64 = 5_000;

/// How many before them run.
const RUNNING: u64 = 16;

/// When the first job came.
fn beginning() -> Timestamp {
    Timestamp::from_second(1_760_000_000).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Ten jobs a second.
pub(crate) fn accepted_at(number: u64) -> Timestamp {
    beginning() + Duration::from_millis(number * 100)
}

/// Like one of version 7: the time, and something that is random.
pub(crate) fn id(number: u64) -> Uuid {
    let millis = accepted_at(number).as_millisecond().cast_unsigned();
    let random = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) >> 48;
    uuid::Builder::from_unix_timestamp_millis(
        millis,
        &random.to_le_bytes()[..10].try_into().unwrap_or_default(),
    )
    .into_uuid()
}

fn job_type(number: u64) -> &'static str {
    match number % 20 {
        _ if number % 50_000 == 7 => "audit.export",
        0..12 => "email.send",
        12..17 => "report.daily",
        _ => "image.resize",
    }
}

fn body(number: u64, tags: &[String]) -> String {
    format!(
        r#"{{"id":"{}","type":"{}","tags":{tags:?},"payload":{{"user":{{"id":{},"name":"user-{}"}},"order":{number},"region":"{}","amount":{}.5,"template":"welcome","to":"user-{}@example.org","text":"{}"}},"metadata":{{"source":"shop","build":{}}}}}"#,
        id(number),
        job_type(number),
        number % 40_000,
        number % 40_000,
        ["north", "south", "east", "west"][usize::try_from(number % 4).unwrap_or(0)],
        number % 100,
        number % 40_000,
        "lorem ipsum ".repeat(15),
        number / 100_000,
    )
}

fn job(number: u64) -> NewJob {
    let mut tags = vec![if number.is_multiple_of(3) { "eu" } else { "us" }.to_owned()];
    if number % 100_000 == 77 {
        tags.push("vip".to_owned());
    }
    NewJob {
        id: id(number),
        job_type: job_type(number).to_owned(),
        created_at: accepted_at(number),
        accepted_at: accepted_at(number),
        correlation_id: id(number),
        traceparent: None,
        priority: if number % 1_000 == 1 {
            Priority::High
        } else {
            Priority::Normal
        },
        run_at: None,
        unique_key: number.is_multiple_of(10).then(|| format!("key-{number}")),
        schedule: None,
        body: Bytes::from(body(number, &tags)),
        tags,
    }
}

fn outcome(number: u64) -> Outcome {
    let error = match number % 1_000 {
        _ if number % 100_000 == 50_000 => "certificate of host 10.0.0.1 has expired".to_owned(),
        0..30 => format!(
            "connection to 10.0.0.{} timed out after {} ms",
            number % 250,
            number % 3_000
        ),
        30..40 => format!("user {number} does not exist"),
        40..50 => {
            return Outcome::Retry {
                error: "503 Service Unavailable".to_owned(),
                run_at: Timestamp::MAX,
            };
        }
        _ => return Outcome::Completed { result: None },
    };
    Outcome::Failed { error }
}

/// Makes the jobs.
pub(crate) async fn make(store: &dyn JobStore, count: u64) -> Result<(), Failed> {
    let mut first = 0;
    while first < count {
        let numbers: Vec<u64> = (first..count.min(first + BATCH)).collect();
        let jobs: Vec<_> = numbers.iter().map(|number| Arc::new(job(*number))).collect();
        if first + WAITING >= count {
            store.admit(jobs, Timestamp::MAX).await?;
        } else {
            run(store, count, &numbers, jobs).await?;
        }
        first += BATCH;
    }
    Ok(())
}

async fn run(
    store: &dyn JobStore,
    count: u64,
    numbers: &[u64],
    jobs: Vec<Arc<NewJob>>,
) -> Result<(), Failed> {
    let first = numbers.first().copied().unwrap_or(0);
    let ticket = ClaimTicket {
        worker: WORKER.to_owned(),
        claim: first + 1,
        now: accepted_at(first + BATCH),
    };
    let requests = jobs.into_iter().map(|job| ClaimRequest {
        job,
        attempt: 1,
        dispatched: false,
    });
    let claims = store.claim(&ticket, requests.collect()).await?;
    let ended = numbers
        .iter()
        .zip(claims)
        .filter_map(|(number, claim)| match claim {
            Claim::Started(started) if number + WAITING + RUNNING < count => Some(AttemptResult {
                job_id: id(*number),
                attempt: started.attempt,
                worker: WORKER.to_owned(),
                at: accepted_at(number + BATCH),
                run_micros: 1_000,
                outcome: outcome(*number),
                log: Vec::new(),
            }),
            _ => None,
        });
    store.record(ended.collect()).await?;
    Ok(())
}
