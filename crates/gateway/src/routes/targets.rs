//! `GET /proxy/targets`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use service::problem::{Problem, ProblemDocument};
use service::upstream::Upstream;

use crate::gateway::Shared;

/// The scrape targets of Prometheus, as it gives them
#[utoipa::path(
    get,
    path = "/proxy/targets",
    tag = "observability",
    responses(
        (status = 200, description = "The answer of `/api/v1/targets`.", body = Object),
        (status = 502, description = "Prometheus is not configured or not available; `details` is one text.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 504, description = "Prometheus did not answer in time.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn targets(State(shared): State<Arc<Shared>>) -> Result<Response, Problem> {
    let upstream = Upstream {
        name: "Prometheus",
        base_url: shared.config.prometheus_url.as_deref(),
        variable: "PROMETHEUS_URL",
        path: "/api/v1/targets",
    };
    upstream
        .forward(&shared.client, shared.config.proxy_timeout)
        .await
}
