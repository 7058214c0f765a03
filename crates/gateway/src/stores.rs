//! The stores behind their bounds: every call has a limit, and a refusal names the part that is away.

use std::sync::Arc;

use ports::{EventLog, JobStore, StoreError};
use service::ask::{Part, Questions};
use service::problem::Problem;

use crate::config::GatewayConfig;

/// The stores of a gateway.
pub(crate) struct Stores {
    jobs: Arc<dyn JobStore>,
    events: Arc<dyn EventLog>,
    calls: Questions,
    /// Those who wait for a job, apart: however many they are, commands get through.
    watching: Questions,
}

impl Stores {
    pub(crate) fn new(jobs: Arc<dyn JobStore>, events: Arc<dyn EventLog>, config: &GatewayConfig) -> Self {
        Self {
            jobs,
            events,
            calls: Questions::new(config.store_timeout, config.max_store_calls),
            watching: Questions::new(config.store_timeout, config.max_waiters),
        }
    }

    /// Calls the job store.
    ///
    /// # Errors
    /// As [`Questions::ask`], in all of these.
    pub(crate) async fn jobs<'s, T, F>(
        &'s self,
        call: impl FnOnce(&'s dyn JobStore) -> F,
    ) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.calls.ask(Part::JobStore, call(&*self.jobs)).await
    }

    /// Calls the event log.
    pub(crate) async fn events<'s, T, F>(
        &'s self,
        call: impl FnOnce(&'s dyn EventLog) -> F,
    ) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.calls.ask(Part::EventLog, call(&*self.events)).await
    }

    /// Calls the job store on behalf of a client that waits for a job.
    pub(crate) async fn watch<'s, T, F>(
        &'s self,
        call: impl FnOnce(&'s dyn JobStore) -> F,
    ) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.watching.ask(Part::JobStore, call(&*self.jobs)).await
    }
}
