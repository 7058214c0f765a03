//! A job as people read it.

use std::io;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::client::out::Out;
use crate::client::style::{Paint, printable};
use crate::client::table::{Cell, Table};
use crate::client::times::{distance, millis, moment, time_of_day};

/// What is shown of a job.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "what the read model calls it")]
pub(super) struct Job {
    id: Uuid,
    #[serde(rename = "type")]
    job_type: String,
    status: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    attempt: u32,
    #[serde(default)]
    failures: u32,
    #[serde(default)]
    crashes: u32,
    #[serde(default)]
    round: u32,
    #[serde(default)]
    priority: Option<String>,
    #[serde(default)]
    held: Option<String>,
    #[serde(default)]
    cancelling: bool,
    #[serde(default)]
    unique_key: Option<String>,
    #[serde(default)]
    schedule: Option<String>,
    #[serde(default)]
    run_at: Option<Timestamp>,
    #[serde(default)]
    next_run_at: Option<Timestamp>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    error: Option<String>,
    correlation_id: Uuid,
    #[serde(default)]
    attempts: Vec<Attempt>,
    #[serde(default)]
    result: Value,
    #[serde(default)]
    payload: Value,
    #[serde(default)]
    metadata: Value,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "what the read model calls it")]
struct Attempt {
    attempt: u32,
    #[serde(default)]
    worker: Option<String>,
    started_at: Timestamp,
    outcome: String,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    duration_ms: Option<f64>,
    #[serde(default)]
    log: Vec<LogLine>,
}

#[derive(Clone, Debug, Deserialize)]
struct LogLine {
    at: Timestamp,
    text: String,
}

/// `GET /jobs/{id}/timeline`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Timeline {
    items: Vec<Moment>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Moment {
    at: Timestamp,
    kind: String,
    #[serde(default)]
    attempt: Option<u32>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    duration_ms: Option<f64>,
}

/// Prints a job.
///
/// # Errors
/// When stdout is closed.
pub(super) fn show(out: Out, job: &Job, timeline: &Timeline, now: Timestamp) -> io::Result<()> {
    for (name, value) in facts(out, job, now) {
        out.line(format_args!(
            "{}{value}",
            out.style.paint(&format!("{name:<12}"), Paint::Dim)
        ))?;
    }
    for attempt in &job.attempts {
        show_attempt(out, attempt)?;
    }
    show_timeline(out, timeline)?;
    for (name, value) in [
        ("Payload", &job.payload),
        ("Metadata", &job.metadata),
        ("Result", &job.result),
    ] {
        show_value(out, name, value)?;
    }
    Ok(())
}

fn facts(out: Out, job: &Job, now: Timestamp) -> Vec<(&'static str, String)> {
    let at = |moment_of: Timestamp| format!("{} ({})", moment(moment_of), distance(moment_of, now));
    let text = |value: &Option<String>| value.as_deref().map(printable);
    let all = [
        ("job", Some(job.id.to_string())),
        ("type", Some(printable(&job.job_type))),
        ("state", Some(state(out, job))),
        ("priority", text(&job.priority)),
        ("unique key", text(&job.unique_key)),
        ("schedule", text(&job.schedule)),
        ("tags", Some(printable(&job.tags.join(", ")))),
        ("created", Some(at(job.created_at))),
        ("changed", Some(at(job.updated_at))),
        ("run at", job.run_at.map(at)),
        ("next run", job.next_run_at.map(at)),
        ("error", text(&job.error)),
        ("correlation", Some(job.correlation_id.to_string())),
    ];
    all.into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
        .collect()
}

fn state(out: Out, job: &Job) -> String {
    let mut words = vec![out.style.state(&job.status)];
    if let Some(held) = &job.held {
        words.push(format!("held back ({})", printable(held)));
    }
    if job.cancelling {
        words.push("being cancelled".to_owned());
    }
    for (count, name) in [
        (job.attempt, "attempt"),
        (job.failures, "failure"),
        (job.crashes, "crash"),
        (job.round, "revival"),
    ] {
        if count > 0 {
            words.push(many(count, name));
        }
    }
    words.join(", ")
}

fn many(count: u32, name: &str) -> String {
    match (count, name) {
        (1, _) => format!("1 {name}"),
        (_, "crash") => format!("{count} crashes"),
        _ => format!("{count} {name}s"),
    }
}

fn show_attempt(out: Out, attempt: &Attempt) -> io::Result<()> {
    let took = attempt.duration_ms.map(millis).unwrap_or_default();
    out.heading(&format!("Attempt {}", attempt.attempt))?;
    let state = out.style.state(&attempt.outcome);
    let worker = attempt.worker.as_deref().map(printable).unwrap_or_default();
    out.line(format_args!(
        "  {state}  {took}  started {}  {worker}",
        moment(attempt.started_at)
    ))?;
    if let Some(error) = &attempt.error {
        out.line(format_args!(
            "  {}",
            out.style.paint(&printable(error), Paint::Bad)
        ))?;
    }
    for line in &attempt.log {
        out.line(format_args!(
            "  {}  {}",
            time_of_day(line.at),
            printable(&line.text)
        ))?;
    }
    Ok(())
}

fn show_timeline(out: Out, timeline: &Timeline) -> io::Result<()> {
    if timeline.items.is_empty() {
        return Ok(());
    }
    out.heading("Timeline")?;
    let mut table = Table::new(["  AT", "WHAT", "ATTEMPT", "TOOK", "TEXT"]);
    for item in &timeline.items {
        let kind = item.kind.strip_prefix("job.").unwrap_or(&item.kind);
        table.row([
            format!("  {}", moment(item.at)).into(),
            Cell::state(&printable(kind)),
            item.attempt
                .filter(|number| *number > 0)
                .map(|n| n.to_string())
                .unwrap_or_default()
                .into(),
            item.duration_ms.map(millis).unwrap_or_default().into(),
            item.text.as_deref().map(printable).unwrap_or_default().into(),
        ]);
    }
    out.table(&mut table)
}

fn show_value(out: Out, name: &str, value: &Value) -> io::Result<()> {
    if value.is_null() {
        return Ok(());
    }
    out.heading(name)?;
    // JSON escapes what a terminal would obey, but for what turns text around.
    let pretty = serde_json::to_string_pretty(value)?;
    for line in pretty.lines() {
        out.line(format_args!("  {}", printable(line)))?;
    }
    Ok(())
}
