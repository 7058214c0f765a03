//! What can go wrong between the page and a service, and how the page is told.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::problem::Problem;

#[derive(Debug, thiserror::Error)]
pub(super) enum ProxyError {
    #[error("the request body did not arrive within {0:?}")]
    SlowRequest(Duration),
    #[error("the request body is larger than {0} bytes")]
    LargeRequest(usize),
    #[error("the request body broke off")]
    BrokenRequest,
    #[error("the {0} url of this dashboard is not a usable http url")]
    Misconfigured(&'static str),
    #[error("the {0} cannot be reached")]
    Unreachable(&'static str),
    #[error("the {0} broke off its answer")]
    BrokenAnswer(&'static str),
    #[error("the {0} answered more than {1} bytes")]
    LargeAnswer(&'static str, usize),
    #[error("{1} answers of the {0} are being followed already")]
    TooManyStreams(&'static str, usize),
    #[error("the {0} did not answer within {1:?}")]
    TimedOut(&'static str, Duration),
}

impl ProxyError {
    fn status(&self) -> StatusCode {
        match self {
            Self::SlowRequest(_) => StatusCode::REQUEST_TIMEOUT,
            Self::LargeRequest(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokenRequest => StatusCode::BAD_REQUEST,
            Self::TooManyStreams(..) => StatusCode::SERVICE_UNAVAILABLE,
            Self::TimedOut(..) => StatusCode::GATEWAY_TIMEOUT,
            Self::Misconfigured(_) | Self::Unreachable(_) | Self::BrokenAnswer(_) | Self::LargeAnswer(..) => {
                StatusCode::BAD_GATEWAY
            }
        }
    }

    fn kind_and_title(&self) -> (&'static str, &'static str) {
        match self {
            Self::SlowRequest(_) => ("request-timeout", "Request time-out"),
            Self::LargeRequest(_) => ("too-large", "Request too large"),
            Self::BrokenRequest => ("bad-request", "Bad request"),
            Self::TooManyStreams(..) => ("overloaded", "Overloaded"),
            Self::TimedOut(..) => ("gateway-timeout", "Gateway time-out"),
            Self::Misconfigured(_) | Self::Unreachable(_) | Self::BrokenAnswer(_) | Self::LargeAnswer(..) => {
                ("bad-gateway", "Bad gateway")
            }
        }
    }
}

impl IntoResponse for ProxyError {
    fn into_response(self) -> Response {
        let (kind, title) = self.kind_and_title();
        let problem = Problem {
            status: self.status(),
            kind,
            title,
            detail: self.to_string(),
        };
        problem.into_response()
    }
}
