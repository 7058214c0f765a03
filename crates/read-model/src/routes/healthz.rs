//! `GET /healthz`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use service::health::{HealthOk, NotReady};

use crate::read_model::Shared;

/// Whether every part answers, the same as `/health`
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operations",
    responses(
        (status = 200, description = "Every store answers.", body = HealthOk),
        (status = 503, description = "A store is away; `parts` says which.", body = NotReady),
    ),
)]
pub(crate) async fn healthz(State(shared): State<Arc<Shared>>) -> Response {
    shared.health.ready().await
}
