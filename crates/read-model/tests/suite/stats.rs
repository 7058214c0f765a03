//! Numbers, and where they come from.

use std::time::Duration;

use contracts::EventType;
use ports::{LetterState, Queue, QueueDepth, StatsBucket, StatsSnapshot, TypeStats};
use serde_json::json;

use super::support::{App, at, letter};

fn snapshot() -> StatsSnapshot {
    let echo = TypeStats {
        job_type: "echo".into(),
        created: 20,
        completed: 12,
        failed: 3,
    };
    StatsSnapshot {
        events: vec![
            (EventType::Created, 20),
            (EventType::Executed, 22),
            (EventType::Retrying, 5),
            (EventType::Completed, 12),
            (EventType::Failed, 2),
            (EventType::Quarantined, 1),
        ],
        ended: vec![
            (EventType::Retrying, 5),
            (EventType::Completed, 12),
            (EventType::Failed, 2),
            (EventType::Quarantined, 1),
        ],
        types: vec![echo],
        last_event: Some(at(25)),
    }
}

fn depths() -> Vec<QueueDepth> {
    let depth = |queue, ready, unacknowledged| QueueDepth {
        queue,
        ready,
        unacknowledged,
    };
    vec![depth(Queue::Work, 1, 3), depth(Queue::DeadLetters, 0, 0)]
}

#[tokio::test]
async fn all_numbers_follow_from_the_counters() {
    let app = App::new();
    *app.stats.snapshot.lock().unwrap() = snapshot();
    *app.bus.depths.lock().unwrap() = Some(depths());
    insta::assert_json_snapshot!(app.get("/stats").await.good());
}

#[tokio::test]
async fn before_the_first_event_everything_is_zero_and_the_time_empty() {
    let stats = App::new().get("/stats").await.good();
    assert_eq!(
        (&stats["totalJobs"], &stats["lastEventTime"]),
        (&json!(0), &json!(""))
    );
    assert_eq!((&stats["byType"], &stats["degraded"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn queues_that_do_not_answer_are_told_and_the_rest_stays() {
    let app = App::new();
    *app.stats.snapshot.lock().unwrap() = snapshot();
    *app.bus.depths.lock().unwrap() = None;
    let stats = app.get("/stats").await.good();
    assert_eq!((&stats["totalJobs"], &stats["queues"]), (&json!(20), &json!([])));
    assert_eq!(
        stats["degraded"],
        json!(["queues: bus unavailable: connection refused"])
    );
}

#[tokio::test]
async fn open_dead_letters_are_counted_and_unknown_while_the_event_log_is_away() {
    let app = App::new();
    *app.stats.snapshot.lock().unwrap() = snapshot();
    app.events
        .letters
        .lock()
        .unwrap()
        .extend([letter(1, LetterState::Open), letter(2, LetterState::Discarded)]);
    assert_eq!(app.get("/stats").await.good()["deadLetters"], 1);
    app.events.goes_away();
    let stats = app.get("/stats").await.good();
    assert_eq!(
        (&stats["totalJobs"], &stats["deadLetters"]),
        (&json!(20), &json!(null))
    );
    let degraded = stats["degraded"][0].as_str().unwrap();
    assert!(
        degraded.starts_with("dead letters: the event log is away"),
        "{degraded}"
    );
}

#[tokio::test]
async fn the_rate_is_live_for_who_asks_again() {
    let app = App::new();
    let set = |completed| {
        let events = vec![(EventType::Completed, completed)];
        *app.stats.snapshot.lock().unwrap() = StatsSnapshot {
            events,
            ..StatsSnapshot::default()
        };
    };
    set(100);
    app.get("/stats").await.good();
    set(350);
    app.clock.advance(Duration::from_secs(2));
    assert_eq!(app.get("/stats").await.good()["jobsPerSecond"], 125.0);
}

#[tokio::test]
async fn history_has_every_minute() {
    let app = App::new();
    let minute = at(-120).as_second();
    app.stats.history.lock().unwrap().push(StatsBucket {
        minute,
        created: 5,
        completed: 4,
        failed: 1,
    });
    insta::assert_json_snapshot!(app.get("/stats/history?minutes=4").await.good());
    assert_eq!(app.stats.last(), "history 2026-01-02T03:01:00Z");
    let hour = app.get("/stats/history").await.good();
    assert_eq!(hour["items"].as_array().unwrap().len(), 60);
}
