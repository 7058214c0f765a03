//! Jobs, moments, and what is said of them.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use contracts::{EventType, Priority};
use domain::query::Query;
use domain::{AttemptResult, JobEvent, Outcome};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{ClaimRequest, ClaimTicket, NewJob};

/// Far beyond every moment that a case uses.
pub(crate) const LATER: i64 = 1_000_000;

/// The moment `seconds` after the suite's zero.
pub(crate) fn at(seconds: i64) -> Timestamp {
    at_micros(seconds * 1_000_000)
}

/// The moment `micros` after the suite's zero.
pub(crate) fn at_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(1_760_000_000_123_456 + micros).unwrap_or(Timestamp::MAX)
}

/// The identifier of job `number`; such identifiers do not sort by number.
pub(crate) fn id(number: u64) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, &number.to_be_bytes())
}

/// Job `number`, accepted at second 0.
pub(crate) fn job(number: u64) -> NewJob {
    let id = id(number);
    NewJob {
        id,
        job_type: "echo".to_owned(),
        created_at: at(-5),
        accepted_at: at(0),
        correlation_id: Uuid::from_u128(u128::from(number)),
        traceparent: None,
        tags: Vec::new(),
        priority: Priority::Normal,
        run_at: None,
        unique_key: None,
        schedule: None,
        body: Bytes::from(format!(
            "{{\"id\":\"{id}\",\"type\":\"echo\",\"status\":\"PENDING\"}}"
        )),
    }
}

/// Jobs `numbers`.
pub(crate) fn jobs(numbers: Range<u64>) -> Vec<NewJob> {
    numbers.map(job).collect()
}

/// Jobs `numbers`, of a type.
pub(crate) fn jobs_of(job_type: &str, numbers: Range<u64>) -> Vec<NewJob> {
    let of_type = |job: NewJob| NewJob {
        job_type: job_type.to_owned(),
        ..job
    };
    numbers.map(job).map(of_type).collect()
}

/// Job `number`, under a unique key.
pub(crate) fn keyed(number: u64, key: &str) -> NewJob {
    NewJob {
        unique_key: Some(key.to_owned()),
        ..job(number)
    }
}

/// The wish for an attempt of job `number`, as messages come: the job's own asks for the first attempt, the
/// scheduler's for those that follow.
pub(crate) fn wish(number: u64, attempt: u32) -> ClaimRequest {
    ClaimRequest {
        job: Arc::new(job(number)),
        attempt,
        dispatched: attempt > 1,
    }
}

/// The wish of the message that announces a job.
pub(crate) fn announced(job: NewJob) -> ClaimRequest {
    ClaimRequest {
        job: Arc::new(job),
        attempt: 1,
        dispatched: false,
    }
}

/// The wish of the scheduler's message for an attempt of a job.
pub(crate) fn dispatched(job: NewJob, attempt: u32) -> ClaimRequest {
    ClaimRequest {
        job: Arc::new(job),
        attempt,
        dispatched: true,
    }
}

pub(crate) fn ticket(worker: &str, claim: u64, now: Timestamp) -> ClaimTicket {
    ClaimTicket {
        worker: worker.to_owned(),
        claim,
        now,
    }
}

/// The result of an attempt of job `number`, after 1.5 s of running.
pub(crate) fn result(
    number: u64,
    attempt: u32,
    worker: &str,
    at: Timestamp,
    outcome: Outcome,
) -> AttemptResult {
    AttemptResult {
        job_id: id(number),
        attempt,
        worker: worker.to_owned(),
        at,
        run_micros: 1_500_000,
        outcome,
        log: Vec::new(),
    }
}

pub(crate) fn completed() -> Outcome {
    Outcome::Completed {
        result: Some("{\"ok\":true}".to_owned()),
    }
}

pub(crate) fn failed() -> Outcome {
    Outcome::Failed {
        error: "no luck".to_owned(),
    }
}

pub(crate) fn retry(run_at: Timestamp) -> Outcome {
    Outcome::Retry {
        error: "try again".to_owned(),
        run_at,
    }
}

/// An event of job `number`, before any attempt, of which there is no more to say than that it happened.
pub(crate) fn event_of(number: u64, event_type: EventType, at: Timestamp) -> JobEvent {
    let job = job(number);
    JobEvent {
        job_id: job.id,
        job_type: job.job_type,
        created_at: job.created_at,
        correlation_id: job.correlation_id,
        event_type,
        attempt: 0,
        at,
        worker: None,
        error: None,
        run_micros: None,
        run_at: None,
        round: 0,
    }
}

/// What tells the events of a job's first round apart: type and attempt.
pub(crate) fn kinds<'e>(events: impl IntoIterator<Item = &'e JobEvent>) -> Vec<(EventType, u32)> {
    events
        .into_iter()
        .map(|event| (event.event_type, event.attempt))
        .collect()
}

/// A query of the suite's own, which has to be one.
pub(crate) fn query(text: &str) -> Query {
    Query::parse(text).unwrap_or_else(|error| panic!("{error}\n{}", error.pointer(text)))
}
