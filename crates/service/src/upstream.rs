//! Answers of a service behind this one, passed on as they are.

use std::time::Duration;

use crate::client::{Client, ClientError};
use crate::problem::Problem;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};

/// A service behind this one.
#[derive(Clone, Copy, Debug)]
pub struct Upstream<'a> {
    /// Its name, for people.
    pub name: &'static str,
    /// Where it is, if that is known.
    pub base_url: Option<&'a str>,
    /// The variable that says where it is.
    pub variable: &'static str,
    /// What is asked.
    pub path: &'static str,
}

impl Upstream<'_> {
    /// Asks and passes the answer on, its status too.
    ///
    /// # Errors
    /// As [`Upstream::ask`].
    pub async fn forward(&self, client: &Client, limit: Duration) -> Result<Response, Problem> {
        let answer = self.ask(client, limit).await?;
        let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        Ok((answer.status(), headers, answer.into_body()).into_response())
    }

    /// Asks for JSON.
    ///
    /// # Errors
    /// 504 when the answer takes too long, 502 when there is none or it is no JSON.
    pub async fn ask(&self, client: &Client, limit: Duration) -> Result<http::Response<Bytes>, Problem> {
        let Some(base) = self.base_url.filter(|url| !url.is_empty()) else {
            return Err(self.unavailable(format!("{} is not set", self.variable)));
        };
        let url = format!("{}{}", base.trim_end_matches('/'), self.path);
        match client.get(&url, limit).await {
            Ok(answer) if is_json(&answer) => Ok(answer),
            Ok(answer) => Err(self.unavailable(format!("status {}, and no JSON", answer.status().as_u16()))),
            Err(ClientError::TimedOut(_)) => Err(self.late(limit)),
            Err(error) => Err(self.unavailable(error.to_string())),
        }
    }

    /// 502 with the reason, which the `details` member repeats as the published clients read it.
    pub fn unavailable(&self, reason: String) -> Problem {
        Problem::new(
            StatusCode::BAD_GATEWAY,
            "upstream-unavailable",
            "Upstream unavailable",
        )
        .error(format!("{} is not available", self.name))
        .detail(format!("{} is not available: {reason}", self.name))
        .details_text(reason)
    }

    fn late(&self, limit: Duration) -> Problem {
        let reason = format!("no answer within {} s", limit.as_secs_f64());
        Problem::new(
            StatusCode::GATEWAY_TIMEOUT,
            "upstream-timeout",
            "Upstream time-out",
        )
        .error(format!("{} did not answer in time", self.name))
        .detail(format!("{}: {reason}", self.name))
        .details_text(reason)
    }
}

fn is_json(answer: &http::Response<Bytes>) -> bool {
    let content_type = answer
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    content_type.is_some_and(|text| text.to_ascii_lowercase().starts_with("application/json"))
}
