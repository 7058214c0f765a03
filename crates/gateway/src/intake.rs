//! The way onto the bus: bounded in memory, in waiters and in time.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use ports::{BusError, EventBus, Message};
use service::body::{BodyLimits, declared_size};
use service::problem::Problem;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::config::GatewayConfig;

/// The unit of the memory budget, in bytes.
const BUDGET_UNIT: usize = 1024;

/// What every client reads whose job did not reach the bus.
const NOT_SUBMITTED: &str = "Failed to submit job";

/// The bus behind its bounds.
pub(crate) struct Intake {
    bus: Arc<dyn EventBus>,
    publish_timeout: Duration,
    waiting: Semaphore,
    budget: Semaphore,
}

impl Intake {
    pub(crate) fn new(bus: Arc<dyn EventBus>, config: &GatewayConfig) -> Self {
        let units = (config.body_budget / BUDGET_UNIT).clamp(1, Semaphore::MAX_PERMITS);
        Self {
            bus,
            publish_timeout: config.publish_timeout,
            waiting: Semaphore::new(config.max_waiting.clamp(1, Semaphore::MAX_PERMITS)),
            budget: Semaphore::new(units),
        }
    }

    /// Sets memory aside for a body, until the permit is dropped. A size that is not declared counts as the
    /// largest that is allowed.
    ///
    /// # Errors
    /// 503 when too much is in use.
    pub(crate) fn reserve(
        &self,
        headers: &HeaderMap,
        limits: BodyLimits,
    ) -> Result<SemaphorePermit<'_>, Problem> {
        let bytes = declared_size(headers).unwrap_or(limits.bytes).min(limits.bytes);
        let units = u32::try_from(bytes.div_ceil(BUDGET_UNIT).max(1)).unwrap_or(u32::MAX);
        self.budget
            .try_acquire_many(units)
            .map_err(|_| overloaded("too much data is being received"))
    }

    /// Publishes and returns when the bus has everything durably.
    ///
    /// # Errors
    /// 503 within the time limit, at once where too many wait already.
    pub(crate) async fn publish(&self, messages: Vec<Message>, longest: Duration) -> Result<(), Problem> {
        let _place = self
            .waiting
            .try_acquire()
            .map_err(|_| overloaded("too many requests wait for the bus"))?;
        let limit = self.publish_timeout.min(longest);
        match tokio::time::timeout(limit, self.bus.publish(messages)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(refused(&error)),
            Err(_) => Err(unanswered(limit)),
        }
    }

    /// [`Intake::publish`] with the time limit of a single request.
    pub(crate) async fn publish_one(&self, message: Message) -> Result<(), Problem> {
        self.publish(vec![message], self.publish_timeout).await
    }
}

fn problem(kind: &'static str, title: &'static str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, kind, title)
        .error(NOT_SUBMITTED)
        .retry_after(1)
}

fn overloaded(detail: &'static str) -> Problem {
    problem("overloaded", "Overloaded").detail(detail)
}

fn refused(error: &BusError) -> Problem {
    tracing::warn!(%error, "failed to publish");
    match error {
        BusError::Full(_) => {
            problem("bus-full", "Bus full").detail("the queue has reached its bound; nothing was taken")
        }
        BusError::Unavailable(_) | BusError::Closed(_) => problem("bus-unavailable", "Bus unavailable")
            .detail("the bus is away; submit again under the same id or Idempotency-Key"),
    }
}

fn unanswered(limit: Duration) -> Problem {
    tracing::warn!(limit_s = limit.as_secs_f64(), "the bus did not confirm in time");
    let detail = format!(
        "the bus did not confirm within {} s and may still take the job; submit again under the same id or \
         Idempotency-Key",
        limit.as_secs_f64()
    );
    problem("bus-timeout", "Bus time-out").detail(detail)
}
