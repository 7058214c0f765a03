//! `http`: calls an endpoint. Private addresses are refused unless they are allowed.

mod addresses;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::client::{Client, ClientBuilder, ClientError};

use crate::{Context, Handler, HandlerError};
use addresses::is_public;

/// The longest answer that is read, in bytes; it must fit into a job's result.
const ANSWER_LIMIT: usize = 32 * 1024;

/// The job's own time-out ends a call earlier; this only bounds the client.
const CALL_LIMIT: Duration = Duration::from_hours(24);

/// Calls an endpoint.
#[derive(Clone)]
pub struct Http {
    client: Client,
}

/// The payload of an `http` job.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpInput {
    /// The method; GET unless there is a body, then POST.
    #[serde(default)]
    pub method: Option<String>,
    /// An `http:` or `https:` URL.
    pub url: String,
    /// Headers of the request.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body: a string is sent as it is, anything else as JSON.
    #[serde(default)]
    pub body: Option<Value>,
}

/// The result of an `http` job: an answer with a status of 2xx.
#[derive(Clone, Debug, Serialize)]
pub struct HttpOutput {
    /// The status.
    pub status: u16,
    /// The body: JSON where it is JSON, text where it is not.
    pub body: Value,
}

impl Http {
    /// Makes the handler; `allow_private` lets it call private, loopback and link-local addresses.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(allow_private: bool) -> Result<Self, ClientError> {
        let builder = ClientBuilder::new().max_body(ANSWER_LIMIT);
        let builder = if allow_private {
            builder
        } else {
            builder.address_policy(is_public)
        };
        Ok(Self {
            client: builder.build()?,
        })
    }
}

impl Handler for Http {
    type Input = HttpInput;
    type Output = HttpOutput;

    async fn run(&self, input: HttpInput, context: Context) -> Result<HttpOutput, HandlerError> {
        let request = request(input, &context)?;
        let response = tokio::select! {
            response = self.client.send(request, CALL_LIMIT) => response,
            () = context.cancelled.cancelled() => return Err(HandlerError::fatal("call given up")),
        };
        let response = response.map_err(|error| match error {
            ClientError::BadUrl(_) | ClientError::Refused(_) | ClientError::TooLarge(_) => {
                HandlerError::fatal(error)
            }
            _ => HandlerError::retry(error),
        })?;
        judge(&response)
    }
}

fn request(input: HttpInput, context: &Context) -> Result<Request<Bytes>, HandlerError> {
    let default = if input.body.is_some() { "POST" } else { "GET" };
    let method = input.method.as_deref().unwrap_or(default).to_ascii_uppercase();
    let method = Method::from_bytes(method.as_bytes()).map_err(HandlerError::fatal)?;
    let (body, content_type) = match input.body {
        None => (Bytes::new(), None),
        Some(Value::String(text)) => (Bytes::from(text), Some("text/plain; charset=utf-8")),
        Some(json) => (Bytes::from(json.to_string()), Some("application/json")),
    };
    let mut request = Request::builder()
        .method(method)
        .uri(&input.url)
        .body(body)
        .map_err(HandlerError::fatal)?;
    let headers = request.headers_mut();
    if let Some(content_type) = content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    // A receiver can recognise a repeated attempt by this key.
    headers.insert("idempotency-key", text(&context.job_id.to_string())?);
    headers.insert("x-correlation-id", text(&context.correlation_id.to_string())?);
    if let Some(traceparent) = &context.traceparent {
        headers.insert("traceparent", text(traceparent)?);
    }
    for (name, value) in &input.headers {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| HandlerError::Fatal(format!("`{name}` is no header name")))?;
        headers.insert(name, text(value)?);
    }
    Ok(request)
}

fn text(value: &str) -> Result<HeaderValue, HandlerError> {
    HeaderValue::from_str(value)
        .map_err(|_| HandlerError::fatal("a header value has characters that HTTP forbids"))
}

/// 2xx is a result; what the client did wrong stays wrong, everything else may pass.
fn judge(response: &Response<Bytes>) -> Result<HttpOutput, HandlerError> {
    let status = response.status();
    if status.is_success() {
        return Ok(HttpOutput {
            status: status.as_u16(),
            body: readable(response.body()),
        });
    }
    let reason = format!("answered {status}: {}", excerpt(response.body()));
    let may_pass = matches!(
        status,
        StatusCode::REQUEST_TIMEOUT
            | StatusCode::CONFLICT
            | StatusCode::TOO_EARLY
            | StatusCode::TOO_MANY_REQUESTS
    );
    if status.is_client_error() && !may_pass {
        Err(HandlerError::Fatal(reason))
    } else {
        Err(HandlerError::Retry(reason))
    }
}

fn readable(body: &[u8]) -> Value {
    contracts::parse_strict(body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).replace('\0', "\u{fffd}")))
}

fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body)
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests;
