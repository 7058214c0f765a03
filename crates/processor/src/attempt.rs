//! One attempt: the handler under its time limit, with its panics and its verdict.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use contracts::Job;
use domain::{AttemptResult, Clock, Outcome, RetryPolicy};
use futures::FutureExt;
use ports::Started;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::handler::{Context, HandlerError};
use crate::registry::HandlerRegistry;

/// The longest error text that is kept, in characters.
const ERROR_LIMIT: usize = 2_000;

/// What an attempt needs of its processor.
pub(crate) struct Runner {
    pub(crate) handlers: HandlerRegistry,
    pub(crate) default_timeout: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) worker: String,
    /// How long an attempt may go on after its job was withdrawn.
    pub(crate) cancel_grace: Duration,
}

impl Runner {
    /// Runs a claimed attempt to its result. Never fails: whatever goes wrong is the result.
    pub(crate) async fn run(&self, job: &Job, started: &Started, context: Context) -> AttemptResult {
        let (stopping, cancelled) = (context.stopping.clone(), context.cancelled.clone());
        let log = context.log.clone();
        let begun = Instant::now();
        let outcome = tokio::select! {
            verdict = self.verdict(job, context) => {
                self.outcome(job, started.failures, verdict, cancelled.is_cancelled())
            }
            () = stopping.cancelled() => Outcome::HandedBack { run_at: self.clock.now() },
            () = self.grace_after(&cancelled) => Outcome::Cancelled {
                reason: format!("cancelled; ended by force after {} s", self.cancel_grace.as_secs_f64()),
            },
        };
        AttemptResult {
            job_id: job.id,
            attempt: started.attempt,
            worker: self.worker.clone(),
            at: self.clock.now(),
            run_micros: u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
            outcome,
            log: log.take(),
        }
    }

    async fn grace_after(&self, cancelled: &CancellationToken) {
        cancelled.cancelled().await;
        tokio::time::sleep(self.cancel_grace).await;
    }

    async fn verdict(&self, job: &Job, context: Context) -> Result<String, HandlerError> {
        let Some(handler) = self.handlers.get(&job.job_type) else {
            let known = self.handlers.job_types().join(", ");
            let job_type = &job.job_type;
            return Err(HandlerError::Fatal(format!(
                "no handler for job type `{job_type}` (known: {known})"
            )));
        };
        let limit = self.limit(job);
        let attempt = AssertUnwindSafe(handler.run(job.payload.as_deref(), context)).catch_unwind();
        match timeout(limit, attempt).await {
            Ok(Ok(verdict)) => verdict,
            Ok(Err(panic)) => Err(HandlerError::Retry(format!(
                "handler panicked: {}",
                panic_text(&*panic)
            ))),
            Err(_) => Err(HandlerError::Retry(format!(
                "timed out after {} s",
                limit.as_secs_f64()
            ))),
        }
    }

    fn limit(&self, job: &Job) -> Duration {
        let wish = job
            .timeout_seconds
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        wish.unwrap_or(self.default_timeout)
    }

    fn outcome(
        &self,
        job: &Job,
        failures: u32,
        verdict: Result<String, HandlerError>,
        cancelled: bool,
    ) -> Outcome {
        let error = match verdict {
            Ok(result) => return Outcome::Completed { result: Some(result) },
            Err(error) if cancelled => {
                return Outcome::Cancelled {
                    reason: bounded(&format!("cancelled: {error}")),
                };
            }
            Err(HandlerError::Fatal(reason)) => {
                return Outcome::Failed {
                    error: bounded(&reason),
                };
            }
            Err(HandlerError::Retry(reason)) => bounded(&reason),
        };
        let policy = RetryPolicy::from_options(job.retry.as_ref());
        match policy.pause_after(failures + 1, rand::random()) {
            Some(pause) => Outcome::Retry {
                error,
                run_at: self
                    .clock
                    .now()
                    .saturating_add(pause)
                    .unwrap_or(jiff::Timestamp::MAX),
            },
            None => Outcome::Failed { error },
        }
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

/// Error text as it is kept: bounded, and without NUL, which not every store can hold.
fn bounded(reason: &str) -> String {
    reason.chars().filter(|c| *c != '\0').take(ERROR_LIMIT).collect()
}

#[cfg(test)]
mod tests;
