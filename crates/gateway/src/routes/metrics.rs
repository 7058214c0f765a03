//! `GET /metrics`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::gateway::Shared;

/// The numbers of this service, as Prometheus reads them
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operations",
    responses((status = 200, description = "Metrics.", body = String, content_type = "text/plain")),
)]
pub(crate) async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    shared.metrics.response()
}
