//! Questions that cannot be answered.

use super::SHARED;
use crate::common::text;

#[tokio::test]
async fn questions_that_do_not_read_are_the_clients_mistake() {
    let observatory = SHARED.get().await;
    for path in [
        "/jobs/nonsense",
        "/jobs/urn:uuid:0191d2a0-7c1e-7000-8000-000000000001",
        "/jobs/%00",
        "/jobs/%ff%fe",
        "/jobs/nonsense/events",
        "/jobs?limit=0",
        "/jobs?limit=501",
        "/jobs?limit=-1",
        "/jobs?limit=99999999999999999999",
        "/jobs?limit=1&limit=2",
        "/jobs?state=nonsense",
        "/jobs?state=%00",
        "/jobs?type=%27%20OR%201%3D1%20--",
        "/jobs?type=%00",
        "/jobs?cursor=nonsense",
        "/jobs?cursor=%00",
        "/jobs?cursor=-1",
        "/jobs?cursor=99999999999999999999999",
        "/jobs?unknown=1",
        "/jobs/recent?limit=101",
        "/events?jobId=nonsense",
        "/events?jobId=%00",
        "/events?type=job.nonsense",
        "/events?limit=x",
        "/dead-letters?cursor=nonsense",
        "/stats?x=y",
        "/stats/history?minutes=0",
        "/stats/history?minutes=1441",
    ] {
        let answer = observatory.read_model.get(path).await;
        assert_eq!(answer.status, 400, "{path}: {:?}", answer.body);
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
        assert!(
            !text(&answer.json()["detail"]).is_empty(),
            "{path}: {:?}",
            answer.body
        );
    }
    observatory.echoes("questions that do not read").await;
}

#[tokio::test]
async fn questions_about_nothing_find_nothing() {
    let observatory = SHARED.get().await;
    for path in ["/jobs?type=nobody.has.this", "/jobs?state=CANCELLED"] {
        let answer = observatory.read_model.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {:?}", answer.body);
        assert_eq!(answer.json()["items"], serde_json::json!([]), "{path}");
    }
    for path in [
        "/",
        "//",
        "/jobs/",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/docs/../../etc/passwd",
    ] {
        for api in [observatory.read_model, observatory.gateway] {
            let answer = api.get(path).await;
            assert!(
                [303, 400, 404, 405].contains(&answer.status),
                "{path}: {}",
                answer.status
            );
            assert!(!answer.text().contains("root:"), "{path}");
        }
    }
    let page = observatory.page.get("/css/../../../etc/passwd").await;
    assert_eq!(page.status, 404);
}
