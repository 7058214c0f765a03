//! What a kind of work implements.

use std::future::Future;
use std::sync::Arc;

use domain::SystemClock;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::AttemptLog;

/// A kind of work: typed input, typed result, one async function.
///
/// An attempt may run more than once for one job (the process can die at any moment), so the effects of `run`
/// outside the observatory should be safe to repeat; [`Context::job_id`] is a natural idempotency key. Long
/// computations belong on `tokio::task::spawn_blocking`, as in any async code.
pub trait Handler: Send + Sync + 'static {
    /// What the job's `payload` must read as; an absent payload reads as `{}`.
    type Input: DeserializeOwned + Send;
    /// What is kept as the job's result; `()` keeps `null`.
    type Output: Serialize + Send;

    /// Runs one attempt. It is dropped at its time-out, when the processor stops, and some time after
    /// [`Context::cancelled`].
    ///
    /// # Errors
    /// [`HandlerError::Retry`] when another attempt may succeed, [`HandlerError::Fatal`] when none will.
    fn run(
        &self,
        input: Self::Input,
        context: Context,
    ) -> impl Future<Output = Result<Self::Output, HandlerError>> + Send;
}

/// What an attempt may know of its job.
#[derive(Clone, Debug)]
pub struct Context {
    /// The job.
    pub job_id: Uuid,
    /// Which attempt this is; 1 is the first.
    pub attempt: u32,
    /// When the client made the job.
    pub created_at: Timestamp,
    /// Follows the client's request; pass it on.
    pub correlation_id: Uuid,
    /// W3C trace context of the client's request; pass it on.
    pub traceparent: Option<String>,
    /// Cancelled when the processor stops: the attempt is handed back and runs again elsewhere.
    pub stopping: CancellationToken,
    /// Cancelled when a client withdraws the job: a handler should clean up and return an error. One that has not
    /// returned within the processor's grace time is dropped.
    pub cancelled: CancellationToken,
    /// What people can read of the attempt later, line by line.
    pub log: AttemptLog,
}

impl Context {
    /// The context of a first attempt outside any processor, for trying a handler out.
    pub fn detached(job_id: Uuid) -> Self {
        Self {
            job_id,
            attempt: 1,
            created_at: Timestamp::UNIX_EPOCH,
            correlation_id: Uuid::nil(),
            traceparent: None,
            stopping: CancellationToken::new(),
            cancelled: CancellationToken::new(),
            log: AttemptLog::new(Arc::new(SystemClock)),
        }
    }
}

/// Why an attempt did not succeed. The text is kept with the attempt and shown to people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandlerError {
    /// Another attempt may succeed: the job's retry policy decides.
    #[error("{0}")]
    Retry(String),
    /// No attempt will succeed: the job fails now.
    #[error("{0}")]
    Fatal(String),
}

impl HandlerError {
    /// An error that another attempt may not meet.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "an error is given away: `.map_err(HandlerError::retry)`"
    )]
    pub fn retry(reason: impl ToString) -> Self {
        Self::Retry(reason.to_string())
    }

    /// An error that every attempt would meet.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "an error is given away: `.map_err(HandlerError::retry)`"
    )]
    pub fn fatal(reason: impl ToString) -> Self {
        Self::Fatal(reason.to_string())
    }
}
