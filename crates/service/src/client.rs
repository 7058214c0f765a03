//! The one client for calls to the outside: every call has a time limit, every answer a size limit, and the
//! addresses that may be reached are a policy.

mod connector;
mod error;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, HOST, USER_AGENT};
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use connector::GuardedConnector;
pub use error::ClientError;

/// Says whether an address may be connected to.
pub type AddressPolicy = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

type Inner = legacy::Client<HttpsConnector<GuardedConnector>, Full<Bytes>>;

/// A client for HTTP and HTTPS with kept connections. Cheap to clone. It follows no redirects, so that an
/// answer cannot send it anywhere.
#[derive(Clone)]
pub struct Client {
    inner: Inner,
    max_body: usize,
}

/// Makes a [`Client`].
#[derive(Clone)]
pub struct ClientBuilder {
    policy: Option<AddressPolicy>,
    max_body: usize,
    connect_timeout: Duration,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            policy: None,
            max_body: 8 * 1024 * 1024,
            connect_timeout: Duration::from_secs(5),
        }
    }
}

impl ClientBuilder {
    /// Every address allowed, answers of at most 8 MiB, connected within 5 s.
    pub fn new() -> Self {
        Self::default()
    }

    /// Connects only to addresses that `policy` allows. It is asked for every address that a name resolves to,
    /// each time a connection is made, and for addresses that stand in a URL, so that no name can lead
    /// elsewhere later. IPv4 addresses inside IPv6 ones are asked for as IPv4.
    #[must_use]
    pub fn address_policy(mut self, policy: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        self.policy = Some(Arc::new(policy));
        self
    }

    /// The largest body of an answer, in bytes.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// The longest time to look up a name and connect.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Makes the client.
    ///
    /// # Errors
    /// [`ClientError::Tls`] when TLS cannot be set up.
    pub fn build(self) -> Result<Client, ClientError> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| ClientError::Tls(error.to_string()))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(GuardedConnector::new(self.policy, self.connect_timeout));
        let inner = legacy::Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(20))
            .pool_max_idle_per_host(16)
            .build(connector);
        Ok(Client {
            inner,
            max_body: self.max_body,
        })
    }
}

impl Client {
    /// Gets a URL within a time limit, body and all.
    ///
    /// # Errors
    /// [`ClientError`]. An answer with an error status is an answer.
    pub async fn get(&self, url: &str, limit: Duration) -> Result<Response<Bytes>, ClientError> {
        let uri: Uri = url.parse().map_err(|_| ClientError::BadUrl(url.to_owned()))?;
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = uri;
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
        self.send(request, limit).await
    }

    /// Sends a request within a time limit and reads the answer, body and all.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn send(
        &self,
        mut request: Request<Bytes>,
        limit: Duration,
    ) -> Result<Response<Bytes>, ClientError> {
        check(request.uri())?;
        let headers = request.headers_mut();
        headers.remove(HOST);
        let agent = HeaderValue::from_static(concat!("task-observatory/", env!("CARGO_PKG_VERSION")));
        headers.entry(USER_AGENT).or_insert(agent);
        let exchange = async {
            let response = self
                .inner
                .request(request.map(Full::new))
                .await
                .map_err(|error| ClientError::of_exchange(&error))?;
            self.whole(response).await
        };
        tokio::time::timeout(limit, exchange)
            .await
            .unwrap_or(Err(ClientError::TimedOut(limit)))
    }

    async fn whole(&self, response: Response<Incoming>) -> Result<Response<Bytes>, ClientError> {
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, self.max_body)
            .collect()
            .await
            .map_err(|error| {
                if error.is::<LengthLimitError>() {
                    ClientError::TooLarge(self.max_body)
                } else {
                    ClientError::Transport(error.to_string())
                }
            })?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }
}

fn check(uri: &Uri) -> Result<(), ClientError> {
    let plain = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri
        .authority()
        .is_some_and(|authority| !authority.host().is_empty());
    let secret = uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'));
    if plain && host && !secret {
        Ok(())
    } else {
        Err(ClientError::BadUrl(uri.to_string()))
    }
}
