//! One connection, from its first byte to its last.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower_service::Service;

use super::timed_io::TimedIo;
use super::{ServerLimits, Stopping};
use crate::correlation::{CORRELATION_HEADER, parse_uuid};
use crate::problem::Problem;

pub(super) struct Connection {
    pub(super) router: Router,
    pub(super) limits: ServerLimits,
    pub(super) drain: CancellationToken,
    pub(super) abort: CancellationToken,
}

impl Connection {
    pub(super) async fn run(self, stream: TcpStream) {
        let Self {
            router,
            limits,
            drain,
            abort,
        } = self;
        let io = TokioIo::new(TimedIo::new(stream, limits.write_timeout));
        let stopping = Stopping::new(drain.clone());
        let service = service_fn(|mut request: Request<Incoming>| {
            request.extensions_mut().insert(stopping.clone());
            answer(router.clone(), request, limits.request_timeout)
        });
        let mut connection = pin!(protocol(limits).serve_connection(io, service));
        tokio::select! {
            result = connection.as_mut() => return note(result),
            () = drain.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        tokio::select! {
            result = connection => note(result),
            () = abort.cancelled() => {}
        }
    }
}

fn protocol(limits: ServerLimits) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(limits.max_header_bytes.max(8 * 1024));
    protocol
}

async fn answer(
    mut router: Router,
    request: Request<Incoming>,
    limit: Duration,
) -> Result<Response, Infallible> {
    let correlation = request.headers().get(CORRELATION_HEADER).cloned();
    if let Ok(answered) = tokio::time::timeout(limit, router.call(request)).await {
        return answered;
    }
    tracing::warn!(limit_s = limit.as_secs_f64(), "gave up a request");
    let mut response = Problem::unavailable()
        .detail("no answer within the time limit")
        .into_response();
    if let Some(id) = correlation.filter(|id| parse_uuid(id.as_bytes()).is_some()) {
        response.headers_mut().insert(CORRELATION_HEADER, id);
    }
    Ok(response)
}

/// Clients go away at any moment; that is worth a line only for who looks for it.
fn note(result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%error, "connection ended early");
    }
}
