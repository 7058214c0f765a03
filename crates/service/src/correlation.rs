//! Who a request belongs to: the correlation id and the W3C trace context, in and out.

mod traceparent;

use axum::extract::FromRequestParts;
use domain::Ids;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use crate::problem::Problem;
pub use traceparent::TraceParent;

/// The header that carries the correlation id, in requests and in every answer.
pub const CORRELATION_HEADER: HeaderName = HeaderName::from_static("x-correlation-id");

/// The header of the W3C trace context.
pub const TRACEPARENT_HEADER: HeaderName = HeaderName::from_static("traceparent");

/// What a request is known by in every service that it reaches. Handlers take it as an extractor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestContext {
    /// The client's own, or made here.
    pub correlation_id: Uuid,
    /// The client's own, or made here from the correlation id.
    pub traceparent: TraceParent,
}

impl RequestContext {
    /// Reads both from the headers of a request and makes what is missing.
    ///
    /// # Errors
    /// 400 for a correlation id that is no UUID. A malformed `traceparent` is replaced instead, as its
    /// specification demands.
    pub fn from_headers(headers: &HeaderMap, ids: &dyn Ids) -> Result<Self, Problem> {
        let correlation_id = match headers.get(CORRELATION_HEADER) {
            Some(value) => parse_correlation_id(value)?,
            None => ids.next(),
        };
        let traceparent = single(headers, &TRACEPARENT_HEADER)
            .and_then(TraceParent::parse)
            .unwrap_or_else(|| TraceParent::for_request(correlation_id, ids));
        Ok(Self {
            correlation_id,
            traceparent,
        })
    }

    /// The correlation id as a header.
    pub fn header(&self) -> HeaderValue {
        header(self.correlation_id)
    }

    /// A new correlation id as a header, for the answer to a request that has no usable one.
    pub(crate) fn fresh_header(ids: &dyn Ids) -> HeaderValue {
        header(ids.next())
    }
}

fn header(id: Uuid) -> HeaderValue {
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    let text = id.hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// The value of a header that is given once, as text.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        None
    } else {
        value.to_str().ok()
    }
}

fn parse_correlation_id(value: &HeaderValue) -> Result<Uuid, Problem> {
    parse_uuid(value.as_bytes()).ok_or_else(|| {
        let detail =
            "the header X-Correlation-Id must be a UUID, such as 0191d2a0-7c1e-7000-8000-000000000001";
        Problem::new(
            http::StatusCode::BAD_REQUEST,
            "invalid-correlation-id",
            "Invalid correlation id",
        )
        .detail(detail)
    })
}

/// Reads a UUID in the one form that the contracts allow: 36 characters with hyphens.
pub fn parse_uuid(text: &[u8]) -> Option<Uuid> {
    if text.len() != uuid::fmt::Hyphenated::LENGTH {
        return None;
    }
    Uuid::try_parse_ascii(text).ok()
}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!("a router answers without its edge");
            Problem::internal()
        })
    }
}

#[cfg(test)]
mod tests;
