//! Answers that are written as things happen: passed on piece by piece, not collected.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use service::http_server::Stopping;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep};

/// The media types of such answers: server-sent events, and lines of JSON.
const MEDIA_TYPES: [&str; 2] = ["text/event-stream", "application/x-ndjson"];

/// Whether an answer is one of those.
pub(super) fn is_streamed(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|text| text.split(';').next());
    media_type.is_some_and(|text| MEDIA_TYPES.contains(&text.trim().to_ascii_lowercase().as_str()))
}

/// Such an answer on its way. It ends with the service's own, when the service is silent for too long, and when the
/// dashboard stops.
pub(super) struct Streamed {
    answer: Incoming,
    silence: Duration,
    patience: Pin<Box<Sleep>>,
    stopping: Pin<Box<dyn Future<Output = ()> + Send>>,
    _place: OwnedSemaphorePermit,
}

/// Why an answer was cut off; its reader sees a broken connection, not an end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cut {
    #[error("nothing came for {0:?}")]
    Silence(Duration),
    #[error("the service broke off its answer")]
    Broken(#[from] hyper::Error),
}

impl Streamed {
    pub(super) fn new(
        answer: Incoming,
        silence: Duration,
        stopping: Stopping,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            answer,
            silence,
            patience: Box::pin(sleep(silence)),
            stopping: Box::pin(async move { stopping.begun().await }),
            _place: place,
        }
    }

    pub(super) fn into_body(self) -> Body {
        Body::new(self)
    }
}

impl HttpBody for Streamed {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.answer).poll_frame(context) {
            let again = Instant::now() + self.silence;
            self.patience.as_mut().reset(again);
            return Poll::Ready(frame.map(|frame| frame.map_err(Cut::Broken)));
        }
        if self.stopping.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        let silence = self.silence;
        let patience = self.patience.as_mut().poll(context);
        patience.map(|()| Some(Err(Cut::Silence(silence))))
    }

    fn is_end_stream(&self) -> bool {
        self.answer.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.answer.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn an_answer_is_known_by_its_media_type() {
        let is = |content_type: &'static str| {
            let content_type = HeaderValue::from_static(content_type);
            is_streamed(&[(CONTENT_TYPE, content_type)].into_iter().collect())
        };
        assert!(is("text/event-stream") && is("Application/X-NDJSON; charset=utf-8"));
        assert!(!is("application/json") && !is("text/event-streams") && !is("text/html"));
        assert!(!is_streamed(&HeaderMap::new()));
    }
}
