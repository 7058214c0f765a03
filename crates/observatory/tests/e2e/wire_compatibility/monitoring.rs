//! Alertmanager and Prometheus behind the gateway, named by the published variables.

use std::net::Ipv4Addr;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::common::Site;

const ALERTS: &str = r#"[{"labels":{"alertname":"ServiceDown"},"status":{"state":"active"}}]"#;
const TARGETS: &str = r#"{"status":"success","data":{"activeTargets":[]}}"#;

/// Answers as both would; returns its address.
async fn stand_in() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 2048];
            let size = stream.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..size]).into_owned();
            let body = match request.split(' ').nth(1) {
                Some("/api/v2/alerts") => ALERTS,
                Some("/api/v1/targets") => TARGETS,
                _ => "nothing here",
            };
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
            let answer = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn the_proxies_pass_on_what_monitoring_says() {
    let url = stand_in().await;
    let variables = [("ALERTMANAGER_URL", &*url), ("PROMETHEUS_URL", &*url)];
    let observatory = Site::new().start_with(&[], &variables).await;
    for (path, expected) in [("/proxy/alerts", ALERTS), ("/proxy/targets", TARGETS)] {
        let answer = observatory.gateway.get(path).await;
        assert_eq!((answer.status, answer.text()), (200, expected), "{path}");
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
    }
    let alerts = observatory.read_model.get("/alerts").await.json();
    assert_eq!(alerts["items"][0]["labels"]["alertname"], "ServiceDown");
    assert_eq!(alerts["degraded"], json!([]));
}

#[tokio::test]
async fn monitoring_that_is_away_is_no_trouble_of_ours() {
    let variables = [
        ("ALERTMANAGER_URL", "http://127.0.0.1:1"),
        ("PROMETHEUS_URL", "nonsense"),
    ];
    let observatory = Site::new().start_with(&[], &variables).await;
    for path in ["/proxy/alerts", "/proxy/targets"] {
        let answer = observatory.gateway.get(path).await;
        assert_eq!(answer.status, 502, "{path}: {:?}", answer.body);
    }
    assert_eq!(observatory.gateway.get("/readyz").await.status, 200);
    observatory.echoes("monitoring that is away").await;
}
