//! Calls on the stores: bounded in time and number, and with a clear word when one is away.

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use ports::StoreError;
use tokio::sync::Semaphore;

use crate::problem::Problem;
use crate::telemetry::Occasionally;

/// A part of the system that can be away while the rest answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The authority on jobs.
    JobStore,
    /// Events and dead letters.
    EventLog,
    /// Counters.
    LiveStats,
}

impl Part {
    /// The name that answers use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::JobStore => "job store",
            Self::EventLog => "event log",
            Self::LiveStats => "live stats",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The bounds of all calls of a service together.
#[derive(Debug)]
pub struct Questions {
    limit: Duration,
    places: Semaphore,
    trouble: Occasionally,
}

impl Questions {
    /// At most `most` calls at once, each of at most `limit`.
    pub fn new(limit: Duration, most: usize) -> Self {
        Self {
            limit,
            places: Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS)),
            trouble: Occasionally::default(),
        }
    }

    /// Waits for an answer of a part.
    ///
    /// # Errors
    /// 503 that names the part when it is away, too slow, or asked too much; 400 for a value that it refuses;
    /// 500 when what it holds does not read.
    pub async fn ask<T>(
        &self,
        part: Part,
        question: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, Problem> {
        let busy = |_| degraded(part, "is asked too much");
        let _place = self.places.try_acquire().map_err(busy)?;
        match tokio::time::timeout(self.limit, question).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                if self.trouble.is_due() {
                    tracing::warn!(%part, %error, "a store did not answer");
                }
                Err(failed(part, &error))
            }
            Err(_) => Err(degraded(
                part,
                &format!("did not answer within {} s", self.limit.as_secs_f64()),
            )),
        }
    }
}

fn failed(part: Part, error: &StoreError) -> Problem {
    match error {
        StoreError::Unavailable(_) => degraded(part, "is away"),
        StoreError::Refused(_) => {
            Problem::bad_request().detail(format!("the {part} refuses a value of the request"))
        }
        StoreError::Corrupt(_) => inconsistent(part),
    }
}

fn degraded(part: Part, what: &str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "degraded", "Degraded")
        .detail(format!("the {part} {what}; everything else still answers"))
        .member("degraded", vec![part.name()])
        .retry_after(1)
}

/// 500: what a part holds does not read as what was written.
pub fn inconsistent(part: Part) -> Problem {
    tracing::error!(%part, "stored data does not read");
    Problem::internal()
        .detail(format!("the {part} holds data that does not read"))
        .member("degraded", vec![part.name()])
}
