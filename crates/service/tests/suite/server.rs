//! The shutdown, and what a client sees of it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures::{StreamExt, stream};
use service::http_server::{ServerLimits, Stopping};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::support::{PATIENCE, Server};

/// A route that says when it was entered and answers when it is told to.
fn slow() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let handler = {
        let (entered, go) = (Arc::clone(&entered), Arc::clone(&go));
        move || async move {
            entered.notify_one();
            go.notified().await;
            "finished"
        }
    };
    let router = Router::new()
        .route("/slow", get(handler))
        .route("/quick", get(|| async { "quick" }));
    (router, entered, go)
}

const SLOW: &str = "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n";
const QUICK: &str = "GET /quick HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn a_request_under_way_is_finished_and_nothing_new_is_taken() {
    let (router, entered, go) = slow();
    let server = Server::start(router, ServerLimits::default()).await;
    let mut connection = server.connect().await;
    connection.send(SLOW).await;
    entered.notified().await;

    server.shutdown.soft.cancel();
    let refused = async {
        while TcpStream::connect(server.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, refused)
        .await
        .expect("the listener closes");
    go.notify_one();
    assert!(connection.rest().await.ends_with("finished"));
    server.stopped().await;
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_the_shutdown() {
    let (router, ..) = slow();
    let server = Server::start(router, ServerLimits::default()).await;
    let mut connection = server.connect().await;
    connection.send(QUICK).await;
    connection.until("quick").await;
    server.shutdown.soft.cancel();
    assert_eq!(connection.rest().await, "");
    server.stopped().await;
}

#[tokio::test]
async fn an_answer_without_an_end_is_told_to_end() {
    let endless = |stopping: Stopping| async move {
        let begin = stream::iter([Ok::<_, std::io::Error>("begun ")]);
        let end = stream::once(async move {
            stopping.begun().await;
            Ok("ended in peace")
        });
        Body::from_stream(begin.chain(end))
    };
    let router = Router::new().route("/endless", get(endless));
    let server = Server::start(router, ServerLimits::default()).await;
    let mut connection = server.connect().await;
    connection.send("GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").await;
    connection.until("begun ").await;
    server.shutdown.soft.cancel();
    assert!(connection.rest().await.contains("ended in peace"));
    server.stopped().await;
}

#[tokio::test]
async fn a_request_that_does_not_finish_in_time_is_cut() {
    let (router, entered, _go) = slow();
    let limits = ServerLimits {
        drain: Duration::from_millis(50),
        ..ServerLimits::default()
    };
    let server = Server::start(router, limits).await;
    let mut connection = server.connect().await;
    connection.send(SLOW).await;
    entered.notified().await;
    server.shutdown.soft.cancel();
    assert_eq!(connection.rest().await, "");
    server.stopped().await;
}

#[tokio::test]
async fn a_hard_stop_waits_for_nobody() {
    let (router, entered, _go) = slow();
    let limits = ServerLimits {
        drain: PATIENCE * 10,
        ..ServerLimits::default()
    };
    let server = Server::start(router, limits).await;
    let mut connection = server.connect().await;
    connection.send(SLOW).await;
    entered.notified().await;
    server.shutdown.hard.cancel();
    server.stopped().await;
}

#[tokio::test]
async fn connections_are_kept_between_requests() {
    let (router, ..) = slow();
    let server = Server::start(router, ServerLimits::default()).await;
    let mut connection = server.connect().await;
    for _ in 0..3 {
        connection.send(QUICK).await;
        connection.until("quick").await;
    }
}
