//! A hundred thousand jobs in one request.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use http::Request;
use http::header::CONTENT_TYPE;
use http_body_util::Full;
use serde_json::{Value, json};

use crate::common::{Observatory, Site, text};

const JOBS: u64 = 100_000;

/// One in so many is no job.
const BAD_ONE_IN: u64 = 1_000;

/// Much longer than it takes, for a slow machine and a build that is not optimised.
const LIMIT: Duration = Duration::from_mins(5);

/// A careful client names its jobs: what was under way when the time was up may be submitted again, and is the same.
fn id(n: u64) -> uuid::Uuid {
    uuid::Uuid::from_u128(u128::from(n) + 1)
}

fn line(n: u64) -> String {
    match n % BAD_ONE_IN {
        7 => r#"{"type":""}"#.to_owned(),
        // Put off, so that the test need not wait until all have run.
        _ => format!(
            r#"{{"id":"{}","type":"echo","delay":"1d","payload":{{"n":{n}}}}}"#,
            id(n)
        ),
    }
}

/// What a request with these jobs is answered: for each its identifier, or why not.
async fn submit(observatory: &Observatory, jobs: &[u64]) -> Vec<Result<String, String>> {
    let lines: Vec<_> = jobs.iter().map(|n| line(*n)).collect();
    let request = Request::post("/jobs/batch")
        .header(CONTENT_TYPE, "application/x-ndjson")
        .body(Full::from(lines.join("\n")))
        .unwrap();
    let answer = observatory.gateway.send_within(LIMIT, request).await.unwrap();
    assert!([202, 503].contains(&answer.status), "{:?}", &answer.body[..200]);
    let answer = answer.json();
    let items = answer["items"].as_array().unwrap();
    let told: Vec<_> = (0..).zip(items).map(|(place, item)| told(place, item)).collect();
    let accepted = told.iter().filter(|told| told.is_ok()).count();
    assert_eq!(
        (answer["accepted"].as_u64(), answer["rejected"].as_u64()),
        (Some(accepted as u64), Some((jobs.len() - accepted) as u64))
    );
    told
}

fn told(place: usize, item: &Value) -> Result<String, String> {
    assert_eq!(item["index"], place, "{item}");
    assert_eq!(item["jobId"].is_string(), item["eventId"].is_string(), "{item}");
    assert_ne!(item["jobId"].is_string(), item["error"].is_string(), "{item}");
    match item["jobId"].as_str() {
        Some(id) => Ok(id.to_owned()),
        None => Err(text(&item["error"]).to_owned()),
    }
}

/// A slow machine does not get through with all of them in the time that a request has. What was not tried is told
/// apart from what is no job, and submitted again.
#[tokio::test]
async fn a_hundred_thousand_jobs_are_accepted_or_rejected_each_on_its_own() {
    let observatory = Site::new().start(&[]).await;
    let mut ids = BTreeMap::new();
    let (mut left, mut bad): (Vec<u64>, _) = ((0..JOBS).collect(), 0);
    while !left.is_empty() {
        let answers = submit(&observatory, &left).await;
        assert_eq!(answers.len(), left.len());
        let before = left.len();
        let mut again = Vec::new();
        for (n, answer) in std::mem::take(&mut left).into_iter().zip(answers) {
            match answer {
                Ok(told) => {
                    assert_eq!(told, id(n).to_string());
                    ids.insert(n, told);
                }
                Err(reason) if reason == "Invalid job data" => {
                    assert_eq!(n % BAD_ONE_IN, 7);
                    bad += 1;
                }
                Err(reason) => {
                    assert!(reason.contains("again"), "{reason}");
                    again.push(n);
                }
            }
        }
        left = again;
        assert!(left.len() < before, "nothing more is accepted");
    }
    assert_eq!(
        (ids.len() as u64, bad),
        (JOBS - JOBS / BAD_ONE_IN, JOBS / BAD_ONE_IN)
    );
    let distinct: HashSet<_> = ids.values().collect();
    assert_eq!(distinct.len(), ids.len());
    let total = ids.len();
    testkit::wait_for(LIMIT, "all to be counted", || async {
        let stats = observatory.read_model.get("/stats").await.json();
        if stats["totalJobs"] == total {
            Ok(())
        } else {
            Err(stats["totalJobs"].clone())
        }
    })
    .await;
    for n in [0, 50_000, 99_999] {
        let job = observatory.job(&ids[&n]).await.unwrap();
        assert_eq!(job["payload"], json!({"n": n}), "{job}");
    }
}
