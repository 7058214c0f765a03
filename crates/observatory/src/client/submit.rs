//! `observatory submit`: one job, or many.

mod batch;
mod split;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use domain::duration::Span;
use http::HeaderName;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::document::{JobDocument, JobOptions};
use super::out::Out;
use super::remote::{Answered, Ask};
use super::{Common, verdict};
use crate::output;

/// The header that makes a repeated submission the same one.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest time that the gateway waits for a job's end.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What it is for.
pub(super) const ABOUT: &str = "\
Submit a job, or many.

Once it is accepted, the job reaches exactly one terminal state. The answer is its identifier. Whoever is not sure that \
a submission arrived says it again with the same --id or --idempotency-key: it is the same job.

With --batch, jobs come from a file or stdin, one JSON object per line or one JSON array, and are sent in portions while \
they are read. Each job is accepted or rejected on its own.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory submit echo --payload '{\"hello\":\"world\"}'
  observatory submit email --payload @mail.json --priority high --unique-key invoice-7
  observatory submit report --delay 1h30m --max-attempts 3 --timeout 10m --tag nightly
  observatory submit echo --payload '{\"n\":1}' --wait 5s
  observatory submit --batch jobs.ndjson
  generate | observatory submit --batch -

Exit codes:
  0    accepted; with --wait: completed
  1    the unique key is taken, or some of the batch were rejected; with --wait: ended otherwise,
       or not ended in time
  2    it could not be done, or is no valid job
  130  interrupted";

/// The job.
#[derive(Args, Clone, Debug)]
pub(crate) struct SubmitArgs {
    /// The job type
    #[arg(
        value_name = "TYPE",
        required_unless_present = "batch",
        conflicts_with = "batch"
    )]
    job_type: Option<String>,

    #[command(flatten)]
    job: JobOptions,

    /// Not before this much time has passed, e.g. 2s or 1h30m
    #[arg(long, value_name = "SPAN", conflicts_with = "run_at")]
    delay: Option<Span>,

    /// Not before this moment, e.g. 2026-12-24T18:00:00Z
    #[arg(long, value_name = "TIME")]
    run_at: Option<Timestamp>,

    /// Your own identifier; submitting it again is the same job
    #[arg(long, value_name = "UUID")]
    id: Option<Uuid>,

    /// Makes the identifier from a key of yours; of a batch, those of all its jobs that have none
    #[arg(long, value_name = "KEY", conflicts_with = "id")]
    idempotency_key: Option<String>,

    /// Wait for the result, at most this long (up to 30s)
    #[arg(long, value_name = "SPAN", value_parser = wait)]
    wait: Option<Span>,

    /// Submit many: a file of JSON lines or of one JSON array, or - for stdin
    #[arg(
        long,
        value_name = "FILE|-",
        conflicts_with_all = ["payload", "priority", "unique_key", "tags", "max_attempts", "timeout", "delay", "run_at", "id", "wait"]
    )]
    batch: Option<String>,

    /// Show no progress of a batch
    #[arg(long, short)]
    quiet: bool,

    #[command(flatten)]
    common: Common,
}

/// The answer to a submission.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Accepted {
    job_id: Uuid,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    error: Option<String>,
}

fn wait(text: &str) -> Result<Span, String> {
    let span: Span = text.parse().map_err(|error| format!("{error}"))?;
    if span.get() > LONGEST_WAIT {
        return Err("at most 30s; `observatory watch --job ID` follows a job for longer".to_owned());
    }
    Ok(span)
}

/// Submits.
pub(super) async fn run(args: SubmitArgs) -> anyhow::Result<ExitCode> {
    if let Some(file) = &args.batch {
        let key = args.idempotency_key.as_deref();
        return batch::run(&args.common, file, key, args.quiet).await;
    }
    let job_type = args.job_type.as_deref().unwrap_or_default();
    let mut document = args.job.document(job_type).await?;
    document.id = args.id;
    document.delay = args.delay;
    document.run_at = args.run_at;
    let answer = args.common.gateway().send(args.ask(&document)?).await?;
    conclude(args.common.out(), &answer, args.wait)
}

impl SubmitArgs {
    fn ask(&self, document: &JobDocument) -> anyhow::Result<Ask> {
        let path = self
            .wait
            .map_or_else(|| "/jobs".to_owned(), |span| format!("/jobs?wait={span}"));
        let mut ask = Ask::post(path).json(document)?;
        if let Some(key) = &self.idempotency_key {
            ask = ask.header(IDEMPOTENCY_KEY, key);
        }
        Ok(ask.patient(self.wait.map(Span::get).unwrap_or_default()))
    }
}

fn conclude(out: Out, answer: &Answered, wait: Option<Span>) -> anyhow::Result<ExitCode> {
    if answer.status == 409 {
        let problem = answer.problem()?;
        match (&problem.unique_key, problem.job_id) {
            (Some(key), Some(holder)) => {
                output::note(&format_args!(
                    "not submitted: the unique key `{key}` is held by job {holder}"
                ));
            }
            _ => output::note(&format_args!("not submitted: {problem}")),
        }
        return Ok(verdict(false));
    }
    if !answer.is_good() {
        return Err(answer.refusal().into());
    }
    let accepted: Accepted = answer.json()?;
    if out.json {
        out.raw(&answer.body)?;
    } else {
        say(out, &accepted)?;
    }
    let completed = accepted.status.as_deref() == Some("COMPLETED");
    if wait.is_some() && answer.status == 202 {
        output::note(&format_args!(
            "it goes on; `observatory job {}` tells how",
            accepted.job_id
        ));
    }
    Ok(verdict(wait.is_none() || completed))
}

fn say(out: Out, accepted: &Accepted) -> anyhow::Result<()> {
    let Accepted { job_id, status, .. } = accepted;
    let Some(status) = status else {
        return Ok(out.line(job_id)?);
    };
    out.line(format_args!("{job_id}  {}", out.style.state(status)))?;
    if let Some(error) = &accepted.error {
        out.line(super::style::printable(error))?;
    }
    if !accepted.result.is_null() {
        let pretty = serde_json::to_string_pretty(&accepted.result)?;
        for line in pretty.lines() {
            out.line(super::style::printable(line))?;
        }
    }
    Ok(())
}
