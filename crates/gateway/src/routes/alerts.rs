//! `GET /proxy/alerts`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use service::problem::{Problem, ProblemDocument};
use service::upstream::Upstream;

use crate::gateway::Shared;

/// The alerts of Alertmanager, as it gives them
#[utoipa::path(
    get,
    path = "/proxy/alerts",
    tag = "observability",
    responses(
        (status = 200, description = "The answer of `/api/v2/alerts`.", body = Vec<Object>),
        (status = 502, description = "Alertmanager is not configured or not available; `details` is one text.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 504, description = "Alertmanager did not answer in time.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn alerts(State(shared): State<Arc<Shared>>) -> Result<Response, Problem> {
    let upstream = Upstream {
        name: "Alertmanager",
        base_url: shared.config.alertmanager_url.as_deref(),
        variable: "ALERTMANAGER_URL",
        path: "/api/v2/alerts",
    };
    upstream
        .forward(&shared.client, shared.config.proxy_timeout)
        .await
}
