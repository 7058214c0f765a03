//! What published clients read of single answers.

use contracts::validator;
use serde_json::{Value, json};

use super::{SHARED, published_job, words};
use crate::common::{Site, text};

/// `null` in the place of an empty list broke the published clients.
#[tokio::test]
async fn an_observatory_without_jobs_has_empty_lists_and_zeros() {
    let observatory = Site::new().start(&[]).await;
    for path in ["/jobs/recent", "/events"] {
        assert_eq!(observatory.read_model.get(path).await.json(), json!([]), "{path}");
    }
    for path in ["/jobs", "/dead-letters"] {
        let page = observatory.read_model.get(path).await.json();
        assert_eq!(page, json!({"items": [], "nextCursor": null}), "{path}");
    }
    let stats = observatory.read_model.get("/stats").await.json();
    for name in ["totalJobs", "completedJobs", "failedJobs"] {
        assert_eq!(stats[name], 0, "{name}");
    }
    assert!(stats["lastEventTime"].is_string(), "{stats}");
}

#[tokio::test]
async fn stats_have_the_published_members() {
    let observatory = SHARED.get().await;
    observatory.echoes("nothing").await;
    let stats = observatory
        .wait_for_stats("an event", |stats| !text(&stats["lastEventTime"]).is_empty())
        .await;
    for name in ["totalJobs", "completedJobs", "failedJobs"] {
        assert!(stats[name].is_u64(), "{name}: {stats}");
    }
    let last: Result<jiff::Timestamp, _> = text(&stats["lastEventTime"]).parse();
    assert!(last.is_ok(), "{stats}");
}

/// The published system counted and kept less; what it kept must be there, of every kind of life.
#[tokio::test]
async fn every_event_of_every_kind_of_life_is_a_valid_envelope() {
    let observatory = SHARED.get().await;
    let retry = json!({"maxAttempts": 2, "initialDelay": 0.05, "jitter": 0});
    let lives: [(Value, &[&str]); 3] = [
        (
            json!({"type": "echo"}),
            &["job.created", "job.executed", "job.completed"],
        ),
        (
            json!({"type": "nobody"}),
            &["job.created", "job.executed", "job.failed"],
        ),
        (
            json!({"type": "sleep", "payload": {"ms": 60_000}, "timeoutSeconds": 0.05, "retry": retry}),
            &[
                "job.created",
                "job.executed",
                "job.retrying",
                "job.executed",
                "job.failed",
            ],
        ),
    ];
    for (job, life) in lives {
        let id = observatory.submit(&job).await;
        for event in observatory.wait_for_events(&id, life).await {
            validator()
                .event(&event)
                .unwrap_or_else(|violations| panic!("{event}: {}", words(&violations)));
            assert_eq!(event["payload"]["id"], *id, "{event}");
            assert_eq!(event["idempotencyKey"], *id, "{event}");
        }
        let own = observatory
            .read_model
            .get(&format!("/jobs/{id}/events"))
            .await
            .json();
        let order: Vec<_> = own["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| text(&event["eventType"]))
            .collect();
        assert_eq!(order, life, "the job's own history is in order");
    }
}

/// The log keeps what the gateway published: the job's own payload is on `job.created`.
#[tokio::test]
async fn job_created_carries_the_whole_job_and_names_its_producer() {
    let observatory = SHARED.get().await;
    let mut job = published_job("echo", &json!({"text": "Grüße, 世界", "list": [1, null, true]}));
    job["metadata"] = json!({"customer": 7});
    job["somethingElse"] = json!("kept");
    let id = observatory.submit(&job).await;
    let events = observatory
        .wait_for_events(&id, &["job.created", "job.executed", "job.completed"])
        .await;
    let created = events
        .iter()
        .find(|event| event["eventType"] == "job.created")
        .unwrap();
    assert_eq!(created["payload"], job);
    assert_eq!(created["producer"]["service"], "gateway");
    let others = events.iter().filter(|event| event["eventType"] != "job.created");
    for event in others {
        assert_eq!(event["producer"]["service"], "processor", "{event}");
    }
}

#[tokio::test]
async fn a_job_without_payload_is_run() {
    let observatory = SHARED.get().await;
    let mut job = published_job("echo", &json!({}));
    job.as_object_mut().unwrap().remove("payload");
    let done = observatory.run(&job).await;
    assert_eq!(
        (&done["status"], &done["result"]),
        (&json!("COMPLETED"), &json!({}))
    );
}

/// An offset was dropped by the published system, so that times moved by hours.
#[tokio::test]
async fn a_time_with_an_offset_stays_the_same_moment() {
    let observatory = SHARED.get().await;
    let mut job = published_job("echo", &json!({}));
    job["createdAt"] = json!("2026-01-02T08:04:05+05:00");
    let done = observatory.run(&job).await;
    assert_eq!(done["createdAt"], "2026-01-02T03:04:05Z");
}

#[tokio::test]
async fn an_id_in_capitals_is_the_same_id() {
    let observatory = SHARED.get().await;
    let id = uuid::Uuid::new_v4().to_string();
    let answer = observatory
        .submit(&json!({"type": "echo", "id": id.to_uppercase()}))
        .await;
    assert_eq!(answer, id);
    observatory.wait_for_end(&id.to_uppercase()).await;
    observatory.wait_for_end(&id).await;
}

#[tokio::test]
async fn events_name_the_newest_fifty() {
    let observatory = SHARED.get().await;
    let jobs = json!(vec![json!({"type": "echo"}); 20]);
    let answer = observatory.gateway.post("/jobs/batch", &jobs).await.json();
    let last = text(&answer["items"][19]["jobId"]).to_owned();
    for item in answer["items"].as_array().unwrap() {
        let life = ["job.created", "job.executed", "job.completed"];
        observatory.wait_for_events(text(&item["jobId"]), &life).await;
    }
    let newest = observatory.submit(&json!({"type": "echo"})).await;
    observatory
        .wait_for_events(&newest, &["job.created", "job.executed", "job.completed"])
        .await;
    let events = observatory.read_model.get("/events").await;
    assert_eq!(events.json().as_array().unwrap().len(), 50);
    assert!(events.text().contains(&newest) && newest != last);
    let twice = observatory.read_model.get("/events?limit=100").await;
    assert!(twice.json().as_array().unwrap().len() > 50);
}
