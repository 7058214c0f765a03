//! The same job, submitted again: accepted again, run once.

use http::HeaderValue;
use serde_json::{Value, json};

use crate::common::{Answer, Observatory, Shared, Site, json_request, text};

static SHARED: Shared = Shared::new(&[]);

const LIFE: [&str; 3] = ["job.created", "job.executed", "job.completed"];

async fn with_key(observatory: &Observatory, path: &str, key: &str, body: &Value) -> Answer {
    let mut request = json_request(path, body.to_string());
    request
        .headers_mut()
        .insert("idempotency-key", HeaderValue::from_str(key).unwrap());
    observatory.gateway.send(request).await.unwrap()
}

/// Whatever would have run by now has: jobs are taken in order.
async fn settle(observatory: &Observatory) {
    observatory.echoes("all that came before").await;
}

#[tokio::test]
async fn the_same_id_is_the_same_job_and_runs_once() {
    let observatory = SHARED.get().await;
    let job = json!({"type": "echo", "id": uuid::Uuid::new_v4(), "payload": {"n": 1}});
    let first = observatory.gateway.post("/jobs", &job).await;
    let second = observatory.gateway.post("/jobs", &job).await;
    assert_eq!((first.status, second.status), (202, 202));
    assert_eq!(first.json(), second.json(), "the same job and the same event");
    let id = text(&job["id"]);
    observatory.wait_for_end(id).await;

    let late = observatory.gateway.post("/jobs", &job).await;
    assert_eq!(
        (late.status, late.json()),
        (202, first.json()),
        "also once it has ended"
    );
    settle(&observatory).await;
    observatory.wait_for_events(id, &LIFE).await;
    let done = observatory.wait_for_end(id).await;
    assert_eq!(
        (&done["status"], &done["attempt"]),
        (&json!("COMPLETED"), &json!(1)),
        "{done}"
    );
}

#[tokio::test]
async fn many_at_once_are_still_one_job() {
    let observatory = SHARED.get().await;
    let job = json!({"type": "sleep", "id": uuid::Uuid::new_v4(), "payload": {"ms": 200}});
    let submit = || async { observatory.gateway.post("/jobs", &job).await.status };
    let (a, b, c, d) = tokio::join!(submit(), submit(), submit(), submit());
    assert_eq!([a, b, c, d], [202; 4]);
    let batch = observatory
        .gateway
        .post("/jobs/batch", &json!([job, job, job]))
        .await
        .json();
    assert_eq!(batch["accepted"], 3);
    let id = text(&job["id"]);
    let done = observatory.wait_for_end(id).await;
    assert_eq!(
        (&done["status"], &done["attempt"]),
        (&json!("COMPLETED"), &json!(1)),
        "{done}"
    );
    settle(&observatory).await;
    observatory.wait_for_events(id, &LIFE).await;
}

#[tokio::test]
async fn counters_count_a_repeated_job_once() {
    let observatory = Site::new().start(&[]).await;
    let job = json!({"type": "echo", "id": uuid::Uuid::new_v4()});
    for _ in 0..5 {
        assert_eq!(observatory.gateway.post("/jobs", &job).await.status, 202);
    }
    settle(&observatory).await;
    observatory
        .wait_for_stats("two jobs", |stats| {
            stats["completedJobs"] == 2 && queues_are_empty(stats)
        })
        .await;
    let stats = observatory.read_model.get("/stats").await.json();
    assert_eq!(
        (&stats["totalJobs"], &stats["completedJobs"]),
        (&json!(2), &json!(2)),
        "{stats}"
    );
}

fn queues_are_empty(stats: &Value) -> bool {
    let queues = stats["queues"].as_array().unwrap();
    queues
        .iter()
        .all(|queue| queue["ready"] == 0 && queue["unacknowledged"] == 0)
}

/// The content of the first submission stands: a client that reuses an id for something else made a mistake.
#[tokio::test]
async fn another_content_under_the_same_id_changes_nothing() {
    let observatory = SHARED.get().await;
    let id = uuid::Uuid::new_v4();
    let first = observatory
        .run(&json!({"type": "echo", "id": id, "payload": {"n": 1}}))
        .await;
    let second = observatory
        .gateway
        .post("/jobs", &json!({"type": "sleep", "id": id, "payload": {"ms": 1}}))
        .await;
    assert_eq!(second.status, 202);
    settle(&observatory).await;
    let now = observatory.wait_for_end(&id.to_string()).await;
    assert_eq!(
        (&now["type"], &now["result"], &now["attempt"]),
        (&first["type"], &json!({"n": 1}), &json!(1))
    );
}

#[tokio::test]
async fn an_idempotency_key_names_the_job() {
    let observatory = SHARED.get().await;
    let key = format!("order-{}", uuid::Uuid::new_v4());
    let job = json!({"type": "echo"});
    let first = with_key(&observatory, "/jobs", &key, &job).await;
    let second = with_key(&observatory, "/jobs", &key, &job).await;
    let other = with_key(&observatory, "/jobs", &format!("{key}-2"), &job).await;
    assert_eq!((first.status, second.status, other.status), (202, 202, 202));
    assert_eq!(first.json(), second.json());
    assert_ne!(first.json()["jobId"], other.json()["jobId"]);
    settle(&observatory).await;
    observatory
        .wait_for_events(text(&first.json()["jobId"]), &LIFE)
        .await;
}

#[tokio::test]
async fn an_idempotency_key_names_the_jobs_of_a_batch() {
    let observatory = SHARED.get().await;
    let key = uuid::Uuid::new_v4().to_string();
    let jobs = json!([{"type": "echo"}, {"type": "echo"}, {"type": "echo"}]);
    let first = with_key(&observatory, "/jobs/batch", &key, &jobs).await.json();
    let second = with_key(&observatory, "/jobs/batch", &key, &jobs).await.json();
    assert_eq!(first, second);
    let id = |n: usize| first["items"][n]["jobId"].clone();
    assert!(id(0) != id(1) && id(1) != id(2));
    settle(&observatory).await;
    observatory.wait_for_events(text(&id(2)), &LIFE).await;
}

/// A client that had no answer before the crash asks again after it.
#[tokio::test]
async fn a_job_is_recognised_after_a_restart() {
    let site = Site::new();
    let mut observatory = site.start(&[]).await;
    let key = "the same before and after";
    let key = key.replace(' ', "-");
    let job = json!({"type": "echo"});
    let before = with_key(&observatory, "/jobs", &key, &job).await.json();
    observatory.wait_for_end(text(&before["jobId"])).await;
    observatory.process.kill();
    drop(observatory);

    let again = site.start(&[]).await;
    let after = with_key(&again, "/jobs", &key, &job).await.json();
    assert_eq!(before, after);
    settle(&again).await;
    again.wait_for_events(text(&before["jobId"]), &LIFE).await;
    again
        .wait_for_stats("two jobs", |stats| stats["completedJobs"] == 2)
        .await;
}
