//! A dashboard in this process, and services behind it on ports of their own.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::net::TcpListener;
use tower_service::Service;
use web_ui::{ProxyLimits, UiConfig, router_with_limits};

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body of text")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body of JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no header {name}"))
            .to_str()
            .expect("a header of text")
    }

    /// Asserts the one error format and gives its detail.
    pub(crate) fn problem(&self, status: StatusCode) -> String {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header(CONTENT_TYPE.as_str()), "application/problem+json");
        let body = self.json();
        assert_eq!(body["status"], status.as_u16());
        assert_eq!(body["error"], body["title"]);
        let kind = body["type"].as_str().expect("a type");
        assert!(
            kind.starts_with("https://odd-demonstration.local/problems/"),
            "{kind}"
        );
        assert!(body["details"].is_array(), "{body}");
        body["detail"].as_str().expect("a detail").to_owned()
    }
}

/// A dashboard whose services need not exist.
pub(crate) fn dashboard() -> Router {
    dashboard_of("http://127.0.0.1:1", "http://127.0.0.1:1", ProxyLimits::default())
}

pub(crate) fn dashboard_of(gateway: &str, read_model: &str, limits: ProxyLimits) -> Router {
    let config = UiConfig {
        gateway_url: gateway.to_owned(),
        read_model_url: read_model.to_owned(),
    };
    router_with_limits(config, limits)
}

/// A dashboard in front of one service that is both its gateway and its read model.
pub(crate) async fn dashboard_before(service: Router) -> Router {
    limited_dashboard_before(service, ProxyLimits::default()).await
}

pub(crate) async fn limited_dashboard_before(service: Router, limits: ProxyLimits) -> Router {
    let url = format!("http://{}", serve(service).await);
    dashboard_of(&url, &url, limits)
}

/// Serves until the test's runtime ends.
pub(crate) async fn serve(service: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound address");
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

pub(crate) async fn get(router: &Router, path: &str) -> Answer {
    send(router, request(Method::GET, path, &[], "")).await
}

pub(crate) fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).expect("a request")
}

pub(crate) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().call(request).await.expect("routers do not fail");
    let (head, body) = response.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    Answer {
        status: head.status,
        headers: head.headers,
        body: body.to_vec(),
    }
}
