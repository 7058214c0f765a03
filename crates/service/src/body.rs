//! Request bodies: the right format, of bounded size, within bounded time, and bounded memory for all together.

mod budget;

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;

use crate::problem::Problem;
pub use budget::{Budget, Share};

/// The largest body that a route reads unless it says otherwise, in bytes.
pub const DEFAULT_LIMIT: usize = 1024 * 1024;

/// How much of a body that is too large is read and thrown away, so that the client gets to read why.
const DRAIN_BYTES: usize = 64 * 1024 * 1024;

/// How long that may take.
const DRAIN_TIME: Duration = Duration::from_secs(3);

/// The formats of bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON document.
    Json,
    /// One JSON document per line.
    JsonLines,
}

/// The bounds of one body.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// The largest size, in bytes.
    pub bytes: usize,
    /// The longest time from the first byte to the last.
    pub time: Duration,
}

/// Which format the headers declare, if it is one of `accepted`.
///
/// # Errors
/// 415 with the accepted formats.
pub fn format(headers: &HeaderMap, accepted: &[Format]) -> Result<Format, Problem> {
    let declared = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(format_of);
    let encoded = headers
        .get(CONTENT_ENCODING)
        .is_some_and(|value| value != "identity");
    match declared {
        _ if encoded => Err(Problem::unsupported_media_type().detail("compressed bodies are not read here")),
        Some(format) if accepted.contains(&format) => Ok(format),
        _ => Err(unsupported(accepted)),
    }
}

fn format_of(content_type: &str) -> Option<Format> {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match &*essence {
        "application/json" => Some(Format::Json),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Some(Format::JsonLines),
        other if other.starts_with("application/") && other.ends_with("+json") => Some(Format::Json),
        _ => None,
    }
}

fn unsupported(accepted: &[Format]) -> Problem {
    let detail = if accepted.contains(&Format::JsonLines) {
        "the content type must be application/json (an array) or application/x-ndjson (one job per line)"
    } else {
        "the content type must be application/json"
    };
    Problem::unsupported_media_type().detail(detail)
}

/// A body that was read whole, with the memory that it takes.
#[derive(Debug)]
pub struct Received<'b> {
    /// The body.
    pub bytes: Bytes,
    _memory: Share<'b>,
}

/// Reads a whole body.
///
/// # Errors
/// 413 for one that is larger than the limit, 408 for one that takes longer, 400 for one that breaks off, 503
/// when all bodies together take too much memory.
pub async fn read<'b>(
    body: Body,
    headers: &HeaderMap,
    limits: BodyLimits,
    budget: &'b Budget,
) -> Result<Received<'b>, Problem> {
    if declared_size(headers).is_some_and(|size| size > limits.bytes) {
        drain(body).await;
        return Err(too_large(limits.bytes));
    }
    match tokio::time::timeout(limits.time, collect(body, limits.bytes, budget.share())).await {
        Ok(collected) => collected,
        Err(_) => Err(Problem::request_timeout().detail(format!(
            "the body did not arrive within {} s",
            limits.time.as_secs_f64()
        ))),
    }
}

fn declared_size(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn collect(mut body: Body, limit: usize, mut memory: Share<'_>) -> Result<Received<'_>, Problem> {
    let mut collected = Collected::default();
    while let Some(frame) = body.frame().await {
        let broken_off = |_| Problem::bad_request().detail("the body broke off");
        let Ok(data) = frame.map_err(broken_off)?.into_data() else {
            continue;
        };
        let total = collected.len() + data.len();
        if total > limit {
            drain(body).await;
            return Err(too_large(limit));
        }
        memory.grow_to(total)?;
        collected = collected.and(data);
    }
    let bytes = collected.into_bytes();
    Ok(Received {
        bytes,
        _memory: memory,
    })
}

/// The pieces of a body so far. Most bodies arrive in one and are not copied.
#[derive(Default)]
enum Collected {
    #[default]
    Nothing,
    One(Bytes),
    Joined(BytesMut),
}

impl Collected {
    fn len(&self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::One(piece) => piece.len(),
            Self::Joined(pieces) => pieces.len(),
        }
    }

    fn and(self, data: Bytes) -> Self {
        let mut joined = match self {
            Self::Nothing => return Self::One(data),
            Self::One(first) => BytesMut::from(first),
            Self::Joined(joined) => joined,
        };
        joined.extend_from_slice(&data);
        Self::Joined(joined)
    }

    fn into_bytes(self) -> Bytes {
        match self {
            Self::Nothing => Bytes::new(),
            Self::One(piece) => piece,
            Self::Joined(pieces) => pieces.freeze(),
        }
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::too_large().detail(format!("the body is larger than {limit} bytes"))
}

/// Many clients send everything before they read anything: an answer on a closed connection would be lost.
async fn drain(mut body: Body) {
    let read = async {
        let mut left = DRAIN_BYTES;
        while let Some(Ok(frame)) = body.frame().await {
            let size = frame.data_ref().map_or(0, Bytes::len);
            left = match left.checked_sub(size) {
                Some(left) => left,
                None => return,
            };
        }
    };
    let finished = tokio::time::timeout(DRAIN_TIME, read).await;
    tracing::debug!(finished = finished.is_ok(), "threw away a body that is too large");
}

#[cfg(test)]
mod tests;
