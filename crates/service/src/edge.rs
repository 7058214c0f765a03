//! What every request of an API passes first, and every answer last.
//!
//! On the way in: the correlation id and the trace context, and the answer to CORS preflights. On the way out:
//! the one error format, the correlation id, the CORS headers and the duration. A panic becomes a 500. One
//! layer does it all, because every layer costs each request an allocation.

mod cors;
mod layer;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::response::{IntoResponse, Response};
use domain::Ids;
use futures::FutureExt;
use http::header::X_CONTENT_TYPE_OPTIONS;
use http::{HeaderValue, Method};
use tower_service::Service;

use crate::correlation::{CORRELATION_HEADER, RequestContext};
use crate::metrics::HttpMetrics;
use crate::problem::{self, Problem};
pub use cors::{Cors, InvalidOrigin};

/// The layer in front of an API router.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

struct Inner {
    ids: Arc<dyn Ids>,
    cors: Cors,
    metrics: HttpMetrics,
}

impl Edge {
    /// An edge that makes ids with `ids` and counts requests in `metrics`.
    pub fn new(ids: Arc<dyn Ids>, cors: Cors, metrics: HttpMetrics) -> Self {
        Self(Arc::new(Inner { ids, cors, metrics }))
    }

    /// Puts the edge in front of everything that a router answers, its 404 too.
    pub fn protect(self, router: Router) -> Router {
        router.layer(layer::EdgeLayer(self))
    }

    async fn handle<S>(self, inner: S, mut request: Request) -> Response
    where
        S: Service<Request, Response = Response, Error = std::convert::Infallible> + Send,
        S::Future: Send,
    {
        let started = Instant::now();
        let visit = Visit::of(&request);
        let origin = self.0.cors.allowed_origin(request.headers());
        let context = RequestContext::from_headers(request.headers(), &*self.0.ids);
        let (id, mut response) = match context {
            Err(problem) => (None, problem.into_response()),
            Ok(context) => {
                let id = context.header();
                let response = if cors::is_preflight(&request) {
                    self.0.cors.preflight(origin.as_ref())
                } else {
                    request.extensions_mut().insert(context);
                    answer(inner, request).await
                };
                (Some(id), response)
            }
        };
        self.finish(&mut response, id, origin);
        self.0
            .metrics
            .observe(visit.route(), &visit.method, response.status(), started.elapsed());
        visit.log(&response, started.elapsed());
        response
    }

    fn finish(&self, response: &mut Response, id: Option<HeaderValue>, origin: Option<HeaderValue>) {
        let headers = response.headers_mut();
        let id = id.unwrap_or_else(|| RequestContext::fresh_header(&*self.0.ids));
        headers.insert(CORRELATION_HEADER, id);
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(origin) = origin {
            cors::allow(headers, origin);
        }
    }
}

/// What is remembered of a request for when it is answered.
struct Visit {
    method: Method,
    path: Option<MatchedPath>,
}

impl Visit {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            path: request.extensions().get::<MatchedPath>().cloned(),
        }
    }

    fn route(&self) -> Option<&str> {
        self.path.as_ref().map(MatchedPath::as_str)
    }

    fn log(&self, response: &Response, took: Duration) {
        tracing::debug!(
            http.method = %self.method,
            http.route = self.route().unwrap_or("unmatched"),
            http.status = response.status().as_u16(),
            correlation.id = ?response.headers().get(CORRELATION_HEADER),
            duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "answered"
        );
    }
}

async fn answer<S>(mut inner: S, request: Request) -> Response
where
    S: Service<Request, Response = Response, Error = std::convert::Infallible>,
{
    match AssertUnwindSafe(inner.call(request)).catch_unwind().await {
        Ok(Ok(response)) => problem::unify(response),
        Err(_) => {
            tracing::error!("a request handler panicked");
            Problem::internal().into_response()
        }
    }
}
