//! Many dead letters at once.

use std::time::Duration;

use http_body_util::BodyExt;
use ports::{BusError, LetterState};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::letters::{bad_event, event};
use super::stubs::{StoreMood, away};
use super::support::{App, Mood, id, json_request};

/// An app whose log has so many good letters, named by numbers from 0.
fn app_with(count: u128) -> App {
    let app = App::new();
    for number in 0..count {
        app.events.add(id(number), event(number));
    }
    app
}

async fn lines(app: &App, command: &str, body: &Value) -> Vec<Value> {
    app.command("POST", &format!("/dead-letters:{command}"), body)
        .await
        .lines()
}

#[tokio::test]
async fn every_letter_has_its_line() {
    let app = app_with(2);
    app.events.add(id(2), bad_event(2));
    app.call("POST", &format!("/dead-letters/{}/discard", id(1)))
        .await;
    let told = lines(
        &app,
        "replay",
        &json!({"ids": [id(0), id(1), id(2), id(9), id(0)]}),
    )
    .await;
    let by_id = |number| {
        told.iter()
            .find(|line| line["letterId"] == json!(id(number)))
            .unwrap()
    };
    assert_eq!(
        by_id(0),
        &json!({"letterId": id(0), "outcome": "done", "jobId": id(0), "eventId": id(1_000)})
    );
    assert_eq!(
        by_id(1),
        &json!({"letterId": id(1), "outcome": "conflict", "state": "discarded"})
    );
    assert_eq!(by_id(2)["outcome"], "invalid");
    assert!(
        by_id(2)["error"].as_str().unwrap().contains("type"),
        "{}",
        by_id(2)
    );
    assert_eq!(by_id(9), &json!({"letterId": id(9), "outcome": "unknown"}));
    let tally = json!({"seen": 4, "done": 1, "requested": 0, "conflict": 1, "unknown": 1, "invalid": 1, "complete": true});
    assert_eq!(
        (told.len(), told.last().unwrap()),
        (5, &json!({"summary": tally}))
    );
    let states = [id(0), id(1), id(2)].map(|id| app.events.state(id).unwrap());
    assert_eq!(
        states,
        [LetterState::Replayed, LetterState::Discarded, LetterState::Open]
    );
    assert_eq!(app.bus.messages().len(), 1);
}

#[tokio::test]
async fn all_open_letters_are_replayed_page_by_page_and_bad_ones_stay_open() {
    let app = app_with(30);
    for number in 30..60 {
        app.events.add(id(number), bad_event(number));
    }
    for number in 60..75 {
        app.events.add(id(number), event(number));
    }
    let told = lines(&app, "replay", &json!({"all": true})).await;
    let summary = &told.last().unwrap()["summary"];
    assert_eq!(
        (&summary["seen"], &summary["done"], &summary["invalid"]),
        (&json!(75), &json!(45), &json!(30))
    );
    assert_eq!(app.bus.messages().len(), 45);
    assert_eq!(app.events.state(id(45)), Some(LetterState::Open));
    let again = lines(&app, "replay", &json!({"all": true})).await;
    assert_eq!(again.last().unwrap()["summary"]["seen"], 30);
    let counted = "gateway_commands_total{command=\"replay-dead-letter\",outcome=\"done\"";
    assert_eq!(app.metric(counted).await, Some(45.0));
}

#[tokio::test]
async fn all_open_letters_are_discarded() {
    let app = app_with(45);
    let told = lines(&app, "discard", &json!({"all": true})).await;
    assert_eq!(told[0], json!({"letterId": id(0), "outcome": "done"}));
    assert_eq!(told.last().unwrap()["summary"]["done"], 45);
    assert_eq!(app.bus.publications(), 0);
    assert!((0..45).all(|number| app.events.state(id(number)) == Some(LetterState::Discarded)));
}

#[tokio::test]
async fn a_dry_run_counts_the_open_ones_and_does_nothing() {
    let app = app_with(45);
    app.call("POST", &format!("/dead-letters/{}/discard", id(1)))
        .await;
    for command in ["replay", "discard"] {
        for (body, matched) in [
            (json!({"all": true, "dryRun": true}), 44),
            (json!({"ids": [id(0), id(1), id(99)], "dryRun": true}), 1),
        ] {
            let answer = app
                .command("POST", &format!("/dead-letters:{command}"), &body)
                .await;
            assert_eq!(
                (answer.status.as_u16(), answer.json()),
                (200, json!({"matched": matched, "complete": true}))
            );
        }
    }
    assert_eq!((app.events.desk.count("settle"), app.bus.publications()), (1, 0));
}

#[tokio::test]
async fn a_bus_that_stops_taking_ends_the_answer_with_the_problem() {
    let app = app_with(45);
    app.bus.set(Mood::FailsAfter(1));
    let answer = app
        .command("POST", "/dead-letters:replay", &json!({"all": true}))
        .await;
    let told = answer.lines();
    let error = &told.last().unwrap()["error"];
    assert_eq!(
        (&error["status"], &error["error"]),
        (&json!(503), &json!("Failed to replay dead letter"))
    );
    assert_eq!(told[told.len() - 2]["progress"]["done"], 20);
    assert!(!answer.text().contains("secret"));
    assert_eq!(app.events.state(id(20)), Some(LetterState::Open));
}

#[tokio::test]
async fn a_bus_that_is_away_from_the_start_is_a_503() {
    let app = app_with(1);
    app.bus.set(Mood::Fails(BusError::Full("full".to_owned())));
    app.command("POST", "/dead-letters:replay", &json!({"all": true}))
        .await
        .problem(503);
    assert_eq!(
        lines(&app, "discard", &json!({"all": true})).await.len(),
        2,
        "that needs no bus"
    );
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_away_is_told_in_bounded_time() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        for command in ["replay", "discard"] {
            for body in [
                json!({"all": true}),
                json!({"ids": [id(1)]}),
                json!({"all": true, "dryRun": true}),
            ] {
                let app = app_with(1);
                app.events.desk.set(mood.clone());
                let started = Instant::now();
                app.command("POST", &format!("/dead-letters:{command}"), &body)
                    .await
                    .degraded("event log");
                assert!(started.elapsed() <= Duration::from_secs(2));
            }
        }
    }
}

#[tokio::test]
async fn a_client_that_leaves_stops_the_command() {
    let app = app_with(1_000);
    let response = app
        .open(json_request(
            "POST",
            "/dead-letters:discard",
            &json!({"all": true}),
        ))
        .await;
    let mut body = response.into_body();
    body.frame().await.unwrap().unwrap();
    drop(body);
    let settled = app.events.desk.count("settle");
    assert!(settled <= 4, "{settled} pages were settled ahead of the client");
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(app.events.desk.count("settle"), settled);
}
