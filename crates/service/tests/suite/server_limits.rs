//! What a client that means ill, or is slow, can hold on to.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures::stream;
use service::http_server::ServerLimits;
use service::ndjson;
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;

use super::support::{PATIENCE, Server};

const SHORT: Duration = Duration::from_millis(100);

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

#[tokio::test]
async fn headers_that_never_come_end_the_connection() {
    let limits = ServerLimits {
        header_timeout: SHORT,
        ..ServerLimits::default()
    };
    let server = Server::start(hello(), limits).await;
    let mut silent = server.connect().await;
    let mut begun = server.connect().await;
    begun.send("GET / HTTP/1.1\r\nhost:").await;
    assert_eq!(
        (silent.rest().await, begun.rest().await),
        (String::new(), String::new())
    );
}

#[tokio::test]
async fn headers_that_come_byte_by_byte_end_the_connection() {
    let limits = ServerLimits {
        header_timeout: SHORT,
        ..ServerLimits::default()
    };
    let server = Server::start(hello(), limits).await;
    let mut connection = server.connect().await;
    connection.send("GET / HTTP/1.1\r\n").await;
    let trickle = async {
        while connection.0.write_all(b"x: y\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, trickle)
        .await
        .expect("the connection ends");
}

#[tokio::test]
async fn headers_that_are_too_large_are_refused() {
    let limits = ServerLimits {
        max_header_bytes: 8 * 1024,
        ..ServerLimits::default()
    };
    let server = Server::start(hello(), limits).await;
    let mut connection = server.connect().await;
    connection
        .send(&format!(
            "GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n",
            "y".repeat(20_000)
        ))
        .await;
    assert!(connection.rest().await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn an_answer_that_never_comes_is_a_503_with_the_correlation_id() {
    let router = Router::new().route("/", get(std::future::pending::<()>));
    let limits = ServerLimits {
        request_timeout: SHORT,
        ..ServerLimits::default()
    };
    let server = Server::start(router, limits).await;
    let mut connection = server.connect().await;
    let id = "0191d2a0-7c1e-7000-8000-00000000000a";
    let headers = format!("host: x\r\nconnection: close\r\nx-correlation-id: {id}\r\n");
    connection.send(&format!("GET / HTTP/1.1\r\n{headers}\r\n")).await;
    let answer = connection.rest().await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains(&format!("x-correlation-id: {id}")), "{answer}");
    assert!(
        answer.contains("application/problem+json") && answer.contains("retry-after: 1"),
        "{answer}"
    );
}

/// Tells when it is dropped.
struct Dropped(Arc<Notify>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test]
async fn a_client_that_does_not_read_loses_its_connection() {
    let dropped = Arc::new(Notify::new());
    let told = Arc::clone(&dropped);
    let endless = move || async move {
        let chunk = Bytes::from(vec![b'x'; 64 * 1024]);
        let guard = Dropped(told);
        Body::from_stream(stream::repeat_with(move || {
            let _held = &guard;
            Ok::<_, std::io::Error>(chunk.clone())
        }))
    };
    let limits = ServerLimits {
        write_timeout: SHORT,
        ..ServerLimits::default()
    };
    let server = Server::start(Router::new().route("/", get(endless)), limits).await;
    let mut connection = server.connect().await;
    connection.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    tokio::time::timeout(PATIENCE, dropped.notified())
        .await
        .expect("the answer is given up");
}

#[tokio::test]
async fn an_answer_that_has_begun_may_take_longer_than_any_limit() {
    let slowly = || async {
        ndjson::answer(|lines| async move {
            for number in 0..6 {
                tokio::time::sleep(SHORT / 2).await;
                lines.line(&number).await;
            }
        })
    };
    let limits = ServerLimits {
        request_timeout: SHORT,
        write_timeout: SHORT,
        header_timeout: SHORT,
        ..ServerLimits::default()
    };
    let server = Server::start(Router::new().route("/", get(slowly)), limits).await;
    let mut connection = server.connect().await;
    connection
        .send("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await;
    let answer = connection.rest().await;
    assert!(
        answer.contains("5\n") && answer.ends_with("0\r\n\r\n"),
        "{answer}"
    );
}

#[tokio::test]
async fn connections_beyond_the_most_wait_their_turn() {
    let limits = ServerLimits {
        max_connections: 1,
        ..ServerLimits::default()
    };
    let server = Server::start(hello(), limits).await;
    let mut first = server.connect().await;
    first.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    first.until("hello").await;

    let mut second = server.connect().await;
    second
        .send("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await;
    let mut byte = [0];
    let early = tokio::time::timeout(SHORT, second.0.peek(&mut byte)).await;
    assert!(
        early.is_err(),
        "the second connection is answered while the first is open"
    );
    drop(first);
    assert!(second.rest().await.ends_with("hello"));
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_does_not_disturb_others() {
    let server = Server::start(hello(), ServerLimits::default()).await;
    let mut nonsense = server.connect().await;
    nonsense.send("\x16\x03\x01\x02 nonsense\r\n\r\n").await;
    assert!(nonsense.rest().await.starts_with("HTTP/1.1 400"));
    let mut fine = server.connect().await;
    fine.send("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await;
    assert!(fine.rest().await.ends_with("hello"));
}
