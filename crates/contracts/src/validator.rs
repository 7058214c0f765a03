//! The one validator that every service asks, compiled once per process from the embedded schemas.

mod formats;
mod message;
mod violation;

use std::sync::LazyLock;

use serde_json::Value;

use crate::pointer;
use crate::schemas::{self, SchemaFile};
pub use violation::Violation;

/// The most violations that one answer lists.
pub const MAX_VIOLATIONS: usize = 10;

static VALIDATOR: LazyLock<Validator> = LazyLock::new(Validator::new);

/// The process-wide validator; the first call compiles the schemas (about a millisecond).
pub fn validator() -> &'static Validator {
    &VALIDATOR
}

/// The compiled schemas, one method for each.
///
/// Every method answers with at most [`MAX_VIOLATIONS`] violations and costs nothing beyond the check itself
/// for a valid document.
#[derive(Debug)]
pub struct Validator {
    submission: Compiled,
    job: Compiled,
    envelope: Compiled,
    job_accepted: Compiled,
    dead_letter: Compiled,
}

impl Validator {
    fn new() -> Self {
        Self {
            submission: Compiled::new(schemas::JOB_SUBMISSION),
            job: Compiled::new(schemas::JOB),
            envelope: Compiled::new(schemas::EVENT_ENVELOPE),
            job_accepted: Compiled::new(schemas::JOB_ACCEPTED),
            dead_letter: Compiled::new(schemas::DEAD_LETTER),
        }
    }

    /// Checks what a client posts (`schemas/job-submission.json`).
    ///
    /// # Errors
    /// Lists what is wrong; a status other than the first one is explained as something that clients cannot set.
    pub fn submission(&self, document: &Value) -> Result<(), Vec<Violation>> {
        self.submission.check(document).map_err(explain_status)
    }

    /// Checks a job as events carry it (`schemas/job.json`).
    ///
    /// # Errors
    /// Lists what is wrong.
    pub fn job(&self, document: &Value) -> Result<(), Vec<Violation>> {
        self.job.check(document)
    }

    /// Checks an event's envelope, its payload left aside (`schemas/event-envelope.json`).
    ///
    /// # Errors
    /// Lists what is wrong.
    pub fn envelope(&self, document: &Value) -> Result<(), Vec<Violation>> {
        self.envelope.check(document)
    }

    /// Checks an envelope and, for an event about a job, the job inside it.
    ///
    /// # Errors
    /// Lists what is wrong with either; paths into the job begin with `/payload`.
    pub fn event(&self, document: &Value) -> Result<(), Vec<Violation>> {
        let job = document
            .get("payload")
            .filter(|payload| payload.is_object() && is_about_a_job(document));
        let job_is_valid = job.is_none_or(|job| self.job.compiled.is_valid(job));
        if job_is_valid && self.envelope.compiled.is_valid(document) {
            return Ok(());
        }
        let mut violations = self.envelope.violations(document);
        for violation in job.map(|job| self.job.violations(job)).unwrap_or_default() {
            violations.push(violation.below("/payload"));
        }
        violations.truncate(MAX_VIOLATIONS);
        Err(violations)
    }

    /// Checks the answer to a submission (`schemas/job-accepted.json`).
    ///
    /// # Errors
    /// Lists what is wrong.
    pub fn job_accepted(&self, document: &Value) -> Result<(), Vec<Violation>> {
        self.job_accepted.check(document)
    }

    /// Checks a dead letter (`schemas/dead-letter.json`).
    ///
    /// # Errors
    /// Lists what is wrong.
    pub fn dead_letter(&self, document: &Value) -> Result<(), Vec<Violation>> {
        self.dead_letter.check(document)
    }
}

fn is_about_a_job(envelope: &Value) -> bool {
    envelope
        .get("eventType")
        .and_then(Value::as_str)
        .is_some_and(|name| name.starts_with("job."))
}

const STATUS_IS_OURS: &str = "must be \"PENDING\" or absent: a client cannot set the status of a job";

fn explain_status(mut violations: Vec<Violation>) -> Vec<Violation> {
    for violation in &mut violations {
        if violation.path == "/status" {
            STATUS_IS_OURS.clone_into(&mut violation.message);
        }
    }
    violations.dedup();
    violations
}

#[derive(Debug)]
struct Compiled {
    compiled: jsonschema::Validator,
}

impl Compiled {
    fn new(schema: SchemaFile) -> Self {
        let document: Value = serde_json::from_str(schema.text).expect("a test parses every embedded schema");
        let compiled = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft7)
            .with_pattern_options(jsonschema::PatternOptions::regex())
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .with_format("uuid", formats::is_uuid)
            .with_format("date-time", formats::is_date_time)
            .build(&document)
            .expect("a test compiles every embedded schema");
        Self { compiled }
    }

    fn check(&self, document: &Value) -> Result<(), Vec<Violation>> {
        if self.compiled.is_valid(document) {
            return Ok(());
        }
        Err(self.violations(document))
    }

    fn violations(&self, document: &Value) -> Vec<Violation> {
        let errors = self.compiled.iter_errors(document).take(MAX_VIOLATIONS);
        errors.map(|error| violation_of(&error)).collect()
    }
}

fn violation_of(error: &jsonschema::ValidationError<'_>) -> Violation {
    Violation {
        path: short_path(error.instance_path()),
        message: message::of(error),
    }
}

fn short_path(location: &jsonschema::paths::Location) -> String {
    let mut path = String::new();
    for segment in location.segments() {
        pointer::push(&mut path, &pointer::shorten(&segment.to_string()));
    }
    path
}

#[cfg(test)]
mod tests;
