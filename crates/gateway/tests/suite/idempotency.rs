//! The same job, sent twice.

use serde_json::json;

use super::support::App;

const JOB: &str = r#"{"type":"echo"}"#;

#[tokio::test]
async fn a_key_gives_the_same_job_and_event_however_often() {
    let app = App::new();
    let key = [("idempotency-key", "order-4711")];
    let first = app.post_with(&key, JOB).await.json();
    assert_eq!(app.post_with(&key, JOB).await.json(), first);
    let other = app
        .post_with(&[("idempotency-key", "order-4712")], JOB)
        .await
        .json();
    assert_ne!(other["jobId"], first["jobId"]);
    assert_ne!(other["eventId"], first["eventId"]);
    assert_ne!(app.post(JOB).await.json(), app.post(JOB).await.json());
}

#[tokio::test]
async fn an_id_in_the_body_comes_before_the_key() {
    let app = App::new();
    let id = "0191d2a0-7c1e-7000-8000-00000000000a";
    let job = json!({"id": id, "type": "echo"}).to_string();
    assert_eq!(
        app.post_with(&[("idempotency-key", "k")], job).await.json()["jobId"],
        id
    );
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let app = App::new();
    for key in ["", "two words", &"k".repeat(256)] {
        let problem = app.post_with(&[("idempotency-key", key)], JOB).await.problem(400);
        assert_eq!(problem["error"], "Invalid idempotency key");
    }
    assert_eq!(app.bus.publications(), 0);
}
