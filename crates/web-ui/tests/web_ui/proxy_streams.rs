//! Answers that are written as things happen, through the proxies.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{get as on_get, post};
use futures::stream;
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use service::http_server::{ServerLimits, serve};
use service::shutdown::Shutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, mpsc};
use tokio::time::timeout;
use tower_service::Service;
use web_ui::ProxyLimits;

use crate::harness::{dashboard_before, get, limited_dashboard_before, request, send};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// A service whose answer is what the test says, when it says it. It ends when the sender is gone.
fn telling(media_type: &'static str) -> (Router, mpsc::Sender<&'static str>) {
    let (sender, receiver) = mpsc::channel(8);
    let receiver = Arc::new(Mutex::new(Some(receiver)));
    let answer = async move || {
        let receiver = receiver.lock().await.take();
        let pieces = stream::unfold(receiver, async |receiver| {
            let mut receiver: mpsc::Receiver<&'static str> = receiver?;
            let piece = receiver.recv().await?;
            Some((Ok::<_, Infallible>(Bytes::from(piece)), Some(receiver)))
        });
        ([("content-type", media_type)], Body::from_stream(pieces))
    };
    let router = Router::new()
        .route("/stream", on_get(answer.clone()))
        .route("/jobs:cancel", post(answer));
    (router, sender)
}

async fn open(router: &Router, request: Request) -> Response {
    let answer = router.clone().call(request).await;
    answer.unwrap_or_else(|never| match never {})
}

async fn piece(body: &mut Body) -> Option<Bytes> {
    let frame = timeout(PATIENCE, body.frame()).await.expect("something comes");
    frame.map(|frame| frame.expect("no error").into_data().expect("data"))
}

fn following() -> Request {
    request(Method::GET, "/api/stream", &[], "")
}

#[tokio::test]
async fn every_piece_is_passed_on_as_it_comes() {
    let (service, sender) = telling("text/event-stream");
    let answer = open(&dashboard_before(service).await, following()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let mut body = answer.into_body();
    for text in ["event: job\n\n", ": nothing new\n\n"] {
        sender.send(text).await.expect("somebody listens");
        assert_eq!(piece(&mut body).await.as_deref(), Some(text.as_bytes()));
    }
    drop(sender);
    assert_eq!(piece(&mut body).await, None);
}

#[tokio::test]
async fn the_lines_of_a_command_are_passed_on_as_they_come() {
    let (service, sender) = telling("application/x-ndjson");
    let command = request(Method::POST, "/gateway/jobs:cancel", &[], "{\"all\":true}");
    let mut body = open(&dashboard_before(service).await, command).await.into_body();
    sender
        .send("{\"progress\":{}}\n")
        .await
        .expect("somebody listens");
    assert_eq!(
        piece(&mut body).await.as_deref(),
        Some(&b"{\"progress\":{}}\n"[..])
    );
}

#[tokio::test]
async fn the_place_to_go_on_from_reaches_the_service() {
    let last = async |request: Request| {
        request.headers()["last-event-id"]
            .to_str()
            .unwrap_or("?")
            .to_owned()
    };
    let router = dashboard_before(Router::new().route("/stream", on_get(last))).await;
    let headers = [("last-event-id", "42~7"), ("accept", "text/event-stream")];
    let asked = request(Method::GET, "/api/stream", &headers, "");
    assert_eq!(send(&router, asked).await.text(), "42~7");
}

#[tokio::test]
async fn a_stream_may_outlast_the_time_of_other_requests_and_not_its_silence() {
    let limits = ProxyLimits {
        total_time: Duration::from_millis(100),
        silence: Duration::from_millis(300),
        ..ProxyLimits::default()
    };
    let (service, sender) = telling("text/event-stream");
    let mut body = open(&limited_dashboard_before(service, limits).await, following())
        .await
        .into_body();
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        sender.send(": here\n\n").await.expect("somebody listens");
        assert!(piece(&mut body).await.is_some());
    }
    let cut = timeout(PATIENCE, body.frame()).await.expect("it ends");
    assert!(cut.expect("an end that is none").is_err());
    let gone = async {
        while !sender.is_closed() {
            tokio::task::yield_now().await;
        }
    };
    drop(body);
    timeout(PATIENCE, gone).await.expect("the service is let go");
}

#[tokio::test]
async fn there_is_room_for_so_many_streams_and_other_requests_go_on() {
    let limits = ProxyLimits {
        streams: 1,
        in_flight: 1,
        ..ProxyLimits::default()
    };
    let endless = async || {
        let never = stream::pending::<Result<Bytes, Infallible>>();
        ([("content-type", "text/event-stream")], Body::from_stream(never)).into_response()
    };
    let service = Router::new()
        .route("/stream", on_get(endless))
        .route("/stats", on_get(async || "{}"));
    let router = limited_dashboard_before(service, limits).await;
    let first = open(&router, following()).await;
    assert_eq!(first.status(), StatusCode::OK);
    let refused = get(&router, "/api/stream").await;
    assert_eq!(
        refused.problem(StatusCode::SERVICE_UNAVAILABLE),
        "1 answers of the read model are being followed already"
    );
    assert_eq!(get(&router, "/api/stats").await.status, StatusCode::OK);
    drop(first);
    assert_eq!(open(&router, following()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_stopping_dashboard_ends_its_streams() {
    let (service, sender) = telling("text/event-stream");
    let router = dashboard_before(service).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    let shutdown = Shutdown::new();
    let server = tokio::spawn(serve(listener, router, ServerLimits::default(), shutdown.clone()));
    let mut browser = TcpStream::connect(address).await.expect("a connection");
    browser
        .write_all(b"GET /api/stream HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .expect("a request");
    sender.send(": here\n\n").await.expect("somebody listens");
    let mut text = String::new();
    while !text.contains(": here") {
        let mut bytes = [0; 1024];
        let size = browser.read(&mut bytes).await.expect("an answer");
        assert!(size > 0, "{text}");
        text.push_str(&String::from_utf8_lossy(&bytes[..size]));
    }
    shutdown.soft.cancel();
    let sooner = Duration::from_secs(5);
    timeout(sooner, server)
        .await
        .expect("sooner than a cut")
        .expect("no panic");
}
