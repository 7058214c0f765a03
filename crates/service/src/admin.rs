//! What every process answers about itself: alive, ready, measured.
//!
//! Services with an API of their own answer these questions there; this is the listener of those without one.

use std::future::ready;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::health::Health;
use crate::metrics::Metrics;
use crate::problem::Problem;

/// `/livez`, `/readyz` (and `/healthz`, which is the same) and `/metrics`; everything else is not found.
pub fn router(metrics: Metrics, health: Health) -> Router {
    let health = Arc::new(health);
    let is_ready = move || {
        let health = Arc::clone(&health);
        async move { health.ready().await }
    };
    Router::new()
        .route("/livez", get(|| ready(Health::alive())))
        .route("/readyz", get(is_ready.clone()))
        .route("/healthz", get(is_ready))
        .route("/metrics", get(move || ready(metrics.response())))
        .fallback(|| ready(Problem::not_found()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::{Request, StatusCode};
    use tower_service::Service;

    async fn status(path: &str) -> StatusCode {
        let metrics = Metrics::new("x").unwrap();
        let health = Health::new().part("bus", |_| ready(Err("gone")));
        let request = Request::get(path).body(Body::empty()).unwrap();
        router(metrics, health).call(request).await.unwrap().status()
    }

    #[tokio::test]
    async fn a_process_whose_server_is_away_is_alive_and_measured_and_not_ready() {
        assert_eq!(status("/livez").await, StatusCode::OK);
        assert_eq!(status("/metrics").await, StatusCode::OK);
        assert_eq!(status("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status("/healthz").await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status("/else").await, StatusCode::NOT_FOUND);
    }
}
