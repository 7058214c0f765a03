//! `observatory schedules run`.

use std::process::ExitCode;

use domain::schedule::ScheduleName;
use serde_json::Value;

use crate::client::remote::Ask;
use crate::client::{Common, verdict};
use crate::output;

/// Makes its job now.
pub(super) async fn run(common: &Common, name: &ScheduleName) -> anyhow::Result<ExitCode> {
    let out = common.out();
    let answer = common
        .gateway()
        .send(Ask::post(format!("/schedules/{name}/run")))
        .await?;
    match answer.status {
        404 => {
            output::note(&format_args!("there is no schedule {name}"));
            return Ok(verdict(false));
        }
        202 if out.json => out.raw(&answer.body)?,
        202 => {
            let accepted: Value = answer.json()?;
            out.line(accepted["jobId"].as_str().unwrap_or_default())?;
        }
        _ => return Err(answer.refusal().into()),
    }
    Ok(verdict(true))
}
