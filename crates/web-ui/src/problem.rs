//! The one shape of every error: RFC 9457, with the `error` and `details` that the published clients read.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Method, StatusCode, Uri};
use serde_json::json;

/// An error as a client gets it.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// What kind of thing went wrong; the same text for every occurrence.
    pub(crate) title: &'static str,
    /// What went wrong this time. Never text of a driver: that belongs in the log.
    pub(crate) detail: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
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
        title: "Not found",
        detail: format!("nothing is served at {}", uri.path()),
    }
}

pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    Problem {
        status: StatusCode::METHOD_NOT_ALLOWED,
        title: "Method not allowed",
        detail: format!("{} does not answer {method}", uri.path()),
    }
}
