//! `observatory job`: everything about one job.

mod view;

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Args;
use domain::{Clock, SystemClock};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::remote::Ask;
use super::{Common, verdict};
use crate::output;
use view::{Job, Timeline};

/// What it is for.
pub(super) const ABOUT: &str = "\
Show one job: its state and what it waits for, every attempt with what its handler wrote down, the timeline, the result \
and the payload.

With --json it is the object of GET /jobs/ID, with the items of GET /jobs/ID/timeline as `timeline`.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory job 0199a3f2-7c1e-7000-8000-0123456789ab
  observatory job 0199a3f2-7c1e-7000-8000-0123456789ab --json | jq .result

Exit codes:
  0    shown
  1    there is no such job
  2    it could not be done
  130  interrupted";

/// Which job.
#[derive(Args, Clone, Debug)]
pub(crate) struct JobArgs {
    /// The job
    #[arg(value_name = "ID")]
    id: Uuid,

    #[command(flatten)]
    common: Common,
}

/// Shows it.
pub(super) async fn run(args: JobArgs) -> anyhow::Result<ExitCode> {
    let (read_model, out) = (args.common.read_model(), args.common.out());
    let job = read_model.send(Ask::get(format!("/jobs/{}", args.id))).await?;
    if job.status == 404 {
        output::note(&format_args!("there is no job {}", args.id));
        return Ok(verdict(false));
    }
    if !job.is_good() {
        return Err(job.refusal().into());
    }
    let timeline = read_model
        .must(Ask::get(format!("/jobs/{}/timeline", args.id)))
        .await?;
    if out.json {
        let mut members: BTreeMap<String, Box<RawValue>> = job.json()?;
        let mut items: BTreeMap<String, Box<RawValue>> = timeline.json()?;
        members.extend(items.remove("items").map(|items| ("timeline".to_owned(), items)));
        out.document(&members)?;
    } else {
        let (job, timeline): (Job, Timeline) = (job.json()?, timeline.json()?);
        view::show(out, &job, &timeline, SystemClock.now())?;
    }
    Ok(verdict(true))
}
