//! `observatory schedules delete`, `pause` and `resume`.

use std::process::ExitCode;

use domain::schedule::ScheduleName;

use crate::client::remote::Ask;
use crate::client::{Common, verdict};
use crate::output;

/// Forgets it.
pub(super) async fn delete(common: &Common, name: &ScheduleName) -> anyhow::Result<ExitCode> {
    change(common, name, Ask::delete(format!("/schedules/{name}")), "deleted").await
}

/// Lets it fire nothing for now.
pub(super) async fn pause(common: &Common, name: &ScheduleName) -> anyhow::Result<ExitCode> {
    change(
        common,
        name,
        Ask::post(format!("/schedules/{name}/pause")),
        "paused",
    )
    .await
}

/// Lets it fire again.
pub(super) async fn resume(common: &Common, name: &ScheduleName) -> anyhow::Result<ExitCode> {
    change(
        common,
        name,
        Ask::post(format!("/schedules/{name}/resume")),
        "resumed",
    )
    .await
}

async fn change(common: &Common, name: &ScheduleName, ask: Ask, past: &str) -> anyhow::Result<ExitCode> {
    let out = common.out();
    let answer = common.gateway().send(ask).await?;
    if answer.status == 404 {
        output::note(&format_args!("there is no schedule {name}"));
        return Ok(verdict(false));
    }
    if !answer.is_good() {
        return Err(answer.refusal().into());
    }
    match (out.json, answer.body.is_empty()) {
        (true, true) => out.document(&serde_json::json!({"name": name}))?,
        (true, false) => out.raw(&answer.body)?,
        (false, _) => out.line(format_args!("{name} is {past}"))?,
    }
    Ok(verdict(true))
}
