//! `GET /livez`.

use axum::response::Response;
use service::health::{Health, HealthOk};

/// Whether the process is alive, whatever else is away
#[utoipa::path(
    get,
    path = "/livez",
    tag = "operations",
    responses((status = 200, description = "Alive.", body = HealthOk)),
)]
pub(crate) async fn livez() -> Response {
    Health::alive()
}
