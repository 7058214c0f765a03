//! The same-origin proxies: `/api/…` to the read model, `/gateway/…` to the gateway.
//!
//! They exist so that the services behind need not open themselves to every page of every site (CORS). What
//! a proxied request may cost is bounded by [`crate::ProxyLimits`]; [`upstream::Upstream`] does the work.

mod error;
mod headers;
mod streamed;
mod upstream;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use service::http_server::Stopping;

use crate::config::{ProxyLimits, UiConfig};
use crate::problem::Problem;
use crate::security::is_same_origin;
use upstream::Upstream;

/// The two proxies. Questions may only be asked of the read model; the gateway takes commands as well.
pub(crate) fn routes(config: &UiConfig, limits: ProxyLimits) -> Router {
    let read_model = Upstream::new("read model", "/api", &config.read_model_url, limits);
    let gateway = Upstream::new("gateway", "/gateway", &config.gateway_url, limits);
    let questions = Router::new()
        .route("/api/{*path}", get(forward))
        .with_state(Arc::new(read_model));
    let commands = Router::new()
        .route("/gateway/{*path}", get(forward).post(command))
        .with_state(Arc::new(gateway));
    questions.merge(commands)
}

async fn forward(State(upstream): State<Arc<Upstream>>, stopping: Stopping, request: Request) -> Response {
    upstream.forward(request, stopping).await.into_response()
}

async fn command(State(upstream): State<Arc<Upstream>>, stopping: Stopping, request: Request) -> Response {
    if !is_same_origin(request.headers()) {
        return cross_origin().into_response();
    }
    upstream.forward(request, stopping).await.into_response()
}

fn cross_origin() -> Problem {
    Problem {
        status: StatusCode::FORBIDDEN,
        kind: "forbidden",
        title: "Forbidden",
        detail: "commands are accepted from this page only, not from pages of other sites".to_owned(),
    }
}
