//! The clients of the published system work against this one: its endpoints, bodies, ports and metric names.

mod errors;
mod fixtures;
mod gate;
mod lists;
mod monitoring;
mod shapes;

use contracts::Violation;
use serde_json::{Value, json};

use crate::common::Shared;

static SHARED: Shared = Shared::new(&[]);

/// A job as the published clients write it: the full contract object.
fn published_job(job_type: &str, payload: &Value) -> Value {
    json!({
        "id": uuid::Uuid::new_v4(),
        "type": job_type,
        "status": "PENDING",
        "payload": payload,
        "createdAt": "2026-01-02T03:04:05.678Z",
    })
}

fn words(violations: &[Violation]) -> String {
    let words: Vec<_> = violations.iter().map(ToString::to_string).collect();
    words.join("; ")
}
