//! Alive or ready: two different questions.
//!
//! *Alive* is asked by whoever restarts processes, so it depends on nothing outside the process. *Ready* is
//! asked by whoever sends work, so it asks everything that the service cannot work without.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use futures::future::{BoxFuture, join_all};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

use crate::VERSION;

/// How long a part may take to say that it is there.
const LIMIT: Duration = Duration::from_secs(1);

type Ping = Arc<dyn Fn(Duration) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Everything that a service cannot work without.
#[derive(Clone, Default)]
pub struct Health {
    parts: Vec<(&'static str, Ping)>,
}

/// The answer of a service that works.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HealthOk {
    /// Always `ok`.
    #[schema(examples("ok"))]
    pub status: &'static str,
    /// The software version.
    #[schema(examples("0.1.0"))]
    pub version: &'static str,
}

/// The answer of a service that cannot work now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NotReady {
    /// Always `not_ready`.
    #[schema(examples("not_ready"))]
    pub status: &'static str,
    /// Every part that is away, in words.
    #[schema(examples("bus: bus unavailable: connection refused"))]
    pub reason: String,
    /// The parts that are away.
    pub parts: Vec<PartDown>,
    /// The software version.
    #[schema(examples("0.1.0"))]
    pub version: &'static str,
}

/// A part that is away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartDown {
    /// Which part.
    #[schema(examples("bus"))]
    pub name: &'static str,
    /// Why.
    #[schema(examples("bus unavailable: connection refused"))]
    pub reason: String,
}

impl Health {
    /// A service that needs nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a part. `ping` gets the time that it may take.
    #[must_use]
    pub fn part<F, Fut, E>(mut self, name: &'static str, ping: F) -> Self
    where
        F: Fn(Duration) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: std::fmt::Display,
    {
        let ping: Ping = Arc::new(move |limit| {
            let answer = ping(limit);
            Box::pin(async move { answer.await.map_err(|error| error.to_string()) })
        });
        self.parts.push((name, ping));
        self
    }

    /// Asks all parts at once and names those that are away.
    pub async fn down(&self) -> Vec<PartDown> {
        let asked = self.parts.iter().map(|(name, ping)| ask(name, ping));
        join_all(asked).await.into_iter().flatten().collect()
    }

    /// Whether the service can work with everything it needs: 200 or 503.
    pub async fn ready(&self) -> Response {
        let down = self.down().await;
        if down.is_empty() {
            Self::alive()
        } else {
            Self::not_ready(down)
        }
    }

    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// 503 that names the parts that are away.
    pub fn not_ready(parts: Vec<PartDown>) -> Response {
        let reasons: Vec<String> = parts
            .iter()
            .map(|part| format!("{}: {}", part.name, part.reason))
            .collect();
        let body = NotReady {
            status: "not_ready",
            reason: reasons.join("; "),
            parts,
            version: VERSION,
        };
        (
            StatusCode::SERVICE_UNAVAILABLE,
            [(CACHE_CONTROL, "no-store")],
            Json(body),
        )
            .into_response()
    }

    /// Whether the process is alive: it answers, so it is.
    pub fn alive() -> Response {
        (
            [(CACHE_CONTROL, "no-store")],
            Json(HealthOk {
                status: "ok",
                version: VERSION,
            }),
        )
            .into_response()
    }
}

async fn ask(name: &'static str, ping: &Ping) -> Option<PartDown> {
    // A part that ignores its limit must not hold the answer.
    let reason = match tokio::time::timeout(LIMIT * 2, ping(LIMIT)).await {
        Ok(Ok(())) => return None,
        Ok(Err(reason)) => reason,
        Err(_) => format!("no answer within {} s", (LIMIT * 2).as_secs()),
    };
    Some(PartDown { name, reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;
    use serde_json::{Value, json};

    async fn answer(health: Health) -> (StatusCode, Value) {
        let response = health.ready().await;
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap())
    }

    #[tokio::test]
    async fn a_service_whose_parts_answer_is_ready() {
        let (status, body) = answer(Health::new().part("bus", |_| async { Ok::<_, String>(()) })).await;
        assert_eq!(
            (status, body),
            (StatusCode::OK, json!({"status": "ok", "version": VERSION}))
        );
    }

    #[tokio::test(start_paused = true)]
    async fn parts_that_are_away_or_hang_are_named() {
        let health = Health::new()
            .part("bus", |_| async { Err("gone") })
            .part("fine", |_| async { Ok::<_, String>(()) })
            .part("store", |_| std::future::pending::<Result<(), String>>());
        let (status, body) = answer(health).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(body["status"], "not_ready");
        assert_eq!(body["reason"], "bus: gone; store: no answer within 2 s");
        assert_eq!(body["parts"].as_array().unwrap().len(), 2);
    }
}
