//! Answers of many lines, one JSON document each, written while they are read.
//!
//! [`answer`] runs its writer inside the body: the writer goes on only as the client reads, and is dropped, wherever
//! it waits, when the client is gone. Nothing is spawned and at most two pieces are held.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::Stream;
use futures::future::BoxFuture;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Serialize;
use tokio::sync::mpsc;

/// The media type of such an answer.
pub const MEDIA_TYPE: &str = "application/x-ndjson";

/// Where the writer of an answer puts its lines.
#[derive(Debug)]
pub struct Lines(mpsc::Sender<Bytes>);

impl Lines {
    /// Hands over one line and waits until there is room for it.
    pub async fn line(&self, document: &impl Serialize) {
        self.lines(std::iter::once(document)).await;
    }

    /// Hands over several lines as one piece. A document that cannot be written is left out; plain data can.
    pub async fn lines<T: Serialize>(&self, documents: impl IntoIterator<Item = T>) {
        let mut piece = Vec::new();
        for document in documents {
            let before = piece.len();
            match serde_json::to_writer(&mut piece, &document) {
                Ok(()) => piece.push(b'\n'),
                Err(error) => {
                    piece.truncate(before);
                    tracing::error!(%error, "failed to write a line");
                }
            }
        }
        if !piece.is_empty() {
            // The other end is the body that runs the writer: there is nobody left to tell if it is gone.
            let _ = self.0.send(piece.into()).await;
        }
    }
}

/// An answer of the lines that `write` hands over.
pub fn answer<F>(write: impl FnOnce(Lines) -> F) -> Response
where
    F: Future<Output = ()> + Send + 'static,
{
    let (lines, pieces) = mpsc::channel(1);
    let body = Body::from_stream(Written {
        writer: Some(Box::pin(write(Lines(lines)))),
        pieces,
    });
    let headers = [(CONTENT_TYPE, MEDIA_TYPE), (CACHE_CONTROL, "no-store")];
    (headers, body).into_response()
}

/// What was written and not yet read, with the writer.
struct Written {
    writer: Option<BoxFuture<'static, ()>>,
    pieces: mpsc::Receiver<Bytes>,
}

impl Stream for Written {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let piece = self.pieces.poll_recv(context);
        if piece.is_ready() {
            return piece.map(|piece| piece.map(Ok));
        }
        if let Some(writer) = &mut self.writer
            && writer.as_mut().poll(context).is_ready()
        {
            self.writer = None;
        }
        self.pieces.poll_recv(context).map(|piece| piece.map(Ok))
    }
}

#[cfg(test)]
mod tests;
