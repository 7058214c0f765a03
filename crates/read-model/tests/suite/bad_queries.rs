//! Questions that make no sense: a 400 that names the parameter, and no store is asked.

use super::support::App;

async fn refused(path: &str, parameter: &str, words: &str) {
    let app = App::new();
    let problem = app.get(path).await.problem(400);
    assert_eq!(problem["details"][0]["path"], parameter, "{path}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains(parameter) && detail.contains(words),
        "{path}: {detail}"
    );
    for world in [&app.jobs, &app.events, &app.stats] {
        assert!(world.asked.lock().unwrap().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn limits_are_whole_numbers_within_their_range() {
    for (path, range) in [
        ("/jobs/recent", "from 1 to 100"),
        ("/jobs", "from 1 to 500"),
        ("/events", "from 1 to 500"),
        ("/dead-letters", "from 1 to 500"),
        ("/errors", "from 1 to 1000"),
    ] {
        for bad in [
            "abc",
            "0",
            "-1",
            "1000000",
            "1.5",
            "99999999999999999999999",
            "1%00",
            "%E2%91%A0",
        ] {
            refused(&format!("{path}?limit={bad}"), "limit", range).await;
        }
    }
    refused("/stats/history?minutes=1441", "minutes", "from 1 to 1440").await;
}

#[tokio::test]
async fn states_and_types_are_those_of_the_contract() {
    refused("/jobs?state=DONE", "state", "PENDING, VALIDATED, SCHEDULED").await;
    refused("/dead-letters?state=closed", "state", "open, replayed, discarded").await;
    refused("/events?type=job.exploded", "type", "job.created").await;
    for bad in ["a%20b", "a%00", "%F0%9F%A6%80", &"a".repeat(129)] {
        refused(&format!("/jobs?type={bad}"), "type", "letters, digits").await;
    }
}

#[tokio::test]
async fn cursors_are_those_of_earlier_answers() {
    for bad in ["%00", "a/b", "a%20b", "..%2F..", "'%20OR%201=1", &"a".repeat(129)] {
        refused(&format!("/jobs?cursor={bad}"), "cursor", "nextCursor").await;
        refused(&format!("/dead-letters?cursor={bad}"), "cursor", "nextCursor").await;
    }
}

#[tokio::test]
async fn ids_are_plain_uuids() {
    for bad in [
        "1",
        "urn:uuid:0191d2a0-7c1e-7000-8000-000000000001",
        "%7B0191d2a0-7c1e-7000-8000-000000000001%7D",
    ] {
        refused(&format!("/events?jobId={bad}"), "jobId", "UUID").await;
    }
}

#[tokio::test]
async fn names_of_schedules_are_plain() {
    for bad in ["a%20b", "..", "%00", "-a", &"a".repeat(129)] {
        refused(&format!("/schedules/{bad}"), "name", "A-Z, a-z, 0-9").await;
    }
}

#[tokio::test]
async fn unknown_parameters_are_named_with_the_known_ones() {
    refused("/jobs?status=FAILED", "status", "q, state, type, limit, cursor").await;
    refused("/jobs/recent?count=5", "count", "limit").await;
    for path in ["/stats", "/schedules", "/schedules/nightly", "/limits"] {
        refused(&format!("{path}?x=1"), "x", "none").await;
    }
    refused(
        "/jobs/0191d2a0-7c1e-7000-8000-000000000001?full=1",
        "full",
        "none",
    )
    .await;
    refused("/jobs?limit=5&limit=6", "limit", "once").await;
}
