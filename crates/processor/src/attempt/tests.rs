use std::sync::Arc;
use std::time::Duration;

use contracts::EventType;
use domain::{JobEvent, ManualClock};
use jiff::Timestamp;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::*;
use crate::handlers::{Echo, Sleep};
use crate::{Handler, HandlerError};

/// Does what its payload says.
struct Moody;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Mood {
    Panic,
    Retry(String),
    Fatal(String),
    Return(usize),
    Note(String),
    Hang,
}

impl Handler for Moody {
    type Input = Mood;
    type Output = String;

    async fn run(&self, mood: Mood, context: Context) -> Result<String, HandlerError> {
        match mood {
            Mood::Panic => panic!("out of cheese"),
            Mood::Retry(reason) => Err(HandlerError::retry(reason)),
            Mood::Fatal(reason) => Err(HandlerError::fatal(reason)),
            Mood::Return(length) => Ok("x".repeat(length)),
            Mood::Note(text) => {
                context.log.write(&text);
                Ok(text)
            }
            Mood::Hang => std::future::pending().await,
        }
    }
}

fn runner() -> Runner {
    Runner {
        handlers: HandlerRegistry::new()
            .with("echo", Echo)
            .with("sleep", Sleep)
            .with("moody", Moody),
        default_timeout: Duration::from_mins(1),
        clock: Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH)),
        worker: "w".into(),
        cancel_grace: Duration::from_secs(5),
    }
}

fn job(text: &str) -> Job {
    serde_json::from_str(text).unwrap()
}

fn moody(payload: &str) -> Job {
    plain("moody", &format!(r#","payload":{payload}"#))
}

fn started(job: &Job, failures: u32) -> Started {
    let event = JobEvent {
        job_id: job.id,
        job_type: job.job_type.clone(),
        created_at: job.created_at,
        correlation_id: Uuid::nil(),
        event_type: EventType::Executed,
        attempt: 1,
        at: job.created_at,
        worker: None,
        error: None,
        run_micros: None,
        run_at: None,
        round: 0,
    };
    Started {
        attempt: 1,
        failures,
        event,
    }
}

async fn outcome_with(job: &Job, failures: u32, stopping: CancellationToken) -> Outcome {
    let context = Context {
        stopping,
        ..Context::detached(job.id)
    };
    runner().run(job, &started(job, failures), context).await.outcome
}

async fn outcome(job: &Job) -> Outcome {
    outcome_with(job, 0, CancellationToken::new()).await
}

fn plain(job_type: &str, rest: &str) -> Job {
    job(&format!(
        r#"{{"id":"{}","type":"{job_type}","status":"PENDING","createdAt":"1970-01-01T00:00:00Z"{rest}}}"#,
        Uuid::nil()
    ))
}

#[tokio::test]
async fn echo_returns_its_payload_and_an_absent_one_reads_as_an_empty_object() {
    let result = |text: &str| Outcome::Completed {
        result: Some(text.into()),
    };
    assert_eq!(
        outcome(&plain("echo", r#","payload":{"a":[1,"\u00e9"]}"#)).await,
        result(r#"{"a":[1,"\u00e9"]}"#)
    );
    assert_eq!(outcome(&plain("echo", "")).await, result("{}"));
}

#[tokio::test]
async fn a_type_without_a_handler_fails_at_once_and_names_the_known_ones() {
    let Outcome::Failed { error } = outcome(&plain("email", "")).await else {
        panic!("did not fail")
    };
    assert_eq!(
        error,
        "no handler for job type `email` (known: echo, moody, sleep)"
    );
}

#[tokio::test]
async fn a_payload_that_does_not_fit_fails_at_once() {
    let Outcome::Failed { error } = outcome(&plain("sleep", r#","payload":{"ms":"long"}"#)).await else {
        panic!("did not fail")
    };
    assert!(
        error.starts_with("payload does not fit the handler: invalid type"),
        "{error}"
    );
}

#[tokio::test]
async fn a_panic_is_an_error_of_the_attempt() {
    let Outcome::Retry { error, run_at } = outcome(&moody(r#""panic""#)).await else {
        panic!("no retry")
    };
    assert_eq!(error, "handler panicked: out of cheese");
    assert!(run_at > Timestamp::UNIX_EPOCH);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_at_its_jobs_time_out() {
    let slow = plain("sleep", r#","payload":{"ms":60000},"timeoutSeconds":0.25"#);
    let Outcome::Retry { error, .. } = outcome(&slow).await else {
        panic!("no retry")
    };
    assert_eq!(error, "timed out after 0.25 s");
}

#[tokio::test]
async fn the_last_failure_fails_the_job() {
    let nap = moody(r#"{"retry":"later"}"#);
    assert!(matches!(outcome(&nap).await, Outcome::Retry { error, .. } if error == "later"));
    let last = outcome_with(&nap, 2, CancellationToken::new()).await;
    assert_eq!(
        last,
        Outcome::Failed {
            error: "later".into()
        }
    );
}

#[tokio::test]
async fn a_fatal_error_is_not_retried() {
    assert_eq!(
        outcome(&moody(r#"{"fatal":"never"}"#)).await,
        Outcome::Failed {
            error: "never".into()
        }
    );
}

#[tokio::test]
async fn errors_are_kept_without_nul_and_bounded() {
    let Outcome::Failed { error } = outcome(&moody(r#"{"fatal":"a\u0000b"}"#)).await else {
        panic!()
    };
    assert_eq!(error, "ab");
    let long = moody(&format!(r#"{{"fatal":"{}"}}"#, "é".repeat(5_000)));
    let Outcome::Failed { error } = outcome(&long).await else {
        panic!()
    };
    assert_eq!(error.chars().count(), ERROR_LIMIT);
}

#[tokio::test]
async fn a_result_beyond_the_limit_fails_the_job() {
    assert!(matches!(
        outcome(&moody(r#"{"return":100}"#)).await,
        Outcome::Completed { .. }
    ));
    let Outcome::Failed { error } = outcome(&moody(r#"{"return":70000}"#)).await else {
        panic!("kept")
    };
    assert_eq!(error, "result of 70002 bytes exceeds the limit of 65536");
}

#[tokio::test]
async fn a_stopping_processor_hands_the_attempt_back() {
    let stopping = CancellationToken::new();
    stopping.cancel();
    let slow = plain("sleep", r#","payload":{"ms":60000}"#);
    assert!(matches!(
        outcome_with(&slow, 0, stopping).await,
        Outcome::HandedBack { .. }
    ));
}

async fn outcome_of_withdrawn(job: &Job) -> Outcome {
    let context = Context::detached(job.id);
    context.cancelled.cancel();
    runner().run(job, &started(job, 0), context).await.outcome
}

#[tokio::test]
async fn a_handler_that_heeds_the_withdrawal_ends_the_job_at_once() {
    let slow = plain("sleep", r#","payload":{"ms":60000}"#);
    let Outcome::Cancelled { reason } = outcome_of_withdrawn(&slow).await else {
        panic!("not cancelled")
    };
    assert_eq!(reason, "cancelled: woken");
}

#[tokio::test(start_paused = true)]
async fn one_that_does_not_is_ended_by_force() {
    let Outcome::Cancelled { reason } = outcome_of_withdrawn(&moody(r#""hang""#)).await else {
        panic!("not cancelled")
    };
    assert_eq!(reason, "cancelled; ended by force after 5 s");
}

#[tokio::test]
async fn a_result_that_is_there_counts_all_the_same() {
    assert!(matches!(
        outcome_of_withdrawn(&moody(r#"{"return":1}"#)).await,
        Outcome::Completed { .. }
    ));
}

#[tokio::test]
async fn what_the_handler_writes_down_comes_with_the_result() {
    let job = moody(r#"{"note":"hello"}"#);
    let result = runner()
        .run(&job, &started(&job, 0), Context::detached(job.id))
        .await;
    assert_eq!(result.log[0].text, "hello");
}
