//! `GET /alerts`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;
use service::upstream::Upstream;

use crate::read_model::Shared;
use crate::views::AlertList;

/// The alerts that are firing
#[utoipa::path(
    get,
    path = "/alerts",
    tag = "stats",
    responses(
        (status = 200, description = "The alerts; `degraded` says when nobody watches.", body = AlertList, example = json!({
            "items": [], "degraded": ["alertmanager is not configured"],
        })),
        (status = 400, description = "A parameter is unknown.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 502, description = "Alertmanager is configured and not available.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 504, description = "Alertmanager did not answer in time.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn alerts(State(shared): State<Arc<Shared>>, uri: Uri) -> Result<Json<AlertList>, Problem> {
    Query::parse(&uri, &[])?;
    let base_url = shared
        .config
        .alertmanager_url
        .as_deref()
        .filter(|url| !url.is_empty());
    if base_url.is_none() {
        let degraded = vec!["alertmanager is not configured".to_owned()];
        return Ok(Json(AlertList {
            items: Vec::new(),
            degraded,
        }));
    }
    let upstream = Upstream {
        name: "Alertmanager",
        base_url,
        variable: "ALERTMANAGER_URL",
        path: "/api/v2/alerts",
    };
    let answer = upstream.ask(&shared.client, shared.config.proxy_timeout).await?;
    if !answer.status().is_success() {
        return Err(upstream.unavailable(format!("status {}", answer.status().as_u16())));
    }
    let items =
        serde_json::from_slice(answer.body()).map_err(|error| upstream.unavailable(error.to_string()))?;
    Ok(Json(AlertList {
        items,
        degraded: Vec::new(),
    }))
}
