mod errors;
mod index;
mod meaning;
mod random;
mod states;
mod text;

use contracts::{JobStatus, Priority};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{Facts, Query};
use crate::limits::Hold;

/// A job as a store would have it, to be changed by the test.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "the names of the facts")]
struct Job {
    id: Uuid,
    job_type: String,
    status: JobStatus,
    tags: Vec<String>,
    priority: Priority,
    unique_key: Option<String>,
    schedule: Option<String>,
    held: Option<Hold>,
    worker: Option<String>,
    error: Option<String>,
    counts: [u32; 3],
    accepted_at: Timestamp,
    created_at: Timestamp,
    updated_at: Timestamp,
    wake_at: Option<Timestamp>,
    payload: Value,
    metadata: Value,
}

impl Job {
    fn new() -> Self {
        Self {
            id: Uuid::from_u128(0x0199_a3f2_7c1e_7000_8000_0123_4567_89ab),
            job_type: "email.send".into(),
            status: JobStatus::Pending,
            tags: vec!["eu".into(), "Black Friday".into()],
            priority: Priority::Normal,
            unique_key: None,
            schedule: None,
            held: None,
            worker: None,
            error: None,
            counts: [0; 3],
            accepted_at: now(),
            created_at: now(),
            updated_at: now(),
            wake_at: None,
            payload: Value::Null,
            metadata: Value::Null,
        }
    }

    fn facts(&self) -> Facts<'_> {
        let [attempt, failures, crashes] = self.counts;
        Facts {
            id: self.id,
            job_type: &self.job_type,
            status: self.status,
            tags: &self.tags,
            priority: self.priority,
            unique_key: self.unique_key.as_deref(),
            schedule: self.schedule.as_deref(),
            held: self.held,
            worker: self.worker.as_deref(),
            error: self.error.as_deref(),
            attempt,
            failures,
            crashes,
            accepted_at: self.accepted_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
            wake_at: self.wake_at,
            payload: Some(&self.payload),
            metadata: Some(&self.metadata),
        }
    }

    fn matches(&self, text: &str) -> bool {
        query(text).matches(&self.facts(), now())
    }

    /// Asserts what a query that matches and one that does not say of the job, each alone and negated.
    fn check(&self, matching: &[&str], other: &[&str]) {
        for text in matching {
            assert!(self.matches(text) && !self.matches(&format!("-{text}")), "{text}");
        }
        for text in other {
            assert!(!self.matches(text) && self.matches(&format!("-{text}")), "{text}");
        }
    }
}

fn now() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

fn query(text: &str) -> Query {
    Query::parse(text).unwrap_or_else(|error| panic!("{error}\n{}", error.pointer(text)))
}
