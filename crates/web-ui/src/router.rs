//! The table of everything that the dashboard answers.

use std::future::ready;

use axum::Router;
use axum::middleware::map_response;
use axum::routing::get;

use crate::config::{ProxyLimits, UiConfig};
use crate::problem::{method_not_allowed, not_found};
use crate::{assets, page, proxy, security};

/// The dashboard with its usual limits.
///
/// A base URL that cannot be used does not stop the page from being served: the proxy that needs it answers
/// 502 and says so.
pub fn router(config: UiConfig) -> Router {
    router_with_limits(config, ProxyLimits::default())
}

/// The dashboard with other bounds on its proxies.
pub fn router_with_limits(config: UiConfig, limits: ProxyLimits) -> Router {
    let proxies = proxy::routes(&config, limits);
    Router::new()
        .route("/", get(page::index))
        .route("/config.json", get(move || ready(page::config(config.clone()))))
        .route("/health", get(page::ok))
        .route("/healthz", get(page::ok))
        .route("/readyz", get(page::ok))
        .merge(assets::routes())
        .merge(proxies)
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(map_response(security::harden))
}
