//! How many jobs of a type run at once and start in a span of time, and pauses.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::common::{Answer, Observatory, Site, json_request, moment, text};

async fn limit(observatory: &Observatory, job_type: &str, limits: Value) -> Answer {
    let mut request = json_request(&format!("/limits/{job_type}"), limits.to_string());
    *request.method_mut() = http::Method::PUT;
    observatory.gateway.send(request).await.unwrap()
}

async fn submit(observatory: &Observatory, job: Value, count: usize) -> Vec<String> {
    let jobs = vec![job; count];
    let answer = observatory.gateway.post("/jobs/batch", &json!(jobs)).await.json();
    let items = answer["items"].as_array().unwrap();
    items.iter().map(|item| text(&item["jobId"]).to_owned()).collect()
}

/// When each job began and ended.
async fn spans(observatory: &Observatory, ids: &[String]) -> Vec<(Timestamp, Timestamp)> {
    let mut spans = Vec::new();
    for id in ids {
        let job = observatory.wait_for_status(id, "COMPLETED").await;
        let attempt = &job["attempts"][0];
        spans.push((moment(&attempt["startedAt"]), moment(&attempt["endedAt"])));
    }
    spans.sort_unstable();
    spans
}

/// Waits until so many jobs are held back for a reason.
async fn held(observatory: &Observatory, reason: &str, count: usize) {
    observatory.wait_for_jobs(&format!("held:{reason}"), count).await;
}

#[tokio::test]
async fn no_more_jobs_of_a_type_run_at_once_than_its_limit() {
    let observatory = Site::new().start(&[]).await;
    assert_eq!(
        limit(&observatory, "sleep", json!({"concurrency": 2}))
            .await
            .status,
        200
    );
    let ids = submit(&observatory, json!({"type": "sleep", "payload": {"ms": 300}}), 8).await;
    let other = observatory.run(&json!({"type": "echo"})).await;
    assert_eq!(other["status"], "COMPLETED", "other types go on");
    let spans = spans(&observatory, &ids).await;
    let at_once = |at: Timestamp| spans.iter().filter(|(from, to)| *from <= at && at < *to).count();
    assert_eq!(
        spans.iter().map(|(from, _)| at_once(*from)).max(),
        Some(2),
        "{spans:?}"
    );
}

#[tokio::test]
async fn no_more_jobs_of_a_type_start_in_a_span_than_its_rate() {
    let observatory = Site::new().start(&[]).await;
    let rate = json!({"rate": {"limit": 2, "per": "1s"}});
    assert_eq!(limit(&observatory, "echo", rate).await.status, 200);
    let ids = submit(&observatory, json!({"type": "echo"}), 6).await;
    let starts: Vec<_> = spans(&observatory, &ids)
        .await
        .into_iter()
        .map(|(from, _)| from)
        .collect();
    // Two at once, then two a second.
    let took = starts[5].duration_since(starts[0]);
    assert!(took.as_millis() >= 1_800, "{starts:?}");
    for (place, at) in starts.iter().enumerate() {
        let within = starts[place..]
            .iter()
            .filter(|other| other.duration_since(*at).as_millis() < 900);
        assert!(within.count() <= 4, "{starts:?}");
    }
}

#[tokio::test]
async fn a_paused_type_waits_and_says_so_until_it_is_resumed() {
    let site = Site::new();
    let mut observatory = site.start(&[]).await;
    let paused = observatory.gateway.ask("POST", "/limits/echo/pause").await;
    assert_eq!((paused.status, &paused.json()["paused"]), (200, &json!(true)));
    let ids = submit(&observatory, json!({"type": "echo"}), 3).await;
    held(&observatory, "paused", 3).await;
    let waiting = observatory.job(&ids[0]).await.unwrap();
    assert_eq!(
        (&waiting["status"], &waiting["held"]),
        (&json!("PENDING"), &json!("paused"))
    );
    let other = observatory
        .run(&json!({"type": "sleep", "payload": {"ms": 1}}))
        .await;
    assert_eq!(other["status"], "COMPLETED", "other types go on");

    observatory.process.kill();
    drop(observatory);
    observatory = site.start(&[]).await;
    assert_eq!(
        observatory.read_model.get("/limits").await.json()["types"]["echo"]["paused"],
        true
    );
    held(&observatory, "paused", 3).await;
    assert_eq!(
        observatory
            .gateway
            .ask("POST", "/limits/echo/resume")
            .await
            .status,
        200
    );
    spans(&observatory, &ids).await;
}

#[tokio::test]
async fn everything_can_be_paused_and_jobs_are_accepted_meanwhile() {
    let observatory = Site::new().start(&[]).await;
    assert_eq!(observatory.gateway.ask("POST", "/pause").await.status, 200);
    let ids = submit(&observatory, json!({"type": "echo"}), 2).await;
    held(&observatory, "paused", 2).await;
    let resumed = observatory.gateway.ask("POST", "/resume").await;
    assert_eq!((resumed.status, &resumed.json()["paused"]), (200, &json!(false)));
    spans(&observatory, &ids).await;
}

#[tokio::test]
async fn a_limit_that_is_lifted_lets_jobs_go_and_nonsense_is_refused() {
    let observatory = Site::new().start(&[]).await;
    let slow = json!({"rate": {"limit": 1, "per": "1d"}});
    assert_eq!(limit(&observatory, "echo", slow).await.status, 200);
    let ids = submit(&observatory, json!({"type": "echo"}), 3).await;
    held(&observatory, "rate", 2).await;
    let gone = observatory.gateway.ask("DELETE", "/limits/echo").await;
    assert!([200, 204].contains(&gone.status), "{:?}", gone.body);
    spans(&observatory, &ids).await;
    for nonsense in [
        json!({"concurrency": 0}),
        json!({"rate": {"limit": 1}}),
        json!({"concurency": 1}),
        json!([]),
    ] {
        assert_eq!(
            limit(&observatory, "echo", nonsense.clone()).await.status,
            400,
            "{nonsense}"
        );
    }
}
