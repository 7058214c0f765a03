//! The proxies when a service, or a client, misbehaves. None of it hangs, and each has its own words.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get as on_get, post};
use http::{Method, Request, StatusCode};
use hyper::body::{Body as HttpBody, Frame};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use web_ui::ProxyLimits;

use crate::harness::{dashboard_of, get, limited_dashboard_before, request, send};

const SHORT: ProxyLimits = ProxyLimits {
    total_time: Duration::from_millis(150),
    request_bytes: 1024,
    answer_bytes: 1024,
    in_flight: 1,
    streams: 1,
    silence: Duration::from_millis(150),
};

/// Long enough that it is never the reason.
const PATIENT: ProxyLimits = ProxyLimits {
    total_time: Duration::from_secs(20),
    ..SHORT
};

/// A body of which one part comes and the rest never does.
struct Unfinished(Option<Bytes>);

impl HttpBody for Unfinished {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.take() {
            Some(part) => std::task::Poll::Ready(Some(Ok(Frame::data(part)))),
            None => std::task::Poll::Pending,
        }
    }
}

fn unfinished() -> Body {
    Body::new(Unfinished(Some(Bytes::from_static(b"{"))))
}

/// Answers each connection with these bytes and closes it.
async fn raw_service(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = socket.read(&mut request).await;
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_silent_service_is_given_up() {
    let service = Router::new().route("/stats", on_get(async || pending::<()>().await));
    let router = limited_dashboard_before(service, SHORT).await;
    let detail = get(&router, "/api/stats")
        .await
        .problem(StatusCode::GATEWAY_TIMEOUT);
    assert!(detail.contains("read model"), "{detail}");
}

#[tokio::test]
async fn a_service_that_stops_in_the_middle_is_given_up() {
    let service = Router::new().route("/stats", on_get(async || unfinished()));
    let router = limited_dashboard_before(service, SHORT).await;
    get(&router, "/api/stats")
        .await
        .problem(StatusCode::GATEWAY_TIMEOUT);
}

#[tokio::test]
async fn a_waiting_request_is_bounded_too() {
    let service = Router::new()
        .route("/slow", on_get(async || pending::<()>().await))
        .route("/stats", on_get(async || "{}"));
    let router = limited_dashboard_before(service, SHORT).await;
    let (first, second) = tokio::join!(get(&router, "/api/slow"), get(&router, "/api/slow"));
    first.problem(StatusCode::GATEWAY_TIMEOUT);
    second.problem(StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(
        get(&router, "/api/stats").await.status,
        StatusCode::OK,
        "the slot was given back"
    );
}

#[tokio::test]
async fn a_refused_connection_names_the_service_and_no_driver_text() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let closed = format!("http://{}", listener.local_addr().expect("a bound address"));
    drop(listener);
    let router = dashboard_of(&closed, &closed, PATIENT);
    let question = get(&router, "/api/stats").await;
    assert_eq!(
        question.problem(StatusCode::BAD_GATEWAY),
        "the read model cannot be reached"
    );
    let command = send(&router, request(Method::POST, "/gateway/jobs", &[], "{}")).await;
    assert_eq!(
        command.problem(StatusCode::BAD_GATEWAY),
        "the gateway cannot be reached"
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_passed_on_in_part() {
    let url = raw_service("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"totalJobs\":").await;
    let router = dashboard_of(&url, &url, PATIENT);
    get(&router, "/api/stats").await.problem(StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn an_answer_that_is_not_http_is_a_bad_gateway() {
    let url = raw_service("SSH-2.0-OpenSSH\r\n").await;
    let router = dashboard_of(&url, &url, PATIENT);
    get(&router, "/api/stats").await.problem(StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let endless = async || Body::from(vec![b' '; 4096]);
    let router = limited_dashboard_before(Router::new().route("/stats", on_get(endless)), PATIENT).await;
    let detail = get(&router, "/api/stats").await.problem(StatusCode::BAD_GATEWAY);
    assert!(detail.contains("1024 bytes"), "{detail}");
}

#[tokio::test]
async fn a_large_job_is_refused_and_one_at_the_limit_is_not() {
    let accepting = Router::new().route("/jobs", post(async |body: Bytes| body.len().to_string()));
    let router = limited_dashboard_before(accepting, PATIENT).await;
    let fitting = request(Method::POST, "/gateway/jobs", &[], &"x".repeat(1024));
    assert_eq!(send(&router, fitting).await.text(), "1024");
    let large = request(Method::POST, "/gateway/jobs", &[], &"x".repeat(1025));
    send(&router, large).await.problem(StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn the_usual_limits_are_the_documented_ones() {
    let limits = ProxyLimits::default();
    assert_eq!(
        (limits.total_time, limits.request_bytes),
        (Duration::from_secs(10), 1024 * 1024)
    );
}

#[tokio::test]
async fn a_client_that_never_finishes_its_request_is_given_up() {
    let accepting = Router::new().route("/jobs", post(async |_body: Bytes| "{}"));
    let router = limited_dashboard_before(accepting, SHORT).await;
    let request = Request::post("/gateway/jobs")
        .body(unfinished())
        .expect("a request");
    send(&router, request).await.problem(StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn an_unusable_url_is_said_and_the_page_still_comes() {
    let router = dashboard_of("https://gateway", "no url", PATIENT);
    for path in ["/api/stats", "/gateway/docs"] {
        let detail = get(&router, path).await.problem(StatusCode::BAD_GATEWAY);
        assert!(detail.contains("not a usable http url"), "{detail}");
    }
    assert_eq!(get(&router, "/").await.status, StatusCode::OK);
}
