//! Which jobs a list asks the store for.

use contracts::JobStatus;
use serde_json::json;

use super::support::{App, NOW, summary};

/// What the store was asked, as a query in its canonical form.
async fn asked(parameters: &str) -> String {
    let app = App::new();
    app.get(&format!("/jobs?{parameters}")).await.good();
    let last = app.jobs.last();
    let query = last.strip_prefix("list [").unwrap().split(']').next().unwrap();
    query.to_owned()
}

#[tokio::test]
async fn state_type_and_query_reach_the_store_as_one_query() {
    for (parameters, query) in [
        ("", ""),
        ("state=&type=&q=", ""),
        ("state=failed&type=http", "state:failed type:http"),
        ("q=tag:eu%20%20state:failed,stuck", "tag:eu state:failed,stuck"),
        (
            "q=error~%22timed%20out%22%20payload.user.id:42&state=FAILED&type=email.send",
            "error~\"timed out\" payload.user.id:42 state:failed type:email.send",
        ),
        ("q=-worker:a%20age%3E5m", "-worker:a age>5m"),
        ("q=%F0%9F%A6%80", "🦀"),
    ] {
        assert_eq!(asked(parameters).await, query, "{parameters}");
    }
}

#[tokio::test]
async fn the_moment_of_the_question_decides_what_is_old() {
    let app = App::new();
    app.get("/jobs?q=age%3E5m").await.good();
    assert!(
        app.jobs.last().contains(&format!("at {NOW}")),
        "{}",
        app.jobs.last()
    );
}

#[tokio::test]
async fn a_bad_query_is_pointed_at_and_no_store_is_asked() {
    let app = App::new();
    let problem = app
        .get("/jobs?q=type:email%20stat:failed&limit=5")
        .await
        .problem(400);
    assert!(
        problem["type"].as_str().unwrap().ends_with("/invalid-query"),
        "{problem}"
    );
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("unknown field `stat` (did you mean `state`?)"),
        "{detail}"
    );
    assert!(!detail.contains('\n'), "{detail}");
    assert_eq!(problem["pointer"], "type:email stat:failed\n           ^^^^");
    assert_eq!(problem["details"], json!([{"path": "q", "message": detail}]));
    assert!(app.jobs.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn every_kind_of_bad_query_is_a_400_with_a_pointer_of_two_lines() {
    for bad in [
        "state:",
        "state:done",
        "type:a%20OR%20type:b",
        "error~%22open",
        "age%3E5",
        "payload:1",
        "attempt=1",
        "%00",
        "a%0Ab:c",
        &"a%20".repeat(33),
        &"a".repeat(2001),
        "type:%F0%9F%A6%80%20%C3%A9x:1",
    ] {
        let app = App::new();
        let problem = app.get(&format!("/jobs?q={bad}")).await.problem(400);
        let pointer = problem["pointer"].as_str().unwrap();
        assert_eq!(pointer.lines().count(), 2, "{bad}: {pointer}");
        assert!(
            pointer
                .lines()
                .nth(1)
                .unwrap()
                .trim_matches('^')
                .trim()
                .is_empty(),
            "{pointer}"
        );
        assert!(app.jobs.asked.lock().unwrap().is_empty(), "{bad}");
    }
}

#[tokio::test]
async fn a_query_and_a_parameter_are_too_much_together_where_they_are() {
    let app = App::new();
    let most = "a%20".repeat(32);
    app.get(&format!("/jobs?q={most}")).await.good();
    let problem = app
        .get(&format!("/jobs?q={most}&state=failed"))
        .await
        .problem(400);
    assert!(
        problem["detail"].as_str().unwrap().contains("32 terms"),
        "{problem}"
    );
}

#[tokio::test]
async fn an_empty_page_may_still_lead_on() {
    let app = App::new();
    // The stub gives a cursor wherever something is left, whatever matches: here nothing of the first page does.
    app.jobs
        .jobs
        .lock()
        .unwrap()
        .extend([summary(1, JobStatus::Failed), summary(2, JobStatus::Failed)]);
    let page = app.get("/jobs?q=tag:rare&limit=1").await.good();
    assert_eq!(page["nextCursor"], "1");
    app.get("/jobs?q=tag:rare&limit=1&cursor=1").await.good();
    assert!(
        app.jobs.last().contains("[tag:rare]") && app.jobs.last().contains("Cursor(\"1\")"),
        "{}",
        app.jobs.last()
    );
}
