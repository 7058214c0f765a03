//! One service behind the dashboard.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use http::header::CACHE_CONTROL;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use service::http_server::Stopping;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::error::ProxyError;
use super::headers::{strip_answer, strip_request};
use super::streamed::{Streamed, is_streamed};
use crate::config::ProxyLimits;

/// A service that does not accept a connection by then is away, whatever time is left for its answer.
const CONNECT_TIME: Duration = Duration::from_secs(3);
/// Shorter than any server keeps an idle connection, so that a request rarely meets one just closed.
const IDLE_TIME: Duration = Duration::from_secs(4);
const IDLE_CONNECTIONS: usize = 16;
/// How much of a body beyond its limit is read and dropped before the connection is given up.
const DRAINED: usize = 32 * 1024 * 1024;

type HttpClient = Client<HttpConnector, Full<Bytes>>;

/// Passes requests on to one service, within [`ProxyLimits`].
pub(super) struct Upstream {
    name: &'static str,
    /// The part of our own paths that the service does not know.
    prefix: &'static str,
    base: Option<Base>,
    client: HttpClient,
    limits: ProxyLimits,
    slots: Semaphore,
    streams: Arc<Semaphore>,
}

impl Upstream {
    pub(super) fn new(name: &'static str, prefix: &'static str, url: &str, limits: ProxyLimits) -> Self {
        let base = Base::parse(url);
        if base.is_none() {
            tracing::error!(
                upstream = name,
                url,
                "not a usable http url; its proxy will answer 502"
            );
        }
        Self {
            name,
            prefix,
            base,
            client: client(),
            limits,
            slots: Semaphore::new(limits.in_flight),
            streams: Arc::new(Semaphore::new(limits.streams)),
        }
    }

    /// Asks the service and hands its answer back whole, or says why there is none.
    ///
    /// The answer is collected before the first byte is passed on: a service that breaks off in the middle
    /// becomes a clear error instead of half an answer. One that is written as things happen is passed on so, until
    /// it ends or `stopping` says that the dashboard does.
    pub(super) async fn forward(&self, request: Request, stopping: Stopping) -> Result<Response, ProxyError> {
        let deadline = Instant::now() + self.limits.total_time;
        let request = self.readdress(request, deadline).await?;
        timeout_at(deadline, self.exchange(request, stopping))
            .await
            .map_err(|_elapsed| ProxyError::TimedOut(self.name, self.limits.total_time))?
    }

    /// The same request, addressed to the service.
    async fn readdress(
        &self,
        request: Request,
        deadline: Instant,
    ) -> Result<http::Request<Full<Bytes>>, ProxyError> {
        let misconfigured = ProxyError::Misconfigured(self.name);
        let base = self.base.as_ref().ok_or(misconfigured)?;
        let (mut head, body) = request.into_parts();
        head.uri = base
            .join(&head.uri, self.prefix)
            .ok_or(ProxyError::BrokenRequest)?;
        head.version = http::Version::HTTP_11;
        head.extensions.clear();
        strip_request(&mut head.headers);
        let body = timeout_at(deadline, self.read_request(body))
            .await
            .map_err(|_elapsed| ProxyError::SlowRequest(self.limits.total_time))??;
        Ok(http::Request::from_parts(head, Full::new(body)))
    }

    /// The body, or [`ProxyError::LargeRequest`] once the rest of it has been read and dropped: a client that
    /// sends all before it reads anything would otherwise see a broken connection instead of the answer.
    async fn read_request(&self, mut body: Body) -> Result<Bytes, ProxyError> {
        let limit = self.limits.request_bytes;
        let (mut kept, mut length) = (BytesMut::new(), 0);
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|_| ProxyError::BrokenRequest)?.into_data() else {
                continue;
            };
            length += data.len();
            if length <= limit {
                kept.extend_from_slice(&data);
            } else if length > limit + DRAINED {
                break;
            }
        }
        if length > limit {
            return Err(ProxyError::LargeRequest(limit));
        }
        Ok(kept.freeze())
    }

    async fn exchange(
        &self,
        request: http::Request<Full<Bytes>>,
        stopping: Stopping,
    ) -> Result<Response, ProxyError> {
        let _slot = self
            .slots
            .acquire()
            .await
            .map_err(|_closed| ProxyError::Unreachable(self.name))?;
        let answer = self.client.request(request).await.map_err(|error| {
            self.log(&error);
            ProxyError::Unreachable(self.name)
        })?;
        let (mut head, body) = answer.into_parts();
        let body = if is_streamed(&head.headers) {
            self.pass_on(body, stopping)?
        } else {
            Body::from(self.read_answer(body).await?)
        };
        strip_answer(&mut head.headers);
        head.headers
            .entry(CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
        Ok(Response::from_parts(head, body))
    }

    fn pass_on(&self, body: Incoming, stopping: Stopping) -> Result<Body, ProxyError> {
        let ProxyLimits { streams, silence, .. } = self.limits;
        let place = Arc::clone(&self.streams).try_acquire_owned();
        let place = place.map_err(|_| ProxyError::TooManyStreams(self.name, streams))?;
        Ok(Streamed::new(body, silence, stopping, place).into_body())
    }

    async fn read_answer(&self, body: Incoming) -> Result<Bytes, ProxyError> {
        let limit = self.limits.answer_bytes;
        let body = Limited::new(body, limit).collect().await.map_err(|error| {
            self.log(error.as_ref());
            if error.is::<LengthLimitError>() {
                ProxyError::LargeAnswer(self.name, limit)
            } else {
                ProxyError::BrokenAnswer(self.name)
            }
        })?;
        Ok(body.to_bytes())
    }

    /// At debug: an open page asks every second, and the page itself says that the service is away.
    fn log(&self, error: &(dyn Error + 'static)) {
        tracing::debug!(upstream = self.name, error, "proxied request failed");
    }
}

fn client() -> HttpClient {
    let mut connector = HttpConnector::new();
    connector.set_connect_timeout(Some(CONNECT_TIME));
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIME)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .build(connector)
}

/// The address that a service's paths are appended to.
#[derive(Debug, PartialEq)]
struct Base {
    authority: Authority,
    /// Without a slash at its end; empty for most.
    path: String,
}

impl Base {
    fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.trim().parse().ok()?;
        if uri.scheme() != Some(&Scheme::HTTP) || uri.query().is_some() {
            return None;
        }
        Some(Self {
            authority: uri.authority()?.clone(),
            path: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Our own address with the prefix replaced by the service's; escapes and the query stay as they came.
    fn join(&self, ours: &Uri, prefix: &str) -> Option<Uri> {
        let rest = ours.path_and_query()?.as_str().strip_prefix(prefix)?;
        let path: PathAndQuery = format!("{}{rest}", self.path).parse().ok()?;
        Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(self.authority.clone())
            .path_and_query(path)
            .build()
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str, ours: &str) -> String {
        let base = Base::parse(base).expect("a usable base");
        base.join(&ours.parse().expect("a uri"), "/api")
            .expect("a joined uri")
            .to_string()
    }

    #[test]
    fn the_prefix_is_replaced_by_the_base() {
        assert_eq!(joined("http://rm:8080", "/api/stats"), "http://rm:8080/stats");
        assert_eq!(joined("http://rm:8080/", "/api/stats"), "http://rm:8080/stats");
        assert_eq!(joined("http://rm/v1/", "/api/jobs"), "http://rm/v1/jobs");
    }

    #[test]
    fn query_and_escapes_survive() {
        assert_eq!(
            joined("http://rm", "/api/jobs/a%2Fb?type=a%20b&limit=2"),
            "http://rm/jobs/a%2Fb?type=a%20b&limit=2"
        );
    }

    #[test]
    fn only_plain_http_urls_are_a_base() {
        for url in [
            "",
            "rm:8080",
            "/stats",
            "https://rm",
            "ftp://rm",
            "http://",
            "http://rm?x=1",
            "not a url",
        ] {
            assert_eq!(Base::parse(url), None, "{url}");
        }
    }
}
