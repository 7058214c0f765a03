//! Rebuilding over HTTP.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use service::problem::Problem;

use crate::rebuild::{Derived, Desk, RebuildStatus};

pub(crate) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/rebuild", get(status))
        .route("/rebuild/{what}", post(rebuild))
        .with_state(desk)
}

/// How rebuilding goes.
async fn status(State(desk): State<Arc<Desk>>) -> Json<RebuildStatus> {
    Json(desk.status())
}

/// Asks for a rebuild: `live-stats` or `event-log`.
async fn rebuild(
    State(desk): State<Arc<Desk>>,
    Path(what): Path<String>,
) -> Result<(StatusCode, Json<RebuildStatus>), Problem> {
    let names = Derived::ALL.map(Derived::name).join(" and ");
    let unknown = || Problem::not_found().detail(format!("only {names} can be rebuilt"));
    desk.want(Derived::named(&what).ok_or_else(unknown)?);
    Ok((StatusCode::ACCEPTED, Json(desk.status())))
}
