//! A job as a client submits it, made from the options of a command line.

use clap::Args;
use contracts::Priority;
use domain::duration::Span;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::input::Source;

/// The options that every job has, submitted now or made by a schedule.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct JobOptions {
    /// What the handler gets: a JSON object, @FILE, or - for stdin
    #[arg(long, value_name = "JSON|@FILE|-")]
    payload: Option<Source>,

    /// Which of the waiting jobs go first: high, normal or low
    #[arg(long, value_name = "PRIORITY")]
    priority: Option<Priority>,

    /// No other job under this key is accepted until this one has ended
    #[arg(long, value_name = "KEY")]
    unique_key: Option<String>,

    /// A label to find it by (repeatable)
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,

    /// How many attempts may fail before the job does, the first one counted
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    max_attempts: Option<u32>,

    /// The longest time that one attempt may take, e.g. 30s
    #[arg(long, value_name = "SPAN")]
    timeout: Option<Span>,
}

/// A job before its acceptance.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobDocument {
    /// The client's own identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<Uuid>,
    #[serde(rename = "type")]
    job_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<Box<RawValue>>,
    /// Not before this much time has passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delay: Option<Span>,
    /// Not before this moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) run_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<Priority>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unique_key: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<Retry>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Retry {
    max_attempts: u32,
}

impl JobOptions {
    /// The job of a type that these options describe.
    ///
    /// # Errors
    /// When the payload cannot be read.
    pub(super) async fn document(&self, job_type: &str) -> anyhow::Result<JobDocument> {
        let payload = match &self.payload {
            Some(source) => Some(
                source
                    .read_object()
                    .await
                    .map_err(|error| error.context("--payload"))?,
            ),
            None => None,
        };
        Ok(JobDocument {
            job_type: job_type.to_owned(),
            payload,
            priority: self.priority,
            unique_key: self.unique_key.clone(),
            tags: self.tags.clone(),
            timeout_seconds: self.timeout.map(|span| span.get().as_secs_f64()),
            retry: self.max_attempts.map(|max_attempts| Retry { max_attempts }),
            ..JobDocument::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_type_is_enough() {
        let document = JobOptions::default().document("echo").await.unwrap();
        assert_eq!(serde_json::to_string(&document).unwrap(), r#"{"type":"echo"}"#);
    }

    #[tokio::test]
    async fn options_become_members_and_a_payload_stays_as_it_was_written() {
        let options = JobOptions {
            payload: Some(Source::Here(r#"{"n": 1.50}"#.into())),
            priority: Some(Priority::High),
            unique_key: Some("k".into()),
            tags: vec!["a".into(), "b".into()],
            max_attempts: Some(2),
            timeout: Some(Span::from_millis(1_500)),
        };
        let mut document = options.document("email").await.unwrap();
        document.delay = Some(Span::from_secs(2));
        let expected = concat!(
            r#"{"type":"email","payload":{"n": 1.50},"delay":"2s","priority":"high","uniqueKey":"k","#,
            r#""tags":["a","b"],"timeoutSeconds":1.5,"retry":{"maxAttempts":2}}"#
        );
        assert_eq!(serde_json::to_string(&document).unwrap(), expected);
    }
}
