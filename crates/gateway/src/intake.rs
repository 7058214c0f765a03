//! The way onto the bus: bounded in memory, in waiters and in time.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{HeaderMap, StatusCode};
use ports::{BusError, EventBus, Parcel};
use service::body::{self, BodyLimits, Budget, Received};
use service::problem::Problem;
use service::telemetry::Occasionally;
use tokio::sync::Semaphore;

use crate::config::GatewayConfig;

/// What every client reads whose job did not reach the bus.
pub(crate) const NOT_SUBMITTED: &str = "Failed to submit job";

/// The bus behind its bounds.
pub(crate) struct Intake {
    bus: Arc<dyn EventBus>,
    publish_timeout: Duration,
    waiting: Semaphore,
    budget: Budget,
    trouble: Occasionally,
}

impl Intake {
    pub(crate) fn new(bus: Arc<dyn EventBus>, config: &GatewayConfig) -> Self {
        Self {
            bus,
            publish_timeout: config.publish_timeout,
            waiting: Semaphore::new(config.max_waiting.clamp(1, Semaphore::MAX_PERMITS)),
            budget: Budget::new(config.body_budget),
            trouble: Occasionally::default(),
        }
    }

    /// Reads a body.
    ///
    /// # Errors
    /// As [`body::read`].
    pub(crate) async fn receive(
        &self,
        body: Body,
        headers: &HeaderMap,
        limits: BodyLimits,
    ) -> Result<Received<'_>, Problem> {
        let received = body::read(body, headers, limits, &self.budget).await;
        received.map_err(|problem| {
            if problem.status() == StatusCode::SERVICE_UNAVAILABLE {
                problem.error(NOT_SUBMITTED)
            } else {
                problem
            }
        })
    }

    /// The memory that bodies share.
    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Publishes and returns when the bus has everything durably.
    ///
    /// # Errors
    /// 503 within the time limit, at once where too many wait already.
    pub(crate) async fn publish(&self, messages: Vec<Arc<Parcel>>, longest: Duration) -> Result<(), Problem> {
        let _place = self.waiting.try_acquire().map_err(|_| overloaded())?;
        let limit = self.publish_timeout.min(longest);
        match tokio::time::timeout(limit, self.bus.publish(messages)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                if self.trouble.is_due() {
                    tracing::warn!(%error, "failed to publish");
                }
                Err(refused(&error))
            }
            Err(_) => {
                if self.trouble.is_due() {
                    tracing::warn!(limit_s = limit.as_secs_f64(), "the bus did not confirm in time");
                }
                Err(unanswered(limit))
            }
        }
    }

    /// [`Intake::publish`] with the time limit of a single request.
    pub(crate) async fn publish_one(&self, message: Arc<Parcel>) -> Result<(), Problem> {
        self.publish(vec![message], self.publish_timeout).await
    }
}

fn problem(kind: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, kind, title)
        .error(NOT_SUBMITTED)
        .retry_after(1)
}

fn overloaded() -> Problem {
    Problem::overloaded()
        .error(NOT_SUBMITTED)
        .detail("too many requests wait for the bus")
}

fn refused(error: &BusError) -> Problem {
    match error {
        BusError::Full(_) => {
            problem("bus-full", "Bus full").detail("the queue has reached its bound; nothing was taken")
        }
        BusError::Unavailable(_) | BusError::Closed(_) => problem("bus-unavailable", "Bus unavailable")
            .detail("the bus is away; submit again under the same id or Idempotency-Key"),
    }
}

/// 503: the time of a batch was over before this part of it was tried.
pub(crate) fn too_late(limit: Duration) -> Problem {
    let detail = format!(
        "the batch took longer than {} s; this job was not tried, submit it again",
        limit.as_secs_f64()
    );
    problem("batch-timeout", "Batch time-out").detail(detail)
}

fn unanswered(limit: Duration) -> Problem {
    let detail = format!(
        "the bus did not confirm within {} s and may still take the job; submit again under the same id or \
         Idempotency-Key",
        limit.as_secs_f64()
    );
    problem("bus-timeout", "Bus time-out").detail(detail)
}
