//! The routes, one file each.

mod alerts;
mod dead_letter;
mod dead_letters;
mod errors;
mod events;
mod health;
mod healthz;
mod history;
mod job;
mod job_events;
mod job_timeline;
mod jobs;
mod limits;
mod livez;
mod metrics;
mod readyz;
mod recent;
mod schedule;
mod schedules;
mod stats;
mod stream;

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
        .routes(routes!(job_timeline::job_timeline))
        .routes(routes!(stream::stream))
        .routes(routes!(events::events))
        .routes(routes!(errors::errors))
        .routes(routes!(dead_letters::dead_letters))
        .routes(routes!(dead_letter::dead_letter))
        .routes(routes!(schedules::schedules))
        .routes(routes!(schedule::schedule))
        .routes(routes!(limits::limits))
        .routes(routes!(alerts::alerts))
        .routes(routes!(health::health))
        .routes(routes!(healthz::healthz))
        .routes(routes!(readyz::readyz))
        .routes(routes!(livez::livez))
        .routes(routes!(metrics::metrics))
}
