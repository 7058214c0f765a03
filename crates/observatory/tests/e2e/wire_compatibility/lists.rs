//! Lists: every job once, the newest first, a page at a time.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::common::{Observatory, Site, text};

async fn submit_many(observatory: &Observatory, jobs: usize) -> BTreeSet<String> {
    let jobs = json!(vec![json!({"type": "echo"}); jobs]);
    let answer = observatory.gateway.post("/jobs/batch", &jobs).await.json();
    let items = answer["items"].as_array().unwrap();
    let ids: BTreeSet<_> = items.iter().map(|item| text(&item["jobId"]).to_owned()).collect();
    for id in &ids {
        observatory.wait_for_end(id).await;
    }
    ids
}

/// Follows the cursors of a list to its end.
async fn walk(observatory: &Observatory, list: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    for _ in 0..100 {
        let page = observatory
            .read_model
            .get(&format!("{list}&cursor={cursor}"))
            .await;
        assert_eq!(page.status, 200, "{:?}", page.body);
        let page = page.json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return all,
        }
    }
    panic!("{list} has no end");
}

#[tokio::test]
async fn pages_show_every_job_once() {
    let observatory = Site::new().start(&[]).await;
    let submitted = submit_many(&observatory, 53).await;
    for list in [
        "/jobs?limit=10",
        "/jobs?limit=7&type=echo",
        "/jobs?limit=53&state=COMPLETED",
    ] {
        let listed = walk(&observatory, list).await;
        assert_eq!(listed.len(), submitted.len(), "{list}");
        let ids: BTreeSet<_> = listed.iter().map(|job| text(&job["id"]).to_owned()).collect();
        assert_eq!(ids, submitted, "{list}");
    }
    assert!(walk(&observatory, "/jobs?limit=10&state=FAILED").await.is_empty());
    assert!(walk(&observatory, "/jobs?limit=10&type=sleep").await.is_empty());
}

/// A client's clock does not decide what is new.
#[tokio::test]
async fn a_job_from_the_future_does_not_stay_on_top() {
    let observatory = Site::new().start(&[]).await;
    let future = json!({"type": "echo", "createdAt": "9999-12-30T00:00:00Z"});
    let future = observatory.submit(&future).await;
    observatory.wait_for_end(&future).await;
    assert!(
        observatory
            .read_model
            .get("/jobs/recent")
            .await
            .text()
            .contains(&future)
    );
    submit_many(&observatory, 10).await;
    let recent = observatory.read_model.get("/jobs/recent").await;
    assert_eq!(recent.json().as_array().unwrap().len(), 10);
    assert!(!recent.text().contains(&future), "{}", recent.text());
}
