//! The routes, one file each.

mod alerts;
mod batch;
mod healthz;
mod jobs;
mod livez;
mod metrics;
mod readyz;
mod targets;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gateway::Shared;

/// Every route with its documentation.
pub(crate) fn all() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::default()
        .routes(routes!(jobs::submit))
        .routes(routes!(batch::submit_batch))
        .routes(routes!(alerts::alerts))
        .routes(routes!(targets::targets))
        .routes(routes!(healthz::healthz))
        .routes(routes!(readyz::readyz))
        .routes(routes!(livez::livez))
        .routes(routes!(metrics::metrics))
}
