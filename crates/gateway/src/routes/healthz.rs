//! `GET /healthz`.
//!
//! As the published clients know it: 503 while the bus is away. That makes it the wrong question for whoever
//! restarts processes, since a restart does not bring the bus back; that one is `/livez`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use service::health::{HealthOk, NotReady};

use crate::gateway::Shared;

/// Whether jobs can be submitted, as published clients ask it
///
/// The same as `/readyz`. Use `/livez` to decide on a restart.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operations",
    responses(
        (status = 200, description = "The bus takes messages.", body = HealthOk),
        (status = 503, description = "The bus is away.", body = NotReady),
    ),
)]
pub(crate) async fn healthz(State(shared): State<Arc<Shared>>) -> Response {
    shared.health.ready().await
}
