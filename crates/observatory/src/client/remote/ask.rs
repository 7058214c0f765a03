//! A question before it is sent.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, Request};
use http_body_util::Full;
use serde::Serialize;

use super::RequestError;

/// How long an answer may take unless the question says otherwise.
const LIMIT: Duration = Duration::from_secs(15);

/// A question.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, String)>,
    body: Bytes,
    pub(super) limit: Duration,
}

impl Ask {
    fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Bytes::new(),
            limit: LIMIT,
        }
    }

    /// A GET.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// A POST without a body.
    pub(crate) fn post(path: impl Into<String>) -> Self {
        Self::new(Method::POST, path)
    }

    /// A PUT without a body.
    pub(crate) fn put(path: impl Into<String>) -> Self {
        Self::new(Method::PUT, path)
    }

    /// A DELETE.
    pub(crate) fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// With a JSON document.
    ///
    /// # Errors
    /// None in practice: every document is plain data.
    pub(crate) fn json(self, document: &impl Serialize) -> Result<Self, RequestError> {
        let text =
            serde_json::to_vec(document).map_err(|error| RequestError::Unsayable(error.to_string()))?;
        Ok(self.body("application/json", text))
    }

    /// With a body.
    pub(crate) fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header(CONTENT_TYPE, content_type)
    }

    /// With a header.
    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// With another limit than usual for the answer.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// With this much more time for the answer.
    pub(crate) fn patient(mut self, more: Duration) -> Self {
        self.limit += more;
        self
    }

    pub(super) fn request(self) -> Result<Request<Full<Bytes>>, RequestError> {
        let unsayable = |error: &dyn std::fmt::Display| RequestError::Unsayable(error.to_string());
        let mut request = Request::builder()
            .method(self.method)
            .uri(&self.path)
            .header(ACCEPT, HeaderValue::from_static("*/*"));
        for (name, value) in self.headers {
            let value = HeaderValue::from_str(&value).map_err(|_| unsayable(&format!("{name}: {value}")))?;
            request = request.header(name, value);
        }
        request
            .body(Full::new(self.body))
            .map_err(|error| unsayable(&error))
    }
}
