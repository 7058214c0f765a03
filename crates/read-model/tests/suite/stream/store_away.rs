//! The stream while the event log is away.

use ports::StoreError;
use serde_json::json;
use tokio::time::Instant;

use super::JOBS;
use crate::listener::{Listener, ask};
use crate::stubs::Mood;
use crate::support::App;

#[tokio::test(start_paused = true)]
async fn a_stream_does_not_begin_without_the_log() {
    let app = App::new();
    app.events.goes_away();
    let answer = app.get(JOBS).await;
    assert_eq!(answer.problem(503)["degraded"], json!(["event log"]));
    assert!(!answer.text().contains("secret"));
    assert_eq!(ask(&app, JOBS, Some("0")).await.status(), 503);

    app.events.set(Mood::Hangs);
    let begun = Instant::now();
    app.get(JOBS).await.problem(503);
    assert_eq!(begun.elapsed().as_secs(), 2);

    app.events.set(Mood::Fine);
    let mut listener = Listener::open(&app, JOBS).await;
    app.append(0..1);
    assert_eq!(listener.numbers(1).await, [0]);
}

#[tokio::test(start_paused = true)]
async fn who_listens_misses_nothing_while_the_log_is_away() {
    for mood in [Mood::Fails(StoreError::Unavailable("gone".into())), Mood::Hangs] {
        let app = App::new();
        let mut listener = Listener::open(&app, JOBS).await;
        app.append(0..3);
        assert_eq!(listener.numbers(3).await, [0, 1, 2]);
        app.events.set(mood);
        app.append(3..600);
        assert_eq!(listener.block().await.unwrap().comment, "nothing new");
        app.events.set(Mood::Fine);
        assert_eq!(listener.numbers(597).await, (3..600).collect::<Vec<_>>());
    }
}

#[tokio::test(start_paused = true)]
async fn who_catches_up_goes_on_as_the_log_comes_back() {
    let app = App::new();
    app.append(0..1200);
    let mut listener = Listener::resume(&app, JOBS, "0").await;
    app.events.goes_away();
    assert_eq!(listener.numbers(500).await, (0..500).collect::<Vec<_>>());
    let block = listener.block().await.unwrap();
    assert_eq!(block.comment, "the event log does not answer, trying again");
    app.events.set(Mood::Fine);
    assert_eq!(listener.numbers(700).await, (500..1200).collect::<Vec<_>>());
    app.append(1200..1201);
    assert_eq!(listener.numbers(1).await, [1200]);
}

#[tokio::test(start_paused = true)]
async fn a_place_that_the_log_refuses_is_the_clients_mistake() {
    let app = App::new();
    app.events
        .set(Mood::Fails(StoreError::Refused("secret words".into())));
    let answer = ask(&app, JOBS, Some("7")).await;
    assert_eq!(answer.status(), 400);
}

#[tokio::test(start_paused = true)]
async fn a_log_that_was_made_anew_ends_every_stream_and_the_next_one_begins_there() {
    let app = App::new();
    app.append(0..3000);
    let mut listener = Listener::open(&app, JOBS).await;
    let mut catching_up = Listener::resume(&app, JOBS, "0").await;
    catching_up.numbers(500).await;

    app.events
        .set(Mood::Fails(StoreError::Refused("of another log".into())));
    assert_eq!(listener.event().await.json()["reason"], "lost");
    assert_eq!(catching_up.event().await.json()["reason"], "lost");
    assert_eq!(
        (listener.rest().await, catching_up.rest().await),
        (vec![], vec![])
    );

    app.events.set(Mood::Fine);
    let mut again = Listener::open(&app, JOBS).await;
    app.append(7..8);
    assert_eq!(again.numbers(1).await, [7]);
}
