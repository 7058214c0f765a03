//! Nothing that a client sends stops a queue: a clear answer at the door, and the next job is done.

mod bodies;
mod bus;
mod documents;
mod labels;
mod questions;
mod wire;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;

use crate::common::{Answer, Observatory, Shared, text};

static SHARED: Shared = Shared::new(&[]);

/// Sends a request that must be refused with a problem, after which an echo must still complete.
async fn assert_refused(
    observatory: &Observatory,
    what: &str,
    request: Request<Full<Bytes>>,
    status: u16,
) -> Answer {
    let answer = observatory
        .gateway
        .send(request)
        .await
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!(answer.status, status, "{what}: {:?}", answer.body);
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{what}"
    );
    let problem = answer.json();
    assert!(
        !text(&problem["error"]).is_empty() && !text(&problem["detail"]).is_empty(),
        "{what}: {problem}"
    );
    assert!(
        answer.body.len() < 8 * 1024,
        "{what}: the input comes back: {}",
        answer.body.len()
    );
    observatory.echoes(what).await;
    answer
}
