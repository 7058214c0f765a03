//! The one error format: RFC 9457 problem details that also carry `error` and `details`, which the published
//! clients read.

mod document;
mod kinds;

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use contracts::Violation;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

pub use document::{DetailsDocument, ProblemDocument, ViolationDocument};

/// The media type of every error body.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Where the kinds of problems are named; a problem's `type` is this and its kind.
pub const TYPE_BASE: &str = "https://odd-demonstration.local/problems/";

/// An error as a client gets it. Its texts are written for that client: never the text of a driver.
#[derive(Clone, Debug)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug)]
struct Parts {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: Cow<'static, str>,
    error: Cow<'static, str>,
    details: Details,
    retry_after: Option<u32>,
    extra: Map<String, Value>,
}

/// The `details` member: what is wrong in particular.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum Details {
    /// The parts of a document that are wrong; possibly none.
    Violations(Vec<Violation>),
    /// One text, as the published proxies answer.
    Text(String),
}

impl Problem {
    /// A problem of a status, a kind (letters and hyphens, stable for ever) and a title that never varies
    /// with the occurrence.
    pub fn new(status: StatusCode, kind: &'static str, title: &'static str) -> Self {
        Self(Box::new(Parts {
            status,
            kind,
            title,
            detail: Cow::Borrowed(title),
            error: Cow::Borrowed(title),
            details: Details::Violations(Vec::new()),
            retry_after: None,
            extra: Map::new(),
        }))
    }

    /// Says what went wrong this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// Sets the `error` member where it is not the title.
    #[must_use]
    pub fn error(mut self, error: impl Into<Cow<'static, str>>) -> Self {
        self.0.error = error.into();
        self
    }

    /// Lists the parts of a document that are wrong.
    #[must_use]
    pub fn violations(mut self, violations: Vec<Violation>) -> Self {
        self.0.details = Details::Violations(violations);
        self
    }

    /// Sets the `details` member to one text.
    #[must_use]
    pub fn details_text(mut self, text: impl Into<String>) -> Self {
        self.0.details = Details::Text(text.into());
        self
    }

    /// Asks the client to come again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Adds a member of the problem's own. A standard member is never replaced.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        if !document::is_standard(name) {
            self.0.extra.insert(name.to_owned(), value.into());
        }
        self
    }

    /// The status that the answer has.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The kind that the `type` member ends with.
    pub fn kind(&self) -> &'static str {
        self.0.kind
    }

    /// What went wrong this time.
    pub fn detail_text(&self) -> &str {
        &self.0.detail
    }

    fn document(&self) -> document::Body<'_> {
        let parts = &*self.0;
        document::Body {
            kind: format!("{TYPE_BASE}{}", parts.kind),
            title: parts.title,
            status: parts.status.as_u16(),
            detail: &parts.detail,
            error: &parts.error,
            details: &parts.details,
            extra: &parts.extra,
        }
    }

    fn body(&self) -> Bytes {
        serde_json::to_vec(&self.document()).map_or_else(|_| Bytes::from_static(b"{}"), Bytes::from)
    }
}

/// The document, for where a problem is told inside an answer that has begun.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document().serialize(serializer)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.0.status, self.body()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.0.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Gives an error answer that was made without a body of ours (an unknown route, a wrong method, a refused
/// extractor) the one format. Answers in JSON are left alone, and so are the headers, such as `Allow`.
pub fn unify(mut response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_json(&response) {
        return response;
    }
    let problem = Problem::of_status(status);
    *response.body_mut() = problem.body().into();
    let headers = response.headers_mut();
    headers.remove(http::header::CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response
}

fn is_json(response: &Response) -> bool {
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    content_type.is_some_and(|text| text.starts_with(MEDIA_TYPE) || text.starts_with("application/json"))
}

#[cfg(test)]
mod tests;
