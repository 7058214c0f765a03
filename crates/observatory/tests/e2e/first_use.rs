//! What the README promises to somebody who has just started it.

mod documentation;
mod readme;

use std::time::{Duration, Instant};

use http::Request;
use serde_json::{Value, json};

use crate::common::{
    Answer, Observatory, PATIENCE, PORTS, Process, Shared, Site, free_offset, json_request, metric, text,
};

static SHARED: Shared = Shared::new(&[]);

#[tokio::test]
async fn the_banner_names_every_access_point_and_each_answers_at_once() {
    let observatory = Site::new().start(&[]).await;
    let banner = observatory.process.stdout();
    let points = [
        observatory.page,
        observatory.gateway,
        observatory.read_model,
        observatory.metrics,
    ];
    for (point, path) in points.into_iter().zip(["", "/docs", "/docs", "/metrics"]) {
        let url = format!("http://localhost:{}{path}", point.port);
        assert!(
            banner.split_whitespace().any(|word| word == url),
            "{url} in {banner}"
        );
        let path = if path.is_empty() { "/" } else { path };
        let answer = point.try_get(path).await.expect("it answers without waiting");
        assert!(answer.status < 400, "{url}: {}", answer.status);
    }
    let data = observatory.site.data();
    assert!(banner.contains(&data.display().to_string()), "{banner}");
    assert!(banner.contains("Ctrl-C"), "{banner}");
}

#[tokio::test]
async fn without_any_option_but_the_ports_it_keeps_its_data_in_the_place_for_data() {
    let site = Site::new();
    let offset = free_offset();
    let mut process = site.run(&["--port-offset", &offset.to_string()]);
    testkit::wait_until(PATIENCE, "the banner", || {
        let ready = process.stdout().contains("is ready");
        async move { ready }
    })
    .await;
    let place = if cfg!(target_os = "macos") {
        "Library/Application Support/task-observatory"
    } else {
        ".local/share/task-observatory"
    };
    assert!(site.home().join(place).join("observatory.sqlite").is_file());
    process.signal("TERM");
    assert_eq!(process.exit_code(PATIENCE).await, 0, "{}", process.stderr());
}

#[tokio::test]
async fn nothing_is_written_outside_of_the_data_directory() {
    let observatory = SHARED.get().await;
    observatory.echoes("nothing").await;
    let home: Vec<_> = std::fs::read_dir(observatory.site.home()).unwrap().collect();
    assert!(home.is_empty(), "{home:?}");
}

#[tokio::test]
async fn a_first_job_is_everywhere_within_a_second() {
    let observatory = SHARED.get().await;
    let mut fastest = Duration::MAX;
    // The machine may be busy with something else once, not every time.
    for _ in 0..5 {
        fastest = fastest.min(time_until_everywhere(&observatory).await);
    }
    assert!(fastest < Duration::from_secs(1), "{fastest:?}");
}

async fn time_until_everywhere(observatory: &Observatory) -> Duration {
    let before = observatory.read_model.get("/stats").await.json();
    let completed = |stats: &Value| stats["completedJobs"].as_u64().unwrap();
    let begun = Instant::now();
    let id = observatory.submit(&json!({"type": "echo"})).await;
    observatory.wait_for_end(&id).await;
    observatory
        .wait_for_stats("the job to be counted", |stats| {
            completed(stats) > completed(&before)
        })
        .await;
    observatory
        .wait_for_events(&id, &["job.created", "job.executed", "job.completed"])
        .await;
    let recent = observatory.read_model.get("/jobs/recent").await.json();
    let on_page = observatory.page.get("/api/jobs/recent").await.json();
    let took = begun.elapsed();
    for list in [recent, on_page] {
        let job = list.as_array().unwrap().iter().find(|job| job["id"] == *id);
        assert_eq!(job.expect("it is listed")["status"], "COMPLETED");
    }
    took
}

#[tokio::test]
async fn a_job_may_say_all_that_the_readme_names() {
    let observatory = SHARED.get().await;
    let id = uuid::Uuid::new_v4().to_string();
    let job = json!({
        "type": "echo",
        "payload": {"method": "POST", "body": {"n": 1}},
        "id": id,
        "timeoutSeconds": 30,
        "retry": {"maxAttempts": 5, "backoff": "exponential", "initialDelay": 1, "maxDelay": 60, "jitter": 0.25},
        "tags": ["billing"],
        "metadata": {"customer": 7},
    });
    let done = observatory.run(&job).await;
    assert_eq!(done["status"], "COMPLETED", "{done}");
    for member in ["id", "type", "payload", "tags", "metadata", "retry"] {
        assert_eq!(done[member], job[member], "{member}");
    }
    assert_eq!(done["timeoutSeconds"], 30.0);
    assert_eq!((&done["result"], &done["attempt"]), (&job["payload"], &json!(1)));
}

#[tokio::test]
async fn a_batch_comes_as_an_array_or_as_lines() {
    let observatory = SHARED.get().await;
    let array = json!([{"type": "echo"}, {"type": "sleep", "payload": {"ms": 1}}]);
    let answer = observatory.gateway.post("/jobs/batch", &array).await;
    all_complete(&observatory, &answer, 2).await;

    let lines = "{\"type\":\"echo\"}\n{\"type\":\"echo\"}\n{\"type\":\"echo\"}\n";
    let mut request = json_request("/jobs/batch", lines);
    let ndjson = http::HeaderValue::from_static("application/x-ndjson");
    request.headers_mut().insert("content-type", ndjson);
    let answer = observatory.gateway.send(request).await.unwrap();
    all_complete(&observatory, &answer, 3).await;
}

async fn all_complete(observatory: &Observatory, answer: &Answer, jobs: usize) {
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    let answer = answer.json();
    assert_eq!(
        (&answer["accepted"], &answer["rejected"]),
        (&json!(jobs), &json!(0))
    );
    for item in answer["items"].as_array().unwrap() {
        observatory
            .wait_for_status(text(&item["jobId"]), "COMPLETED")
            .await;
    }
}

#[tokio::test]
async fn the_page_answers_and_stands_before_both_apis() {
    let observatory = SHARED.get().await;
    let page = observatory.page;
    let index = page.get("/").await;
    assert_eq!(
        (index.status, index.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert!(index.text().contains("<title>"));

    let urls = page.get("/config.json").await.json();
    let url = |port| json!(format!("http://localhost:{port}"));
    assert_eq!(urls["gatewayUrl"], url(observatory.gateway.port));
    assert_eq!(urls["readModelUrl"], url(observatory.read_model.port));

    let accepted = page.post("/gateway/jobs", &json!({"type": "echo"})).await;
    assert_eq!(accepted.status, 202, "{:?}", accepted.body);
    let id = accepted.json()["jobId"].clone();
    observatory.wait_for_status(text(&id), "COMPLETED").await;
    let job = page.get(&format!("/api/jobs/{}", text(&id))).await.json();
    assert_eq!(job["status"], "COMPLETED");
    assert_eq!(page.get("/gateway/healthz").await.json()["status"], "ok");
    assert_eq!(page.get("/api/nothing/here").await.status, 404);
}

#[tokio::test]
async fn the_metrics_of_the_processor_follow_the_jobs() {
    let observatory = SHARED.get().await;
    let completed = || async {
        let metrics = observatory.metrics.get("/metrics").await;
        assert_eq!(metrics.status, 200);
        metric(metrics.text(), "processor_jobs_completed_total").expect("it is counted")
    };
    let before = completed().await;
    observatory.echoes("a look at the metrics").await;
    // The store is a moment ahead of the counter.
    testkit::wait_until(PATIENCE, "the counter", || async { completed().await > before }).await;
}

#[tokio::test]
async fn a_correlation_id_goes_all_the_way_and_comes_back() {
    let observatory = SHARED.get().await;
    let mine = uuid::Uuid::new_v4().to_string();
    let mut request = json_request("/jobs", "{\"type\":\"echo\"}");
    request
        .headers_mut()
        .insert("x-correlation-id", mine.parse().unwrap());
    let answer = observatory.gateway.send(request).await.unwrap();
    assert_eq!((answer.status, answer.header("x-correlation-id")), (202, &*mine));
    follows(&observatory, &answer, &mine).await;

    let answer = observatory.gateway.post("/jobs", &json!({"type": "echo"})).await;
    let made = answer.header("x-correlation-id").to_owned();
    assert!(uuid::Uuid::parse_str(&made).is_ok(), "{made}");
    follows(&observatory, &answer, &made).await;
}

async fn follows(observatory: &Observatory, answer: &Answer, correlation: &str) {
    let accepted = answer.json();
    let id = text(&accepted["jobId"]);
    assert_eq!(observatory.wait_for_end(id).await["correlationId"], correlation);
    let life = ["job.created", "job.executed", "job.completed"];
    for event in observatory.wait_for_events(id, &life).await {
        assert_eq!(event["correlationId"], correlation, "{event}");
    }
}

#[tokio::test]
async fn every_answer_has_a_correlation_id_errors_too() {
    let observatory = SHARED.get().await;
    let mine = uuid::Uuid::new_v4().to_string();
    for api in [observatory.gateway, observatory.read_model] {
        for path in ["/healthz", "/no/such/path"] {
            let request = Request::get(path).header("x-correlation-id", &mine);
            let answer = api
                .send(request.body(http_body_util::Full::default()).unwrap())
                .await
                .unwrap();
            assert_eq!(answer.header("x-correlation-id"), mine, "{path}");
        }
    }
}

#[tokio::test]
async fn settings_may_come_from_the_environment() {
    let site = Site::new();
    let offset = free_offset();
    let mut command = Process::command(&site.home());
    command
        .env("OBSERVATORY_PORT_OFFSET", offset.to_string())
        .env("OBSERVATORY_DATA_DIR", site.data());
    let process = site.spawn(&mut command);
    let gateway = format!("localhost:{}", PORTS[0] + offset);
    testkit::wait_until(PATIENCE, "the banner", || {
        let ready = process.stdout().contains(&gateway);
        async move { ready }
    })
    .await;
    assert!(site.data().join("observatory.sqlite").is_file());
}
