//! A hundred thousand jobs in one request.

use std::fmt::Write;
use std::time::Duration;

use http::Request;
use http::header::CONTENT_TYPE;
use http_body_util::Full;
use serde_json::{Value, json};

use crate::common::{Site, count, text};

const JOBS: u64 = 100_000;

/// One in so many is no job.
const BAD_ONE_IN: u64 = 1_000;

/// Much longer than it takes, for a slow machine and a build that is not optimised.
const LIMIT: Duration = Duration::from_mins(5);

fn lines() -> String {
    let mut lines = String::new();
    for n in 0..JOBS {
        let line = match n % BAD_ONE_IN {
            7 => r#"{"type":""}"#.to_owned(),
            // Put off, so that the test need not wait until all have run.
            _ => format!(r#"{{"type":"echo","delay":"1d","payload":{{"n":{n}}}}}"#),
        };
        writeln!(lines, "{line}").unwrap();
    }
    lines
}

#[tokio::test]
async fn a_hundred_thousand_jobs_are_accepted_or_rejected_each_on_its_own() {
    let observatory = Site::new().start(&[]).await;
    let request = Request::post("/jobs/batch")
        .header(CONTENT_TYPE, "application/x-ndjson")
        .body(Full::from(lines()))
        .unwrap();
    let answer = observatory.gateway.send_within(LIMIT, request).await.unwrap();
    assert_eq!(answer.status, 202, "{:?}", &answer.body[..200]);
    let answer = answer.json();
    let bad = JOBS / BAD_ONE_IN;
    let refused = answer["items"].as_array().unwrap().iter().find(|item| {
        let n = count(&item["index"]);
        item["error"].is_string() && n % BAD_ONE_IN != 7
    });
    assert_eq!(refused, None, "{} were accepted", answer["accepted"]);
    assert_eq!(
        (count(&answer["accepted"]), count(&answer["rejected"])),
        (JOBS - bad, bad)
    );

    let items = answer["items"].as_array().unwrap();
    assert_eq!(items.len() as u64, JOBS);
    for (n, item) in (0..).zip(items) {
        assert_eq!(item["index"], n, "{item}");
        let rejected = n % BAD_ONE_IN == 7;
        assert_eq!(item["jobId"].is_string(), !rejected, "{item}");
        assert_eq!(item["error"].is_string(), rejected, "{item}");
    }
    let total = |stats: &Value| stats["totalJobs"] == JOBS - bad;
    let counted = testkit::wait_for(LIMIT, "all to be counted", || async {
        let stats = observatory.read_model.get("/stats").await.json();
        if total(&stats) {
            Ok(())
        } else {
            Err(stats["totalJobs"].clone())
        }
    });
    counted.await;
    for n in [0, 50_000, 99_999] {
        let job = observatory.job(text(&items[n]["jobId"])).await.unwrap();
        assert_eq!(job["payload"], json!({"n": n}), "{job}");
    }
}
