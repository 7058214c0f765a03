//! Coming back.

use std::sync::Arc;
use std::time::Duration;

use super::JOBS;
use crate::listener::{Listener, ask};
use crate::support::App;

#[tokio::test]
async fn a_client_goes_on_behind_any_event_that_it_saw() {
    let app = App::new();
    let mut listener = Listener::open(&app, JOBS).await;
    let mut places = vec![listener.last_id.clone().unwrap()];
    app.append(0..20);
    for number in 0..20 {
        assert_eq!(listener.numbers(1).await, [number]);
        places.push(listener.last_id.clone().unwrap());
    }
    for (seen, place) in (0..).zip(places) {
        let mut again = Listener::resume(&app, JOBS, &place).await;
        let missed = usize::try_from(20 - seen).unwrap();
        assert_eq!(
            again.numbers(missed).await,
            (seen..20).collect::<Vec<_>>(),
            "{place}"
        );
    }
}

#[tokio::test]
async fn what_was_missed_comes_first_and_what_happens_meanwhile_behind_it() {
    let app = App::new();
    let mut listener = Listener::open(&app, JOBS).await;
    app.append(0..3000);
    let mut again = Listener::resume(&app, JOBS, &listener.last_id.take().unwrap()).await;
    assert_eq!(again.numbers(2000).await, (0..2000).collect::<Vec<_>>());
    app.append(3000..3500);
    assert_eq!(again.numbers(1500).await, (2000..3500).collect::<Vec<_>>());
    app.append(3500..3510);
    assert_eq!(again.numbers(10).await, (3500..3510).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_filter_holds_for_what_was_missed_too() {
    let app = App::new();
    app.append(0..40);
    let path = "/stream?topics=job&type=job.failed";
    let mut again = Listener::resume(&app, path, "0").await;
    assert_eq!(again.numbers(10).await, (3..40).step_by(4).collect::<Vec<_>>());
    app.append(40..45);
    assert_eq!(again.numbers(1).await, [43]);
}

#[tokio::test(start_paused = true)]
async fn a_client_whose_filter_lets_nothing_through_gets_on_all_the_same() {
    let app = App::new();
    let path = "/stream?topics=job&type=nothing";
    let mut listener = Listener::open(&app, path).await;
    app.append(0..100);
    let quiet = listener.block().await.unwrap();
    assert_eq!((&*quiet.comment, &*quiet.data), ("nothing new", ""));
    assert_eq!(listener.block().await.unwrap().id.as_deref(), Some("100"));

    let mut missed = Listener::resume(&app, path, "0").await;
    assert_eq!(missed.block().await.unwrap().id.as_deref(), Some("100"));
}

#[tokio::test]
async fn a_place_whose_event_is_gone_counts_as_unseen() {
    let app = App::new();
    app.append(0..3);
    let place = "0~00000000000000000000000000000001";
    let mut again = Listener::resume(&app, JOBS, place).await;
    assert_eq!(again.numbers(3).await, [0, 1, 2]);
}

#[tokio::test]
async fn what_is_no_place_is_refused_and_an_empty_one_is_none() {
    let app = App::new();
    app.append(0..1);
    for bad in ["a b", "1~x", "~", "'; drop"] {
        assert_eq!(ask(&app, JOBS, Some(bad)).await.status(), 400, "{bad}");
    }
    let mut listener = Listener::resume(&app, JOBS, "").await;
    app.append(1..2);
    assert_eq!(listener.numbers(1).await, [1]);
}

/// Everything at once: events keep coming, and clients keep breaking off wherever they are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_break_off_again_and_again_see_every_event_once() {
    const EVENTS: u64 = 4000;
    let app = Arc::new(App::new());
    let clients: Vec<_> = (1..=6)
        .map(|patience| {
            let app = Arc::clone(&app);
            tokio::spawn(async move { watch(&app, patience, EVENTS).await })
        })
        .collect();
    for number in 0..EVENTS {
        app.append(number..=number);
        if number % 16 == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    for client in clients {
        let seen = client.await.unwrap();
        assert_eq!(seen, (0..EVENTS).collect::<Vec<_>>());
    }
}

/// Breaks off after some events, each time after others, until all have been seen.
async fn watch(app: &App, patience: u64, events: u64) -> Vec<u64> {
    let (mut seen, mut place, mut round) = (Vec::new(), "0".to_owned(), 0);
    while (seen.len() as u64) < events {
        round += 1;
        let left = events - seen.len() as u64;
        let share = (patience * 97 * round % 700 + 1).min(left);
        let mut listener = Listener::resume(app, JOBS, &place).await;
        seen.extend(listener.numbers(usize::try_from(share).unwrap()).await);
        place = listener.last_id.take().unwrap();
    }
    seen
}
