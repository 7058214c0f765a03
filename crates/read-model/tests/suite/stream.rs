//! The live stream, in process.

mod bounds;
mod numbers;
mod resuming;
mod store_away;

use contracts::EventType;
use ports::LoggedEvent;
use serde_json::json;
use uuid::Uuid;

use super::listener::Listener;
use super::support::{App, at, id};

/// Event number so and so, of job `number % 10` and of type `type-0` to `type-2`. Every fourth has failed.
pub(crate) fn numbered(number: u64) -> LoggedEvent {
    let (event_type, status) = if number % 4 == 3 {
        (EventType::Failed, "FAILED")
    } else {
        (EventType::Completed, "COMPLETED")
    };
    let job = id(u128::from(number % 10));
    let body = json!({
        "number": number, "eventType": event_type.as_str(),
        "payload": {"id": job, "type": format!("type-{}", number % 3), "status": status},
    });
    LoggedEvent {
        event_id: Uuid::from_u128(0xE000_0000 + u128::from(number)),
        job_id: job,
        event_type,
        occurred_at: at(0),
        body: body.to_string().into(),
    }
}

impl App {
    /// Lets events happen.
    pub(crate) fn append(&self, numbers: impl IntoIterator<Item = u64>) {
        let mut log = self.events.log.lock().unwrap();
        log.extend(numbers.into_iter().map(numbered));
    }
}

const JOBS: &str = "/stream?topics=job";

#[tokio::test]
async fn what_happens_is_told_as_it_was_published_and_what_happened_before_is_not() {
    let app = App::new();
    app.append(0..5);
    let mut listener = Listener::open(&app, JOBS).await;
    app.append(5..8);
    for number in 5..8 {
        let block = listener.event().await;
        assert_eq!(block.event, "job");
        assert_eq!(block.data.as_bytes(), &*numbered(number).body);
        assert!(block.id.is_some());
    }
    app.append(8..9);
    assert_eq!(listener.numbers(1).await, [8]);
}

#[tokio::test]
async fn everybody_gets_what_they_want() {
    let app = App::new();
    let filtered = |parameters: &'static str| {
        let app = &app;
        async move { Listener::open(app, &format!("{JOBS}&{parameters}")).await }
    };
    let mut all = filtered("").await;
    let mut by_type = filtered("type=type-1").await;
    let mut by_event = filtered("type=job.failed").await;
    let mut by_state = filtered("state=failed&type=type-0,type-1").await;
    let job = format!("{JOBS}&jobId={}", id(4));
    let mut by_job = Listener::open(&app, &job).await;
    app.append(0..20);
    assert_eq!(all.numbers(20).await, (0..20).collect::<Vec<_>>());
    assert_eq!(by_type.numbers(7).await, [1, 4, 7, 10, 13, 16, 19]);
    assert_eq!(by_event.numbers(5).await, [3, 7, 11, 15, 19]);
    assert_eq!(by_state.numbers(4).await, [3, 7, 15, 19]);
    assert_eq!(by_job.numbers(2).await, [4, 14]);
}

#[tokio::test(start_paused = true)]
async fn one_poller_follows_the_log_for_all_and_none_for_nobody() {
    let app = App::new();
    let follows = || {
        let asked = app.events.asked.lock().unwrap();
        asked
            .iter()
            .filter(|question| question.starts_with("follow"))
            .count()
    };
    let mut listeners = Vec::new();
    for _ in 0..20 {
        listeners.push(Listener::open(&app, JOBS).await);
    }
    let before = follows();
    let second = std::time::Duration::from_secs(1);
    tokio::time::sleep(second).await;
    let in_a_second = follows() - before;
    assert!((10..=21).contains(&in_a_second), "{in_a_second}");

    drop(listeners);
    tokio::time::sleep(second).await;
    let after = follows();
    tokio::time::sleep(second).await;
    assert_eq!(follows(), after);

    let mut again = Listener::open(&app, JOBS).await;
    app.append(0..1);
    assert_eq!(again.numbers(1).await, [0]);
}

#[tokio::test(start_paused = true)]
async fn silence_is_broken_every_ten_seconds() {
    let app = App::new();
    let mut listener = Listener::open(&app, JOBS).await;
    let quiet_since = tokio::time::Instant::now();
    let block = listener.block().await.unwrap();
    assert_eq!((&*block.comment, &*block.data), ("nothing new", ""));
    assert_eq!(quiet_since.elapsed().as_secs(), 10);
}

#[tokio::test]
async fn conditions_that_make_no_sense_are_refused_before_anything_is_asked() {
    let app = App::new();
    for (parameters, name) in [
        ("topics=all", "topics"),
        ("state=done", "state"),
        ("type=a%20b", "type"),
        ("jobId=1", "jobId"),
        ("q=state:failed", "q"),
    ] {
        let problem = app.get(&format!("/stream?{parameters}")).await.problem(400);
        assert_eq!(problem["details"][0]["path"], name, "{parameters}");
    }
    assert!(app.events.asked.lock().unwrap().is_empty());
}
