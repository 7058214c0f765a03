//! `GET /readyz`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use service::health::{HealthOk, NotReady};

use crate::gateway::Shared;

/// Whether jobs can be submitted
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operations",
    responses(
        (status = 200, description = "The bus takes messages.", body = HealthOk),
        (status = 503, description = "The bus is away.", body = NotReady),
    ),
)]
pub(crate) async fn readyz(State(shared): State<Arc<Shared>>) -> Response {
    shared.health.ready().await
}
