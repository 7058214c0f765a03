//! The live stream: what happens, as it happens, across connections and restarts.

use serde_json::json;

use crate::common::{Message, Observatory, Shared, Site, Stream, text};

static SHARED: Shared = Shared::new(&[]);

const LIFE: [&str; 3] = ["job.created", "job.executed", "job.completed"];

/// The next events of a job, as the stream names them; those of other jobs are passed over.
async fn events(stream: &mut Stream, id: &str, count: usize) -> Vec<Message> {
    let mut events = Vec::new();
    while events.len() < count {
        let message = stream.next().await;
        if message.event == "job" && message.data["payload"]["id"] == *id {
            events.push(message);
        }
    }
    events
}

fn types(messages: &[Message]) -> Vec<&str> {
    let mut types: Vec<_> = messages
        .iter()
        .map(|message| text(&message.data["eventType"]))
        .collect();
    types.sort_unstable_by_key(|name| LIFE.iter().position(|known| known == name));
    types
}

async fn submit(observatory: &Observatory) -> String {
    observatory.submit(&json!({"type": "echo"})).await
}

#[tokio::test]
async fn a_listener_hears_every_event_of_a_job_with_a_place_to_go_on_from() {
    let observatory = SHARED.get().await;
    let mut stream = Stream::open(observatory.read_model, "topics=job", None).await;
    let id = submit(&observatory).await;
    let heard = events(&mut stream, &id, 3).await;
    assert_eq!(types(&heard), LIFE);
    assert!(heard.iter().all(|message| message.id.is_some()), "{heard:?}");
    assert_eq!(heard[0].data["payload"]["type"], "echo");
}

#[tokio::test]
async fn a_listener_that_comes_back_hears_what_it_missed_and_nothing_twice() {
    let observatory = SHARED.get().await;
    let mut stream = Stream::open(observatory.read_model, "topics=job", None).await;
    let first = submit(&observatory).await;
    let heard = events(&mut stream, &first, 3).await;
    drop(stream);
    let missed = submit(&observatory).await;
    observatory.wait_for_events(&missed, &LIFE).await;

    let last = heard[2].id.as_deref();
    let mut again = Stream::open(observatory.read_model, "topics=job", last).await;
    let message = loop {
        let message = again.next().await;
        assert_ne!(message.data["payload"]["id"], *first, "told twice: {message:?}");
        if message.data["payload"]["id"] == *missed {
            break message;
        }
    };
    let rest = events(&mut again, &missed, 2).await;
    assert_eq!(types(&[vec![message], rest].concat()), LIFE);
}

#[tokio::test]
async fn a_place_is_good_after_a_restart() {
    let site = Site::new();
    let mut observatory = site.start(&[]).await;
    let mut stream = Stream::open(observatory.read_model, "topics=job", None).await;
    let first = submit(&observatory).await;
    let heard = events(&mut stream, &first, 3).await;
    let second = submit(&observatory).await;
    observatory.wait_for_events(&second, &LIFE).await;
    observatory.process.kill();
    drop((stream, observatory));

    let observatory = site.start(&[]).await;
    let mut again = Stream::open(observatory.read_model, "topics=job", heard[2].id.as_deref()).await;
    assert_eq!(types(&events(&mut again, &second, 3).await), LIFE);
}

#[tokio::test]
async fn filters_leave_out_what_nobody_wants_to_hear() {
    let observatory = SHARED.get().await;
    let query = "topics=job&state=failed&type=no.such-type";
    let mut stream = Stream::open(observatory.read_model, query, None).await;
    let other = submit(&observatory).await;
    observatory.wait_for_end(&other).await;
    let id = observatory.submit(&json!({"type": "no.such-type"})).await;
    let message = stream.next().await;
    assert_eq!(
        (&message.data["payload"]["id"], &message.data["eventType"]),
        (&json!(id), &json!("job.failed"))
    );

    let wanted = uuid::Uuid::new_v4();
    let query = format!("topics=job&jobId={wanted}");
    let mut stream = Stream::open(observatory.read_model, &query, None).await;
    submit(&observatory).await;
    observatory.submit(&json!({"type": "echo", "id": wanted})).await;
    for _ in LIFE {
        assert_eq!(stream.next().await.data["payload"]["id"], json!(wanted));
    }
}

#[tokio::test]
async fn numbers_come_when_they_have_changed() {
    let observatory = SHARED.get().await;
    let mut stream = Stream::open(observatory.read_model, "topics=stats", None).await;
    let before = observatory.read_model.get("/stats").await.json();
    submit(&observatory).await;
    loop {
        let message = stream.next().await;
        assert_eq!(message.event, "stats");
        if message.data["completedJobs"].as_u64() > before["completedJobs"].as_u64() {
            return;
        }
    }
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let observatory = SHARED.get().await;
    for query in ["topics=nonsense", "state=gone", "jobId=7", "typo=1"] {
        let answer = observatory.read_model.get(&format!("/stream?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
    }
}
