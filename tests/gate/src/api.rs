//! HTTP as clients speak it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::time::timeout;

/// The longest an answer may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A service, as it is reached from this machine.
#[derive(Clone, Debug)]
pub struct Api {
    port: u16,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// What it answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| self.text())
    }
}

impl Api {
    /// The service behind a port of this machine.
    pub fn new(port: u16) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { port, client }
    }

    /// GET.
    ///
    /// # Errors
    /// When there is no answer; so in all of these.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.ask("GET", path, Bytes::new()).await
    }

    /// GET, where only 200 with JSON will do.
    ///
    /// # Errors
    /// When it is another status, too.
    pub async fn json(&self, path: &str) -> Result<Value> {
        let answer = self.get(path).await?;
        ensure!(
            answer.status == 200,
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
        answer.json()
    }

    /// POST with a JSON document.
    ///
    /// # Errors
    /// As above.
    pub async fn post(&self, path: &str, document: &Value) -> Result<Answer> {
        self.ask("POST", path, document.to_string().into()).await
    }

    async fn ask(&self, method: &str, path: &str, body: Bytes) -> Result<Answer> {
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}{path}", self.port))
            .header("content-type", "application/json")
            .body(Full::new(body))?;
        let answer = async {
            let response = self.client.request(request).await?;
            let status = response.status().as_u16();
            let body = response.into_body().collect().await?.to_bytes();
            anyhow::Ok(Answer { status, body })
        };
        timeout(LIMIT, answer)
            .await
            .with_context(|| format!("no answer to {method} {path} within {LIMIT:?}"))?
    }
}
