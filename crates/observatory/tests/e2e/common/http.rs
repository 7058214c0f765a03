//! A client without a mind of its own: one connection per request, nothing retried, nothing followed.

use std::net::Ipv4Addr;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest time for one exchange.
const LIMIT: Duration = Duration::from_secs(20);

/// An answer, whatever it says.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {} {:?}", self.status, self.body))
    }

    /// The documents of a body that has one per line.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let lines = self.text().lines().filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The value of a header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// One port of an observatory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Api {
    pub(crate) port: u16,
}

impl Api {
    /// The answer to a GET.
    pub(crate) async fn get(self, path: &str) -> Answer {
        self.try_get(path)
            .await
            .unwrap_or_else(|error| panic!("GET {path} on port {}: {error}", self.port))
    }

    /// The answer to a GET, or why there is none.
    pub(crate) async fn try_get(self, path: &str) -> Result<Answer, String> {
        let request = Request::get(path).body(Full::default()).unwrap();
        self.send(request).await
    }

    /// The answer to a POST of a JSON document.
    pub(crate) async fn post(self, path: &str, document: &Value) -> Answer {
        let request = json_request(path, document.to_string());
        self.send(request)
            .await
            .unwrap_or_else(|error| panic!("POST {path} on port {}: {error}", self.port))
    }

    /// The answer to a request without a body.
    pub(crate) async fn ask(self, method: &str, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Full::default()).unwrap();
        self.send(request)
            .await
            .unwrap_or_else(|error| panic!("{method} {path} on port {}: {error}", self.port))
    }

    /// The answer to any request, or why there is none.
    pub(crate) async fn send(self, request: Request<Full<Bytes>>) -> Result<Answer, String> {
        self.send_within(LIMIT, request).await
    }

    /// As [`Self::send`], for what takes longer.
    pub(crate) async fn send_within(
        self,
        limit: Duration,
        request: Request<Full<Bytes>>,
    ) -> Result<Answer, String> {
        let exchange = timeout(limit, self.exchange(request)).await;
        exchange.map_err(|_| format!("no answer within {limit:?}"))?
    }

    async fn exchange(self, mut request: Request<Full<Bytes>>) -> Result<Answer, String> {
        let host = HeaderValue::from_str(&format!("localhost:{}", self.port)).unwrap();
        request.headers_mut().entry(HOST).or_insert(host);
        let stream = self.connect().await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(text)?;
        let connection = tokio::spawn(connection);
        let (head, body) = sender.send_request(request).await.map_err(text)?.into_parts();
        let body = body.collect().await.map_err(text)?.to_bytes();
        connection.abort();
        Ok(Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        })
    }

    async fn connect(self) -> Result<TcpStream, String> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await;
        stream.map_err(|error| error.to_string())
    }

    /// Whether somebody accepts connections there.
    pub(crate) async fn is_open(self) -> bool {
        self.connect().await.is_ok()
    }

    /// Sends bytes as they are, then ends its own side, and returns all that comes back.
    pub(crate) async fn raw(self, bytes: &[u8]) -> String {
        let exchange = async {
            let mut stream = self.connect().await.unwrap();
            // A server that has heard enough may hang up in the middle; what it said is still read.
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            String::from_utf8_lossy(&answer).into_owned()
        };
        timeout(LIMIT, exchange).await.expect("the connection ends")
    }
}

/// A POST of what claims to be JSON.
pub(crate) fn json_request(path: &str, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    Request::post(path)
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(body.into()))
        .unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn text(error: hyper::Error) -> String {
    format!("{error:?}")
}
