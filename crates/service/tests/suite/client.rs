//! Calls to the outside: what is reached, what is refused, and what is given up.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use service::client::{Client, ClientBuilder, ClientError};
use service::http_server::ServerLimits;

use super::support::{PATIENCE, Server};

async fn server() -> Server {
    let router = Router::new()
        .route("/", get(|| async { "hello" }))
        .route(
            "/agent",
            get(|headers: HeaderMap| async move { format!("{:?}", headers.get("user-agent")) }),
        )
        .route("/fail", get(|| async { (StatusCode::IM_A_TEAPOT, "no coffee") }))
        .route("/away", get(|| async { Redirect::to("/") }))
        .route("/never", get(std::future::pending::<()>))
        .route("/large", get(|| async { "x".repeat(10_000) }));
    Server::start(router, ServerLimits::default()).await
}

fn client() -> Client {
    ClientBuilder::new().max_body(5000).build().unwrap()
}

fn url(server: &Server, path: &str) -> String {
    format!("http://{}{path}", server.address)
}

#[tokio::test]
async fn an_answer_comes_with_its_status_and_body() {
    let server = server().await;
    let answer = client().get(&url(&server, "/"), PATIENCE).await.unwrap();
    assert_eq!(
        (answer.status(), &answer.body()[..]),
        (StatusCode::OK, &b"hello"[..])
    );
    let failed = client().get(&url(&server, "/fail"), PATIENCE).await.unwrap();
    assert_eq!(failed.status(), StatusCode::IM_A_TEAPOT);
    let agent = client().get(&url(&server, "/agent"), PATIENCE).await.unwrap();
    assert!(agent.body().starts_with(b"Some(\"task-observatory/"));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let server = server().await;
    let answer = client().get(&url(&server, "/away"), PATIENCE).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_answer_that_takes_too_long_or_is_too_large_is_given_up() {
    let server = server().await;
    let limit = Duration::from_millis(50);
    assert_eq!(
        client().get(&url(&server, "/never"), limit).await.unwrap_err(),
        ClientError::TimedOut(limit)
    );
    let large = client().get(&url(&server, "/large"), PATIENCE).await.unwrap_err();
    assert_eq!(large, ClientError::TooLarge(5000));
}

#[tokio::test]
async fn only_full_http_urls_are_called() {
    for bad in [
        "",
        "/path",
        "localhost:80",
        "ftp://localhost/",
        "file:///etc/passwd",
        "http://a:b@localhost/",
    ] {
        let error = client().get(bad, PATIENCE).await.unwrap_err();
        assert!(matches!(error, ClientError::BadUrl(_)), "{bad}: {error}");
    }
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_fails_to_connect() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let free = listener.local_addr().unwrap();
    drop(listener);
    let error = client()
        .get(&format!("http://{free}/"), PATIENCE)
        .await
        .unwrap_err();
    assert!(matches!(error, ClientError::Connect(_)), "{error}");
}

#[tokio::test]
async fn tls_with_a_server_that_speaks_none_fails_and_does_not_hang() {
    let server = server().await;
    let error = client()
        .get(&format!("https://{}/", server.address), PATIENCE)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ClientError::Connect(_) | ClientError::Transport(_)),
        "{error}"
    );
}

#[tokio::test]
async fn refused_addresses_are_not_connected_to_however_they_are_written() {
    let server = server().await;
    let port = server.address.port();
    let guarded = ClientBuilder::new()
        .address_policy(|address| !address.is_loopback())
        .build()
        .unwrap();
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "127.1.2.3",
    ] {
        let error = guarded
            .get(&format!("http://{host}:{port}/"), PATIENCE)
            .await
            .unwrap_err();
        assert!(matches!(error, ClientError::Refused(_)), "{host}: {error}");
    }
}

#[tokio::test]
async fn the_policy_is_asked_for_the_address_behind_a_mapped_one() {
    let server = server().await;
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let guarded = ClientBuilder::new()
        .address_policy(move |address| address == loopback)
        .build()
        .unwrap();
    let answer = guarded.get(&url(&server, "/"), PATIENCE).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let mapped = format!("http://[::ffff:127.0.0.1]:{}/", server.address.port());
    let reached = guarded.get(&mapped, PATIENCE).await;
    assert!(!matches!(reached, Err(ClientError::Refused(_))), "{reached:?}");
}
