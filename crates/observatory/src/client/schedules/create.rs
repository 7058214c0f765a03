//! `observatory schedules create`.

use std::process::ExitCode;

use clap::Args;
use domain::schedule::{CatchUp, Cron, ScheduleName};
use serde::Serialize;

use super::show;
use crate::client::document::{JobDocument, JobOptions};
use crate::client::remote::Ask;
use crate::client::{Common, verdict};
use crate::output;

/// The schedule to make.
#[derive(Args, Clone, Debug)]
pub(super) struct CreateArgs {
    /// What to call it: letters, digits, `.`, `_` and `-`
    #[arg(value_name = "NAME")]
    name: ScheduleName,

    /// When it fires: five fields, or six with the second first, or @hourly, @daily, @weekly, @monthly
    #[arg(long, value_name = "CRON")]
    cron: String,

    /// The time zone that it is read in, e.g. Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,

    /// What happens to firings that come due while nothing runs: skip, one (for all) or all
    #[arg(long, value_name = "HOW", default_value = "one", value_parser = catch_up)]
    catch_up: CatchUp,

    /// Fire nothing until it is resumed
    #[arg(long)]
    paused: bool,

    /// Replace the schedule of that name, if there is one
    #[arg(long)]
    replace: bool,

    /// The type of its jobs
    #[arg(long = "type", value_name = "TYPE", help_heading = "Its jobs")]
    job_type: String,

    #[command(flatten, next_help_heading = "Its jobs")]
    job: JobOptions,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    name: &'a ScheduleName,
    cron: &'a str,
    timezone: &'a str,
    catch_up: CatchUp,
    paused: bool,
    job: JobDocument,
}

/// Makes it.
pub(super) async fn run(common: &Common, args: &CreateArgs) -> anyhow::Result<ExitCode> {
    // What is wrong with the rule is told before anything is asked.
    Cron::new(&args.cron, &args.timezone)?;
    let document = Document {
        name: &args.name,
        cron: &args.cron,
        timezone: &args.timezone,
        catch_up: args.catch_up,
        paused: args.paused,
        job: args.job.document(&args.job_type).await?,
    };
    let ask = if args.replace {
        Ask::put(format!("/schedules/{}", args.name))
    } else {
        Ask::post("/schedules")
    };
    let answer = common.gateway().send(ask.json(&document)?).await?;
    if answer.status == 409 {
        output::note(&format_args!(
            "there is a schedule {} already; --replace replaces it",
            args.name
        ));
        return Ok(verdict(false));
    }
    show::print(common, &args.name, &answer)
}

fn catch_up(text: &str) -> Result<CatchUp, String> {
    match text {
        "skip" => Ok(CatchUp::Skip),
        "one" => Ok(CatchUp::One),
        "all" => Ok(CatchUp::All),
        _ => Err("expected skip, one or all".to_owned()),
    }
}
