//! The routes, one file each.

mod alerts;
mod dead_letters;
mod healthz;
mod job;
mod jobs;
mod limits;
mod livez;
mod metrics;
mod pause;
mod readyz;
mod resume;
mod schedules;
mod targets;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::gateway::Shared;

/// Every route with its documentation.
pub(crate) fn all() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::default()
        .merge(of_jobs())
        .merge(of_limits())
        .merge(of_schedules())
        .merge(of_dead_letters())
        .routes(routes!(alerts::alerts))
        .routes(routes!(targets::targets))
        .routes(routes!(healthz::healthz))
        .routes(routes!(readyz::readyz))
        .routes(routes!(livez::livez))
        .routes(routes!(metrics::metrics))
}

fn of_jobs() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::default()
        .routes(routes!(jobs::submit::submit))
        .routes(routes!(jobs::batch::submit_batch))
        .routes(routes!(jobs::cancel::cancel_matching))
        .routes(routes!(jobs::retry::retry_matching))
        .routes(routes!(jobs::delete::delete_matching))
        .routes(routes!(job::cancel::cancel))
        .routes(routes!(job::retry::retry))
        .routes(routes!(job::delete::delete))
}

fn of_limits() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::default()
        .routes(routes!(limits::all::all_limits))
        .routes(routes!(limits::get::get_limits))
        .routes(routes!(limits::put::put_limits))
        .routes(routes!(limits::delete::delete_limits))
        .routes(routes!(limits::pause::pause_type))
        .routes(routes!(limits::resume::resume_type))
        .routes(routes!(pause::pause))
        .routes(routes!(resume::resume))
}

fn of_schedules() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::default()
        .routes(routes!(schedules::create::create_schedule))
        .routes(routes!(schedules::put::put_schedule))
        .routes(routes!(schedules::delete::delete_schedule))
        .routes(routes!(schedules::pause::pause_schedule))
        .routes(routes!(schedules::resume::resume_schedule))
        .routes(routes!(schedules::run::run_schedule))
        .routes(routes!(schedules::preview::preview_schedule))
}

fn of_dead_letters() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::default()
        .routes(routes!(dead_letters::replay::replay_dead_letter))
        .routes(routes!(dead_letters::discard::discard_dead_letter))
        .routes(routes!(dead_letters::replay_many::replay_dead_letters))
        .routes(routes!(dead_letters::discard_many::discard_dead_letters))
}
