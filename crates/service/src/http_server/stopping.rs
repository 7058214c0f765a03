//! How an answer without an end learns that the server stops.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use tokio_util::sync::CancellationToken;

/// Tells an answer that would go on for ever to come to its end. Handlers take it as an extractor.
///
/// Every request that came over a listener of [`super::serve`] carries one; without a listener nothing ever stops.
#[derive(Clone, Debug, Default)]
pub struct Stopping(CancellationToken);

impl Stopping {
    pub(super) fn new(soft: CancellationToken) -> Self {
        Self(soft)
    }

    /// Waits until the server takes nothing new and finishes what it has.
    pub async fn begun(&self) {
        self.0.cancelled().await;
    }
}

impl<S: Sync> FromRequestParts<S> for Stopping {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
