//! Roles whose servers are away.

use std::process::Stdio;
use std::time::Instant;

use super::once::{AWAY, ran};
use super::support::{PATIENCE, PROGRAMS, Running};

fn start(program: &str, arguments: &[&str], stdin: Stdio) -> Running {
    Running::start_with(program, &AWAY, arguments, stdin)
}

async fn started(program: &str) -> Running {
    let running = start(program, &[], Stdio::null());
    running.wait_until_ok("/livez").await;
    running
}

#[tokio::test]
async fn a_role_is_alive_and_measured_and_says_what_keeps_it_from_being_ready() {
    for (program, missing) in [
        ("observatory-gateway", &["bus"][..]),
        ("observatory-processor", &["bus", "job store"]),
        (
            "observatory-metrics-engine",
            &["bus", "job store", "live stats", "event log"],
        ),
        (
            "observatory-read-model",
            &["job store", "event log", "live stats"],
        ),
    ] {
        let role = started(program).await;
        assert_eq!(role.missing().await, missing, "{program}");
        assert_eq!(role.get("/healthz").await.unwrap().0, 503, "{program}");
        let (status, metrics) = role.get("/metrics").await.unwrap();
        assert_eq!(status, 200);
        let service = program.trim_start_matches("observatory-");
        assert!(metrics.contains(&format!("service=\"{service}\"")), "{metrics}");
    }
}

#[tokio::test]
async fn the_page_needs_nobody() {
    let page = started("observatory-web-ui").await;
    for path in ["/", "/health", "/healthz", "/readyz", "/livez", "/metrics"] {
        assert_eq!(page.get(path).await.unwrap().0, 200, "{path}");
    }
    assert_eq!(page.get("/api/stats").await.unwrap().0, 502);
}

#[tokio::test]
async fn each_role_has_the_metrics_of_the_published_system() {
    for (program, metric) in [
        ("observatory-gateway", "gateway_jobs_accepted_total"),
        ("observatory-processor", "processor_jobs_processed_total"),
        ("observatory-processor", "processor_job_processing_seconds_bucket"),
        (
            "observatory-metrics-engine",
            "metrics_engine_events_applied_total",
        ),
        ("observatory-read-model", "http_request_duration_seconds"),
        ("observatory-web-ui", "process_resident_memory_bytes"),
    ] {
        let role = started(program).await;
        // So that there is a request to be measured.
        role.get("/").await.unwrap();
        let (_, metrics) = role.get("/metrics").await.unwrap();
        assert!(metrics.contains(metric), "{program} has no {metric}: {metrics}");
    }
}

#[tokio::test]
async fn a_role_stops_when_it_is_told_to_also_while_its_servers_are_away() {
    for (program, _) in PROGRAMS {
        let mut role = started(program).await;
        let told = Instant::now();
        role.signal("TERM");
        assert_eq!(role.exit_code().await, 0, "{program}");
        assert!(told.elapsed() < PATIENCE, "{program}");
    }
}

#[tokio::test]
async fn a_second_signal_stops_at_once() {
    let mut role = start("observatory-processor", &["--drain", "1h"], Stdio::null());
    role.wait_until_ok("/livez").await;
    role.signal("TERM");
    role.signal("TERM");
    assert_eq!(role.exit_code().await, 0);
}

#[tokio::test]
async fn a_role_stops_with_whoever_holds_its_input() {
    let mut role = start("observatory-web-ui", &["--until-end-of-input"], Stdio::piped());
    role.wait_until_ok("/livez").await;
    drop(role.child.stdin.take());
    assert_eq!(role.exit_code().await, 0);
}

#[test]
fn a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, _, stderr) = ran("observatory-gateway", &AWAY, &["--port", &port]);
    assert_eq!(code, 1);
    assert!(
        stderr.contains(&format!("127.0.0.1:{port} (gateway) is taken")),
        "{stderr}"
    );
}
