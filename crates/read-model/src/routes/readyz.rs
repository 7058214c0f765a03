//! `GET /readyz`.
//!
//! Unlike `/health`, it only says no when no store answers: while one does, there are questions to answer, and
//! taking the service away would hide what still works.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use service::health::{Health, HealthOk, NotReady};

use crate::read_model::Shared;

/// Whether any question can be answered
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operations",
    responses(
        (status = 200, description = "At least one store answers.", body = HealthOk),
        (status = 503, description = "No store answers.", body = NotReady),
    ),
)]
pub(crate) async fn readyz(State(shared): State<Arc<Shared>>) -> Response {
    let down = shared.health.down().await;
    if down.len() < shared.health.parts() {
        Health::alive()
    } else {
        Health::not_ready(down)
    }
}
