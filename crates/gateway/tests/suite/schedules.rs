//! Schedules: made, changed, stopped, looked ahead.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::stubs::{StoreMood, away};
use super::support::App;

fn nightly() -> Value {
    json!({"name": "nightly", "cron": "0 3 * * *", "job": {"type": "report", "payload": {"n": 1}}})
}

async fn made(app: &App) -> Value {
    let answer = app.command("POST", "/schedules", &nightly()).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_schedule_is_made_and_says_when_it_fires() {
    let app = App::new();
    let mut given = nightly();
    given["timezone"] = json!("europe/berlin");
    given["catchUp"] = json!("all");
    let answer = app.command("POST", "/schedules", &given).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["location"]),
        (201, &"/schedules/nightly".parse().unwrap())
    );
    insta::assert_json_snapshot!(answer.json());
}

#[tokio::test]
async fn what_is_absent_is_filled_in() {
    let schedule = made(&App::new()).await;
    for (name, value) in [
        ("timezone", json!("UTC")),
        ("catchUp", json!("one")),
        ("paused", json!(false)),
        ("nextAt", json!("2026-01-03T03:00:00Z")),
    ] {
        assert_eq!(schedule[name], value, "{name}");
    }
    assert_eq!(schedule["next"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn a_name_is_given_once() {
    let app = App::new();
    made(&app).await;
    let problem = app.command("POST", "/schedules", &nightly()).await.problem(409);
    assert!(problem["type"].as_str().unwrap().ends_with("/schedule-exists"));
    assert_eq!(problem["name"], "nightly");
    assert_eq!(app.jobs.with(|held| held.schedules.len()), 1);
}

#[tokio::test]
async fn a_schedule_is_put_under_its_name() {
    let app = App::new();
    let mut body = nightly();
    body.as_object_mut().unwrap().remove("name");
    let first = app.command("PUT", "/schedules/nightly", &body).await;
    assert_eq!(first.status, 201, "{}", first.text());
    app.clock.advance(Duration::from_mins(1));
    body["cron"] = json!("@hourly");
    let second = app.command("PUT", "/schedules/nightly", &body).await;
    assert_eq!(second.status, 200);
    let (first, second) = (first.json(), second.json());
    assert_eq!(
        (&second["id"], &second["createdAt"]),
        (&first["id"], &first["createdAt"])
    );
    assert_eq!(
        (&second["cron"], &second["updatedAt"]),
        (&json!("@hourly"), &json!("2026-01-02T03:05:05Z"))
    );

    let other = app
        .command("PUT", "/schedules/other", &nightly())
        .await
        .problem(400);
    assert_eq!(other["details"][0]["path"], "/name");
}

#[tokio::test]
async fn a_schedule_is_paused_and_resumed() {
    let app = App::new();
    made(&app).await;
    app.clock.advance(Duration::from_hours(24));
    let paused = app.call("POST", "/schedules/nightly/pause").await.json();
    assert_eq!(
        (&paused["paused"], &paused["nextAt"], &paused["next"]),
        (&json!(true), &json!(null), &json!([]))
    );
    assert_eq!(paused["updatedAt"], "2026-01-03T03:04:05Z");
    app.clock.advance(Duration::from_hours(24));
    let resumed = app.call("POST", "/schedules/nightly/resume").await.json();
    assert_eq!(
        (&resumed["paused"], &resumed["nextAt"]),
        (&json!(false), &json!("2026-01-05T03:00:00Z"))
    );
    assert_eq!(resumed["updatedAt"], "2026-01-04T03:04:05Z");
}

#[tokio::test]
async fn resuming_what_is_not_paused_changes_nothing() {
    let app = App::new();
    let before = made(&app).await;
    app.clock.advance(Duration::from_mins(1));
    assert_eq!(app.call("POST", "/schedules/nightly/resume").await.json(), before);
    assert_eq!(app.jobs.desk.count("put_schedule"), 1);
}

/// What another gateway keeps between the reading and the writing of this one is not undone.
#[tokio::test]
async fn a_pause_keeps_what_somebody_else_changed_meanwhile() {
    let app = App::new();
    made(&app).await;
    app.jobs.with(|held| {
        let mut other = held.schedules[0].clone();
        other.cron = "@daily".to_owned();
        other.updated_at += Duration::from_secs(1);
        held.other_gateway = Some(other);
    });
    let paused = app.call("POST", "/schedules/nightly/pause").await.json();
    assert_eq!(
        (&paused["paused"], &paused["cron"]),
        (&json!(true), &json!("@daily"))
    );
    assert_eq!(app.jobs.desk.count("put_schedule"), 3, "made, refused, kept");
}

/// The name was free when this gateway could have looked, and is not when it writes.
#[tokio::test]
async fn of_two_gateways_that_make_one_schedule_one_is_refused() {
    let app = App::new();
    made(&app).await;
    let other = app.jobs.with(|held| held.schedules.pop());
    app.jobs.with(|held| held.other_gateway = other);
    let problem = app.command("POST", "/schedules", &nightly()).await.problem(409);
    assert_eq!(problem["name"], "nightly");
}

#[tokio::test]
async fn a_schedule_may_be_made_paused() {
    let app = App::new();
    let mut given = nightly();
    given["paused"] = json!(true);
    let schedule = app.command("POST", "/schedules", &given).await.json();
    assert_eq!(
        (&schedule["nextAt"], &schedule["next"]),
        (&json!(null), &json!([]))
    );
}

#[tokio::test]
async fn a_rule_that_does_not_read_any_more_is_not_resumed() {
    let app = App::new();
    made(&app).await;
    app.call("POST", "/schedules/nightly/pause").await;
    app.jobs
        .with(|held| held.schedules[0].timezone = "Atlantis/Capital".to_owned());
    let problem = app.call("POST", "/schedules/nightly/resume").await.problem(409);
    assert!(
        problem["detail"].as_str().unwrap().contains("Atlantis"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_schedule_is_forgotten() {
    let app = App::new();
    made(&app).await;
    assert_eq!(app.call("DELETE", "/schedules/nightly").await.status, 204);
    assert!(app.jobs.with(|held| held.schedules.is_empty()));
}

#[tokio::test]
async fn an_unknown_schedule_is_a_404() {
    let app = App::new();
    for (method, path) in [
        ("DELETE", "/schedules/none"),
        ("POST", "/schedules/none/pause"),
        ("POST", "/schedules/none/resume"),
        ("POST", "/schedules/none/run"),
    ] {
        let problem = app.call(method, path).await.problem(404);
        assert_eq!(problem["detail"], "no schedule has the name none", "{path}");
    }
}

#[tokio::test]
async fn what_is_no_schedule_is_refused_with_the_place() {
    for (change, place, words) in [
        (json!({"name": "a b"}), "/name", "letter or digit"),
        (json!({"name": 7}), "/name", "string"),
        (json!({"cron": "0 25 * * *"}), "/cron", "hour"),
        (json!({"cron": "* *"}), "/cron", "5 fields"),
        (json!({"cron": "0 0 30 2 *"}), "/cron", "no date"),
        (json!({"cron": 5}), "/cron", "cron expression"),
        (
            json!({"timezone": "Europe/Berlim"}),
            "/timezone",
            "did you mean `Europe/Berlin`?",
        ),
        (json!({"catchUp": "some"}), "/catchUp", "skip, one or all"),
        (json!({"paused": "no"}), "/paused", "true or false"),
        (json!({"job": {}}), "/job", "type"),
        (json!({"job": "echo"}), "/job", "object"),
        (json!({"job": {"type": "no type"}}), "/job/type", ""),
        (
            json!({"job": {"type": "echo", "priority": "urgent"}}),
            "/job/priority",
            "",
        ),
    ] {
        let app = App::new();
        let mut body = nightly();
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let problem = app.command("POST", "/schedules", &body).await.problem(400);
        assert_eq!(problem["details"][0]["path"], place, "{change}: {problem}");
        assert!(
            problem["details"][0]["message"].as_str().unwrap().contains(words),
            "{change}: {problem}"
        );
        assert!(app.jobs.desk.calls().is_empty());
    }
}

#[tokio::test]
async fn what_must_be_there_is_asked_for() {
    for name in ["name", "cron", "job"] {
        let app = App::new();
        let mut body = nightly();
        body.as_object_mut().unwrap().remove(name);
        let problem = app.command("POST", "/schedules", &body).await.problem(400);
        assert_eq!(problem["details"][0]["path"], format!("/{name}"));
    }
}

#[tokio::test]
async fn the_job_of_a_schedule_has_nothing_that_belongs_to_one_job() {
    for (name, value) in [
        ("id", json!("0191d2a0-7c1e-7000-8000-000000000001")),
        ("status", json!("PENDING")),
        ("createdAt", json!("2026-01-02T03:04:05Z")),
        ("delay", json!("5s")),
        ("runAt", json!("2026-01-02T03:04:05Z")),
        ("schedule", json!("nightly")),
    ] {
        let app = App::new();
        let mut body = nightly();
        body["job"][name] = value;
        let problem = app.command("POST", "/schedules", &body).await.problem(400);
        assert_eq!(problem["details"][0]["path"], format!("/job/{name}"));
    }
}

#[tokio::test]
async fn a_store_that_keeps_no_more_is_a_conflict_that_says_so() {
    let app = App::new();
    app.jobs.with(|held| held.is_full = true);
    let answer = app.command("POST", "/schedules", &nightly()).await;
    assert_eq!(answer.problem(409)["title"], "Too many schedules");
    assert!(!answer.text().contains("secret"));
}

#[tokio::test]
async fn what_is_no_name_is_refused() {
    let app = App::new();
    for path in ["/schedules/-a", "/schedules/a%2Fb", "/schedules/%ff"] {
        let problem = app.call("DELETE", path).await.problem(400);
        assert_eq!(problem["details"][0]["path"], "name", "{path}");
    }
}

#[tokio::test]
async fn a_rule_is_looked_ahead_without_a_store() {
    let app = App::new();
    app.jobs.desk.set(StoreMood::Hangs);
    let body = json!({"cron": "*/20 * * * * *", "count": 3});
    let answer = app.command("POST", "/schedules:preview", &body).await;
    let next = json!({"next": ["2026-01-02T03:04:20Z", "2026-01-02T03:04:40Z", "2026-01-02T03:05:00Z"]});
    assert_eq!((answer.status.as_u16(), answer.json()), (200, next));
    let five = app
        .command("POST", "/schedules:preview", &json!({"cron": "@daily"}))
        .await
        .json();
    assert_eq!(five["next"].as_array().unwrap().len(), 5);
    let refused = app
        .command("POST", "/schedules:preview", &json!({"cron": "99 * * * *"}))
        .await
        .problem(400);
    assert_eq!(refused["details"][0]["path"], "/cron");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_told_in_bounded_time() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        for (method, path) in [
            ("POST", "/schedules"),
            ("PUT", "/schedules/nightly"),
            ("DELETE", "/schedules/nightly"),
            ("POST", "/schedules/nightly/pause"),
            ("POST", "/schedules/nightly/resume"),
            ("POST", "/schedules/nightly/run"),
        ] {
            let app = App::new();
            app.jobs.desk.set(mood.clone());
            let started = Instant::now();
            app.command(method, path, &nightly()).await.degraded("job store");
            assert!(started.elapsed() <= Duration::from_secs(2), "{path}");
        }
    }
}
