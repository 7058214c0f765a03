//! The routes, one file each.

mod alerts;
mod dead_letters;
mod events;
mod health;
mod healthz;
mod history;
mod job;
mod job_events;
mod jobs;
mod livez;
mod metrics;
mod readyz;
mod recent;
mod stats;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::read_model::Shared;

/// Every route with its documentation.
pub(crate) fn all() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::default()
        .routes(routes!(stats::stats))
        .routes(routes!(history::history))
        .routes(routes!(recent::recent))
        .routes(routes!(jobs::jobs))
        .routes(routes!(job::job))
        .routes(routes!(job_events::job_events))
        .routes(routes!(events::events))
        .routes(routes!(dead_letters::dead_letters))
        .routes(routes!(alerts::alerts))
        .routes(routes!(health::health))
        .routes(routes!(healthz::healthz))
        .routes(routes!(readyz::readyz))
        .routes(routes!(livez::livez))
        .routes(routes!(metrics::metrics))
}
