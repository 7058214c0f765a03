use axum::Router;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use uuid::Uuid;

use super::*;

async fn upstream() -> String {
    let app = Router::new()
        .route("/hook", post(|headers: HeaderMap, body: String| async move {
            let key = headers["idempotency-key"].to_str().unwrap().to_owned();
            axum::Json(serde_json::json!({"key": key, "body": body, "extra": headers["x-extra"].to_str().unwrap()}))
        }))
        .route("/text", get(|| async { "plain" }))
        .route("/gone", get(|| async { (StatusCode::GONE, "no such thing") }))
        .route("/busy", get(|| async { (StatusCode::TOO_MANY_REQUESTS, "later") }))
        .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/big", get(|| async { "x".repeat(ANSWER_LIMIT + 1) }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

async fn call(handler: &Http, input: Value) -> Result<HttpOutput, HandlerError> {
    let context = Context::detached(Uuid::from_u128(7));
    handler.run(serde_json::from_value(input).unwrap(), context).await
}

#[tokio::test]
async fn an_answer_of_2xx_is_the_result() {
    let (url, handler) = (upstream().await, Http::new(true).unwrap());
    let input =
        serde_json::json!({"url": format!("{url}/hook"), "body": {"n": 1}, "headers": {"x-extra": "e"}});
    let output = call(&handler, input).await.unwrap();
    assert_eq!(output.status, 200);
    assert_eq!(output.body["key"], Uuid::from_u128(7).to_string());
    assert_eq!(output.body["body"], r#"{"n":1}"#);
    let text = call(&handler, serde_json::json!({"url": format!("{url}/text")}))
        .await
        .unwrap();
    assert_eq!(text.body, "plain");
}

#[tokio::test]
async fn client_errors_are_fatal_and_the_rest_may_pass() {
    let (url, handler) = (upstream().await, Http::new(true).unwrap());
    let at = |path: &str| serde_json::json!({"url": format!("{url}{path}")});
    let gone = call(&handler, at("/gone")).await.unwrap_err();
    assert_eq!(
        gone,
        HandlerError::Fatal("answered 410 Gone: no such thing".into())
    );
    assert!(matches!(
        call(&handler, at("/busy")).await.unwrap_err(),
        HandlerError::Retry(_)
    ));
    assert!(matches!(
        call(&handler, at("/broken")).await.unwrap_err(),
        HandlerError::Retry(_)
    ));
    assert!(matches!(
        call(&handler, at("/big")).await.unwrap_err(),
        HandlerError::Fatal(_)
    ));
}

#[tokio::test]
async fn private_addresses_are_refused_by_default_by_number_and_by_name() {
    let (url, handler) = (upstream().await, Http::new(false).unwrap());
    for url in [
        format!("{url}/text"),
        url.replace("127.0.0.1", "localhost"),
        url.replace("127.0.0.1", "[::1]"),
    ] {
        let error = call(&handler, serde_json::json!({"url": url})).await.unwrap_err();
        assert!(matches!(error, HandlerError::Fatal(_)), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn what_is_no_request_is_fatal() {
    let handler = Http::new(true).unwrap();
    for input in [
        serde_json::json!({"url": "file:///etc/passwd"}),
        serde_json::json!({"url": "not a url"}),
        serde_json::json!({"url": "http://localhost", "method": "NO GOOD"}),
        serde_json::json!({"url": "http://localhost", "headers": {"bad header": "x"}}),
        serde_json::json!({"url": "http://localhost", "headers": {"x": "a\nb"}}),
    ] {
        assert!(
            matches!(call(&handler, input.clone()).await, Err(HandlerError::Fatal(_))),
            "{input}"
        );
    }
}
