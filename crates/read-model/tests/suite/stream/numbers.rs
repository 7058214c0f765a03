//! The topic `stats`.

use std::time::Duration;

use contracts::EventType;
use ports::StatsSnapshot;
use tokio::time::{Instant, sleep};

use crate::listener::Listener;
use crate::support::App;

const STATS: &str = "/stream?topics=stats";

fn complete(app: &App, completed: u64) {
    *app.stats.snapshot.lock().unwrap() = StatsSnapshot {
        events: vec![(EventType::Created, 9), (EventType::Completed, completed)],
        ..StatsSnapshot::default()
    };
}

#[tokio::test(start_paused = true)]
async fn numbers_are_told_at_once_and_then_as_they_change() {
    let app = App::new();
    complete(&app, 1);
    let mut listener = Listener::open(&app, STATS).await;
    let first = listener.event().await;
    assert_eq!(first.event, "stats");
    assert_eq!(first.json(), app.get("/stats").await.good());
    assert_eq!(first.id, None, "numbers are no place in the log");

    let told = Instant::now();
    assert_eq!(
        listener.block().await.unwrap().comment,
        "nothing new",
        "the same numbers are not told twice"
    );
    assert!(told.elapsed() >= Duration::from_secs(10));
    complete(&app, 2);
    assert_eq!(listener.event().await.json()["completedJobs"], 2);
}

#[tokio::test(start_paused = true)]
async fn numbers_that_change_all_the_time_are_told_once_a_second() {
    let app = std::sync::Arc::new(App::new());
    let mut listener = Listener::open(&app, STATS).await;
    let changing = tokio::spawn({
        let app = std::sync::Arc::clone(&app);
        async move {
            for completed in 0.. {
                complete(&app, completed);
                sleep(Duration::from_millis(7)).await;
            }
        }
    });
    listener.event().await;
    let begun = Instant::now();
    for _ in 0..5 {
        listener.event().await;
    }
    assert_eq!(begun.elapsed().as_secs(), 5);
    changing.abort();
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_later_gets_the_numbers_too() {
    let app = App::new();
    complete(&app, 1);
    let mut first = Listener::open(&app, STATS).await;
    first.event().await;
    let mut second = Listener::open(&app, "/stream").await;
    assert_eq!(second.event().await.json()["completedJobs"], 1);
}

#[tokio::test(start_paused = true)]
async fn only_who_wants_events_has_the_log_followed() {
    let app = App::new();
    app.events.goes_away();
    let mut listener = Listener::open(&app, STATS).await;
    let numbers = listener.event().await.json();
    assert_eq!(numbers["deadLetters"], serde_json::Value::Null);
    let asked = app.events.asked.lock().unwrap();
    assert!(!asked.iter().any(|question| question.starts_with("follow")));
}

#[tokio::test(start_paused = true)]
async fn numbers_that_were_away_are_told_again_as_they_come_back() {
    let app = App::new();
    complete(&app, 1);
    let mut listener = Listener::open(&app, STATS).await;
    listener.event().await;
    app.stats.goes_away();
    assert_eq!(listener.block().await.unwrap().comment, "nothing new");
    app.stats.set(crate::stubs::Mood::Fine);
    assert_eq!(listener.event().await.json()["completedJobs"], 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_works_numbers_out_that_nobody_watches() {
    let app = App::new();
    let listener = Listener::open(&app, STATS).await;
    drop(listener);
    sleep(Duration::from_secs(3)).await;
    let asked = app.stats.asked.lock().unwrap().len();
    sleep(Duration::from_secs(10)).await;
    assert_eq!(app.stats.asked.lock().unwrap().len(), asked);
}
