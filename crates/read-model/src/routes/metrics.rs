//! `GET /metrics`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;

use crate::read_model::Shared;

/// The numbers of this service, of the queues and of the dead letters, as Prometheus reads them
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operations",
    responses((status = 200, description = "Metrics.", body = String, content_type = "text/plain")),
)]
pub(crate) async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let (depths, letters) = tokio::join!(shared.depths(), shared.open_dead_letters());
    shared.metrics.set_queues(depths.as_deref().ok());
    shared.metrics.set_dead_letters(letters.ok());
    shared.metrics.response()
}
