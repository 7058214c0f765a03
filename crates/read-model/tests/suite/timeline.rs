//! A job's life, moment by moment.

use contracts::{EventType, JobStatus};
use domain::LogLine;
use ports::AttemptLog;
use serde_json::{Value, json};

use super::support::{App, at, event, id, retrying};

async fn timeline(app: &App) -> Value {
    app.get(&format!("/jobs/{}/timeline", id(1))).await.good()
}

#[tokio::test]
async fn events_and_lines_are_told_in_the_order_of_time() {
    let app = App::new();
    app.jobs.details.lock().unwrap().push(retrying());
    insta::assert_json_snapshot!(timeline(&app).await);
}

#[tokio::test]
async fn the_rounds_of_a_revived_job_follow_each_other() {
    let app = App::new();
    let mut job = retrying();
    job.summary.status = JobStatus::Completed;
    job.history = vec![
        event(EventType::Created, 0, 1),
        event(EventType::Executed, 1, 2),
        event(EventType::Failed, 1, 4),
        event(EventType::Retrying, 1, 10),
        event(EventType::Executed, 2, 11),
        event(EventType::Completed, 2, 13),
    ];
    let line = |second, text: &str| LogLine {
        at: at(second),
        text: text.into(),
    };
    job.logs.push(AttemptLog {
        attempt: 2,
        lines: vec![line(11, "again"), line(12, "well"), line(12, "done")],
    });
    app.jobs.details.lock().unwrap().push(job);
    let told = timeline(&app).await;
    let words: Vec<_> = told["items"].as_array().unwrap().iter().map(word).collect();
    assert_eq!(
        words,
        [
            "job.created",
            "job.executed",
            "asking x",
            "job.failed",
            "job.retrying",
            "job.executed",
            "again",
            "well",
            "done",
            "job.completed",
        ]
    );
}

/// The text of a line, or the kind of anything else.
fn word(moment: &Value) -> &str {
    let name = if moment["kind"] == json!("log") {
        "text"
    } else {
        "kind"
    };
    moment[name].as_str().unwrap()
}
