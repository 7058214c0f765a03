//! `observatory schedules preview`.

use std::process::ExitCode;

use clap::Args;
use domain::schedule::Cron;
use domain::{Clock, SystemClock};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use crate::client::remote::Ask;
use crate::client::times::{distance, moment};
use crate::client::{Common, verdict};

/// The rule to try.
#[derive(Args, Clone, Debug)]
pub(super) struct PreviewArgs {
    /// When it would fire: five fields, or six with the second first, or @hourly, @daily, @weekly, @monthly
    #[arg(long, value_name = "CRON")]
    cron: String,

    /// The time zone that it is read in, e.g. Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    timezone: String,

    /// How many firings
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    count: u32,
}

#[derive(Deserialize)]
struct Preview {
    next: Vec<Timestamp>,
}

/// Says when it fires.
pub(super) async fn run(common: &Common, args: &PreviewArgs) -> anyhow::Result<ExitCode> {
    Cron::new(&args.cron, &args.timezone)?;
    let body = json!({"cron": args.cron, "timezone": args.timezone, "count": args.count});
    let answer = common
        .gateway()
        .must(Ask::post("/schedules:preview").json(&body)?)
        .await?;
    let out = common.out();
    if out.json {
        out.raw(&answer.body)?;
        return Ok(verdict(true));
    }
    let now = SystemClock.now();
    for at in answer.json::<Preview>()?.next {
        out.line(format_args!("{}  {}", moment(at), distance(at, now)))?;
    }
    Ok(verdict(true))
}
