//! `observatory dead-letters replay`.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::select::Selection;
use crate::client::bulk::Verb;
use crate::client::input::Source;
use crate::client::remote::Ask;
use crate::client::{Common, verdict};
use crate::output;

const VERB: Verb = Verb {
    name: "replay",
    past: "replayed",
    doing: "replaying",
    what: "dead letter",
};

/// Which letters to replay.
#[derive(Args, Clone, Debug)]
pub(super) struct ReplayArgs {
    #[command(flatten)]
    selection: Selection,

    /// The corrected event, a JSON file or - for stdin, instead of the original; for one letter
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all", "dry_run"])]
    edit: Option<String>,
}

#[derive(Serialize)]
struct Edited {
    event: Box<RawValue>,
}

/// Replays.
pub(super) async fn run(common: &Common, args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    match (args.selection.ids.as_slice(), &args.edit) {
        ([id], edit) if !args.selection.options.dry_run => one(common, *id, edit.as_deref()).await,
        (_, Some(_)) => anyhow::bail!("--edit corrects one letter: name one"),
        (_, None) => args.selection.carry_out(common, &VERB).await,
    }
}

async fn one(common: &Common, id: Uuid, edit: Option<&str>) -> anyhow::Result<ExitCode> {
    let out = common.out();
    let mut ask = Ask::post(format!("/dead-letters/{id}/replay"));
    if let Some(file) = edit {
        let event = Source::of_file(file).read_object().await?;
        ask = ask.json(&Edited { event })?;
    }
    let answer = common.gateway().send(ask).await?;
    match answer.status {
        202 if out.json => out.raw(&answer.body)?,
        202 => {
            let accepted: Value = answer.json()?;
            let job = accepted["jobId"].as_str().unwrap_or_default();
            out.line(format_args!("{id}  replayed: job {job}"))?;
        }
        400 | 404 | 409 => {
            output::note(&format_args!("not replayed: {}", answer.refusal()));
            return Ok(verdict(false));
        }
        _ => return Err(answer.refusal().into()),
    }
    Ok(verdict(true))
}
