//! `observatory dead-letters show`.

use std::process::ExitCode;

use domain::{Clock, SystemClock};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::client::out::Out;
use crate::client::remote::Ask;
use crate::client::style::{Paint, printable};
use crate::client::times::{distance, moment};
use crate::client::{Common, verdict};
use crate::output;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Letter {
    id: Uuid,
    original_event: Value,
    validation_error: String,
    rejected_at: Timestamp,
    service: String,
    #[serde(default)]
    service_version: Option<String>,
    #[serde(default)]
    correlation_id: Option<String>,
    #[serde(default)]
    state: String,
}

/// Shows.
pub(super) async fn run(common: &Common, id: Uuid) -> anyhow::Result<ExitCode> {
    let out = common.out();
    let answer = common
        .read_model()
        .send(Ask::get(format!("/dead-letters/{id}")))
        .await?;
    match answer.status {
        200 if out.json => out.raw(&answer.body)?,
        200 => show(out, &answer.json()?)?,
        404 => {
            output::note(&format_args!("there is no dead letter {id}"));
            return Ok(verdict(false));
        }
        _ => return Err(answer.refusal().into()),
    }
    Ok(verdict(true))
}

fn show(out: Out, letter: &Letter) -> std::io::Result<()> {
    let now = SystemClock.now();
    let version = letter.service_version.as_deref().unwrap_or_default();
    let at = letter.rejected_at;
    for (name, value) in [
        ("letter", letter.id.to_string()),
        ("state", out.style.state(&printable(&letter.state))),
        ("reason", printable(&letter.validation_error)),
        ("rejected", format!("{} ({})", moment(at), distance(at, now))),
        ("by", printable(format!("{} {version}", letter.service).trim())),
        (
            "correlation",
            printable(letter.correlation_id.as_deref().unwrap_or_default()),
        ),
    ] {
        if !value.is_empty() {
            out.line(format_args!(
                "{}{value}",
                out.style.paint(&format!("{name:<12}"), Paint::Dim)
            ))?;
        }
    }
    out.heading("Original")?;
    let pretty = match &letter.original_event {
        Value::String(text) => text.clone(),
        json => serde_json::to_string_pretty(json)?,
    };
    for line in pretty.lines() {
        out.line(format_args!("  {}", printable(line)))?;
    }
    Ok(())
}
