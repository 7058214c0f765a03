//! Which web pages may use an API from a browser: those of configured origins, never all.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use crate::problem::Problem;

const REQUEST_HEADERS: &str = "content-type, idempotency-key, traceparent, x-correlation-id";
const RESPONSE_HEADERS: &str = "retry-after, x-correlation-id";

/// The allowed origins and what they may do.
#[derive(Clone, Debug)]
pub struct Cors {
    origins: Vec<HeaderValue>,
    methods: HeaderValue,
}

/// A text that is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin, expected scheme://host or scheme://host:port")]
pub struct InvalidOrigin(pub String);

impl Cors {
    /// Allows pages of these origins, such as `http://localhost:8081`, these methods, such as `GET, POST`.
    ///
    /// # Errors
    /// [`InvalidOrigin`] for anything but a full origin; `*` and `null` are none.
    pub fn new<I>(origins: I, methods: &'static str) -> Result<Self, InvalidOrigin>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let origins = origins
            .into_iter()
            .map(|origin| parse(origin.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            origins,
            methods: HeaderValue::from_static(methods),
        })
    }

    /// The origin of a request, if it is allowed.
    pub(super) fn allowed_origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(ORIGIN)?;
        self.origins.iter().find(|allowed| *allowed == origin).cloned()
    }

    /// The answer to a preflight.
    pub(super) fn preflight(&self, origin: Option<&HeaderValue>) -> Response {
        if origin.is_none() {
            return Problem::forbidden()
                .detail("pages of this origin may not use this service")
                .into_response();
        }
        let mut response = StatusCode::NO_CONTENT.into_response();
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, self.methods.clone());
        headers.insert(
            ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static(REQUEST_HEADERS),
        );
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        response
    }
}

/// Lets the page of an allowed origin read the answer.
pub(super) fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(RESPONSE_HEADERS),
    );
    headers.append(VARY, HeaderValue::from_static("origin"));
}

pub(super) fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(ORIGIN)
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

fn parse(origin: &str) -> Result<HeaderValue, InvalidOrigin> {
    let invalid = || InvalidOrigin(origin.to_owned());
    let uri: Uri = origin.parse().map_err(|_| invalid())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(invalid());
    };
    let whole = format!("{scheme}://{authority}");
    if !whole.eq_ignore_ascii_case(origin.trim_end_matches('/')) || authority.as_str().contains('@') {
        return Err(invalid());
    }
    HeaderValue::from_str(&whole.to_ascii_lowercase()).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_full_origins_can_be_allowed() {
        for good in [
            "http://localhost:8081",
            "https://Observatory.example/",
            "http://[::1]:8081",
        ] {
            assert!(Cors::new([good], "GET").is_ok(), "{good}");
        }
        for bad in [
            "*",
            "null",
            "",
            "localhost:8081",
            "http://a/b",
            "http://user@a",
            "http://a b",
            "//a",
        ] {
            assert_eq!(
                Cors::new([bad], "GET").unwrap_err(),
                InvalidOrigin(bad.to_owned())
            );
        }
    }
}
