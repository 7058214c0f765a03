//! `observatory pause`: starts no more jobs of a type, or none at all.

use std::process::ExitCode;

use clap::Args;

use super::remote::Ask;
use super::style::printable;
use super::{Common, verdict};
use crate::http_client::encoded;

/// What it is for.
pub(super) const ABOUT: &str = "\
Start no more jobs of a type, or none at all.

Jobs are still accepted and wait; those that run go on. The pause outlasts restarts.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory pause email
  observatory pause                      everything
  observatory jobs held:paused           what waits because of it
  observatory resume email

Exit codes:
  0    paused
  2    it could not be done
  130  interrupted";

/// What to pause or resume.
#[derive(Args, Clone, Debug)]
pub(crate) struct PauseArgs {
    /// The job type [default: everything]
    #[arg(value_name = "TYPE")]
    job_type: Option<String>,

    #[command(flatten)]
    common: Common,
}

/// Pauses or resumes.
pub(super) async fn run(args: PauseArgs, pause: bool) -> anyhow::Result<ExitCode> {
    let out = args.common.out();
    let verb = if pause { "pause" } else { "resume" };
    let path = match &args.job_type {
        Some(job_type) => format!("/limits/{}/{verb}", encoded(job_type)),
        None => format!("/{verb}"),
    };
    let answer = args.common.gateway().must(Ask::post(path)).await?;
    if out.json {
        out.raw(&answer.body)?;
    } else {
        let what = args
            .job_type
            .as_deref()
            .map_or_else(|| "everything".to_owned(), printable);
        out.line(format_args!("{what} is {verb}d"))?;
    }
    Ok(verdict(true))
}
