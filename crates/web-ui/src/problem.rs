//! The one shape of every error: RFC 9457, with the `error` and `details` that the published clients read.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Method, StatusCode, Uri};
use serde_json::json;

/// Where the kinds of problems are named; the other services use the same.
const TYPE_BASE: &str = "https://odd-demonstration.local/problems/";

/// An error as a client gets it.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// What kind of thing went wrong: letters and hyphens, stable for ever.
    pub(crate) kind: &'static str,
    /// The kind in words; the same for every occurrence.
    pub(crate) title: &'static str,
    /// What went wrong this time. Never text of a driver: that belongs in the log.
    pub(crate) detail: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("{TYPE_BASE}{}", self.kind),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "error": self.title,
            "details": [],
        });
        let headers = [
            (CONTENT_TYPE, "application/problem+json"),
            (CACHE_CONTROL, "no-store"),
        ];
        (self.status, headers, body.to_string()).into_response()
    }
}

pub(crate) async fn not_found(uri: Uri) -> Problem {
    Problem {
        status: StatusCode::NOT_FOUND,
        kind: "not-found",
        title: "Not found",
        detail: format!("nothing is served at {}", uri.path()),
    }
}

pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    Problem {
        status: StatusCode::METHOD_NOT_ALLOWED,
        kind: "method-not-allowed",
        title: "Method not allowed",
        detail: format!("{} does not answer {method}", uri.path()),
    }
}
