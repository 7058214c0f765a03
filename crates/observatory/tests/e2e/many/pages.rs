//! Jobs found by a query, page by page.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::common::{Observatory, Site, text};

const JOBS: usize = 700;

fn jobs() -> Vec<Value> {
    let job = |n: usize| {
        let job_type = if n.is_multiple_of(7) {
            "no.such-type"
        } else {
            "echo"
        };
        let tag = ["eu", "us"][n % 2];
        json!({"type": job_type, "tags": [tag], "payload": {"user": {"id": n % 100}, "n": n}})
    };
    (0..JOBS).map(job).collect()
}

async fn filled() -> Observatory {
    let observatory = Site::new().start(&[]).await;
    let answer = observatory
        .gateway
        .post("/jobs/batch", &json!(jobs()))
        .await
        .json();
    assert_eq!(answer["accepted"], JOBS);
    observatory.wait_for_jobs("state:completed,failed", JOBS).await;
    observatory
}

#[tokio::test]
async fn a_query_finds_what_it_says_whatever_it_asks_about() {
    let observatory = filled().await;
    for (query, expected) in [
        ("", JOBS),
        ("type:echo", 600),
        ("type:no.*", 100),
        ("state:failed", 100),
        ("state:failed -tag:eu", 50),
        ("tag:us,eu", JOBS),
        ("error~\"NO HANDLER\"", 100),
        ("payload.user.id:42", 7),
        ("payload.user.id:42 type:echo", 6),
        ("payload.n:123", 1),
        ("attempt:1 failures:0", 600),
        ("age<1h", JOBS),
        ("age>1h", 0),
        ("state:stuck", 0),
        ("priority:normal", JOBS),
        ("no.such", 100),
        ("tag:mars", 0),
    ] {
        let found = observatory.find(query).await;
        assert_eq!(found.len(), expected, "{query}");
    }
}

#[tokio::test]
async fn pages_have_every_job_once_newest_first_while_others_arrive() {
    let observatory = filled().await;
    let (mut seen, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let page = observatory
            .read_model
            .get(&format!("/jobs?limit=100&q=type:echo{cursor}"))
            .await
            .json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 100);
        seen.extend(items.iter().map(|item| text(&item["id"]).to_owned()));
        pages += 1;
        // What arrives now belongs before the first page.
        observatory.submit(&json!({"type": "echo"})).await;
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let distinct: HashSet<_> = seen.iter().collect();
    assert_eq!((seen.len(), distinct.len()), (600, 600));
    assert!(pages >= 6);
}

#[tokio::test]
async fn a_query_that_does_not_read_is_pointed_at() {
    let observatory = Site::new().start(&[]).await;
    let answer = observatory
        .read_model
        .get("/jobs?q=state:failed%20typ:email")
        .await;
    assert_eq!(answer.status, 400);
    let problem = answer.json();
    assert!(
        text(&problem["detail"]).contains("did you mean `type`?"),
        "{problem}"
    );
    assert_eq!(
        problem["pointer"], "state:failed typ:email\n             ^^^",
        "{problem}"
    );
}

#[tokio::test]
async fn the_older_parameters_stay_and_hold_besides_the_query() {
    let observatory = filled().await;
    for (parameters, expected) in [
        ("state=FAILED", 100),
        ("state=failed&q=tag:us", 50),
        ("type=no.such-type&q=state:completed", 0),
    ] {
        assert_eq!(observatory.list(parameters).await.len(), expected, "{parameters}");
    }
}
