//! The answers that are not files: the page itself, its configuration, and health.

use axum::Json;
use axum::response::{Html, IntoResponse};
use http::header::CACHE_CONTROL;
use serde::Serialize;

use crate::config::UiConfig;

/// Never stored, so that a new binary is never looked at through an old page.
const NO_STORE: [(http::HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PublicConfig {
    gateway_url: String,
    read_model_url: String,
}

pub(crate) async fn index() -> impl IntoResponse {
    (NO_STORE, Html(include_str!("../assets/index.html")))
}

pub(crate) fn config(config: UiConfig) -> impl IntoResponse {
    let public = PublicConfig {
        gateway_url: config.gateway_url,
        read_model_url: config.read_model_url,
    };
    (NO_STORE, Json(public))
}

/// Liveness and readiness are one here: the page needs nothing else, and what is behind it is shown on it.
pub(crate) async fn ok() -> impl IntoResponse {
    (NO_STORE, "ok")
}
